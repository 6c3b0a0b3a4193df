"""Whether a database is what the models say."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from s2group.admissions.fulltext.models import INDEX
from s2group.extensions import Base


def differences_from_models(connection: Connection) -> list[Any]:
    """What alembic would change; but for the index of the search, which triggers write and no model describes."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [each for each in compare_metadata(context, Base.metadata) if not _is_of_the_index(each)]


def _is_of_the_index(difference: Any) -> bool:
    return difference[0] in ("remove_table", "remove_index") and INDEX in str(difference[1])
