"""A migrated database for each test, copied from one that was migrated once."""

import itertools
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import flask_migrate
from sqlalchemy import NullPool, create_engine, text

from s2group import create_app
from s2group.extensions import db
from tests.support import postgres

TEMPLATE = "template_portal"
MAIN = "portal"
numbers = itertools.count()


def settings(data_dir: Path, database_url: str = "") -> dict[str, str]:
    """The environment of a portal under test."""
    return {
        "S2_ENV": "test",
        "S2_DATA_DIR": str(data_dir),
        "S2_DATABASE_URL": database_url,
        "S2_RATE_LIMITS": "off",
        "S2_SECRET_KEY": "a-key-for-tests-only-0123456789-abcdef",
        "S2_CONTENT_DIR": str(Path(__file__).parent.parent / "content"),
        "MAIL_DEFAULT_SENDER": "portal@example.org",
    }


# What a portal in production needs besides.
PRODUCTION = {
    "S2_ENV": "production",
    "S2_PUBLIC_URL": "https://lab.example.edu",
    "MAIL_SERVER": "smtp.lab.test",
    "MAIL_DEFAULT_SENDER": "portal@lab.test",
}


def migrate(data_dir: Path, database_url: str = "") -> None:
    """Bring an empty database up to date."""
    app = create_app(settings(data_dir, database_url))
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()


class SqliteDatabases:
    """Databases as files copied from one template."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.template = folder / "portal.sqlite3"
        self.main = folder / "main" / "portal.sqlite3"
        self.main.parent.mkdir()
        migrate(folder)

    def renewed(self) -> str:
        """The one database that many tests use in turn, empty again; its address."""
        for file in self.main.parent.iterdir():
            file.unlink()
        shutil.copy(self.template, self.main)
        return f"sqlite:///{self.main}"

    def fresh(self, data_dir: Path) -> str:
        """A migrated, empty database; its address."""
        target = data_dir / "portal.sqlite3"
        data_dir.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.template, target)
        return f"sqlite:///{target}"

    def drop_all(self) -> None:
        """They go with the folder of the test."""


class PostgresDatabases:
    """Databases created from a template of the cluster."""

    name = "postgresql"

    def __init__(self, socket_dir: Path, folder: Path) -> None:
        self.socket_dir = socket_dir
        self.engine = create_engine(
            postgres.url(socket_dir, "postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        self.made: list[str] = []
        self._run(f"CREATE DATABASE {TEMPLATE}")
        migrate(folder, postgres.url(socket_dir, TEMPLATE))

    def renewed(self) -> str:
        """The one database that many tests use in turn, empty again; its address."""
        self._run(f"DROP DATABASE IF EXISTS {MAIN} WITH (FORCE)")
        return self._create(MAIN)

    def fresh(self, _data_dir: Path) -> str:
        """A migrated, empty database; its address."""
        name = f"portal_{next(numbers)}"
        self.made.append(name)
        return self._create(name)

    def _create(self, name: str) -> str:
        # Copying the files takes half the time of the usual way, which writes every page to the log.
        self._run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
        return postgres.url(self.socket_dir, name)

    def drop_all(self) -> None:
        """Make room for those to come."""
        while self.made:
            self._run(f"DROP DATABASE {self.made.pop()} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with self.engine.connect() as connection:
            connection.execute(text(statement))


Databases = SqliteDatabases | PostgresDatabases
Cluster = Callable[[], AbstractContextManager[Path]]
