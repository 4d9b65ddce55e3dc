from django.apps import AppConfig
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _

#: Prepared statements that one connection keeps: a dossier's life has about 300 different ones, the driver's own bound is 100.
PLANS = 500


def _keep_plans(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    connection.connection.prepared_max = PLANS


class HouseConfig(AppConfig):
    name = "config"
    verbose_name = _("Operation")

    def ready(self) -> None:
        """Register the checks of a deployment, and let each connection keep the plans of all that it asks often."""
        from config import checks  # noqa: F401

        connection_created.connect(_keep_plans)
