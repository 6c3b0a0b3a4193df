"""The page of all components is there for whoever develops, and for nobody else."""

from pathlib import Path

import pytest

from s2group import create_app
from s2group.graphics.marks.families import FAMILIES
from tests.support.databases import SqliteDatabases, settings


@pytest.mark.parametrize(("mode", "status"), [("development", 200), ("test", 404)])
def test_only_development_shows_the_components(
    tmp_path: Path, sqlite_databases: SqliteDatabases, mode: str, status: int
) -> None:
    environ = settings(tmp_path, sqlite_databases.fresh(tmp_path)) | {"S2_ENV": mode}
    client = create_app(environ).test_client()
    for address in ("/components/", "/en/components/"):
        response = client.get(address)
        assert response.status_code == status
        if status == 200:
            assert all(f">{family}</a>" in response.text for family in FAMILIES)
            assert 'class="tag bad"' in response.text
