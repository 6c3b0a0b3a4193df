"""Merge fields of templates are called by words that one would type: `{status}` and `{deadline}`."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

NAMES = {"{status_link}": "{status}", "{answer_by}": "{deadline}"}
TEMPLATE = sa.table(
    "message_template", sa.column("key", sa.String), sa.column("subject", sa.JSON), sa.column("text", sa.JSON)
)


def upgrade() -> None:
    rename(NAMES)


def downgrade() -> None:
    rename({new: old for old, new in NAMES.items()})


def rename(names: dict[str, str]) -> None:
    connection = op.get_bind()
    for key, *parts in connection.execute(sa.select(TEMPLATE)).all():
        subject, text = ({locale: renamed(words, names) for locale, words in part.items()} for part in parts)
        connection.execute(sa.update(TEMPLATE).where(TEMPLATE.c.key == key).values(subject=subject, text=text))


def renamed(words: str, names: dict[str, str]) -> str:
    for name, instead in names.items():
        words = words.replace(name, instead)
    return words
