from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScenarioConfig(AppConfig):
    name = "scenario"
    verbose_name = _("Demonstration scenario")
    default_auto_field = "django.db.models.BigAutoField"
