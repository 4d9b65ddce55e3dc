"""Which packages' static files we serve: those that our pages use."""

from typing import Any

from django.contrib.staticfiles.finders import AppDirectoriesFinder


class PagesFinder(AppDirectoriesFinder):
    """Finds the apps' files but viewflow's: 49 MB of an interface that we do not mount."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(app_names, *args, **kwargs)
        self.apps = [name for name in self.apps if not name.startswith("viewflow")]
        self.storages = {name: self.storages[name] for name in self.apps}
