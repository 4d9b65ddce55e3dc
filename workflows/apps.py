from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    """The engine. Once all models are there, it gathers every app's rights, verbs, jobs, flows, case tabs and columns."""

    name = "workflows"
    verbose_name = _("Case engine")

    def ready(self) -> None:
        from accounts.notices import tell_through
        from workflows.notices import leave

        tell_through(leave)
        autodiscover_modules("rules", "actions", "jobs", "flows", "tabs", "columns")
