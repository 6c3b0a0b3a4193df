"""A portal that is built once, and serves one test after another."""

from collections.abc import Mapping

import config
from s2group import create_app, extensions
from s2group.core import logs


class SharedApp:
    """The app of tests that leave the settings as they are: a new one would compile every URL rule and query anew."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.settings = _settings(environ)
        self.app = create_app(environ)
        self.loaded = config.load(environ)
        self.config = dict(self.app.config)
        self.loader = self.app.jinja_env.loader
        found = [each for each in vars(extensions).values() if hasattr(each, "init_app") and not isinstance(each, type)]
        self.extensions = [(each, dict(vars(each))) for each in found]

    def suits(self, environ: Mapping[str, str]) -> bool:
        """Whether these settings differ in nothing but the data folder."""
        return _settings(environ) == self.settings

    def restore(self, environ: Mapping[str, str]) -> None:
        """Undo what a test changed, or another app that was built meanwhile, and take the data folder of `environ`."""
        folders = {name: value for name, value in config.load(environ).items() if value != self.loaded[name]}
        self.app.config.clear()
        self.app.config.update(self.config | folders)
        self.app.jinja_env.loader = self.loader
        for extension, state in self.extensions:
            vars(extension).clear()
            vars(extension).update(state)
        logs.write_to_stderr(self.app.config["LOG_FORMAT"])


def _settings(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name != "S2_DATA_DIR"}
