from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HouseConfig(AppConfig):
    name = "config"
    verbose_name = _("Operation")

    def ready(self) -> None:
        """Register the checks of a deployment."""
        from config import checks  # noqa: F401
