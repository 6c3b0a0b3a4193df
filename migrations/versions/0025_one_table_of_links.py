"""All links that are mailed or shown once are in one table, and lead to a key that is never given again."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
LIFETIMES = {"first_admin": timedelta(hours=24), "sign_in": timedelta(minutes=15)}
# For each column that a link to one thing had: the purposes, the table, and what its links lead to from now on.
TARGETS = (
    ("draft_id", "'continue', 'handoff'", "draft", "draft.key"),
    ("application_id", "'manage'", "application", "application.reference"),
    ("referee_id", "'letter'", "referee", "CAST(referee.id AS VARCHAR(64))"),
)
ONE_TIME = sa.table(
    "one_time_link",
    sa.column("purpose", sa.String()),
    sa.column("user_id", sa.Integer()),
    sa.column("token_hash", sa.String()),
    sa.column("expires_at", MOMENT),
    sa.column("used_at", MOMENT),
)
USER = sa.table("user_account", sa.column("id", sa.Integer()), sa.column("fs_uniquifier", sa.String()))
LINK = sa.table(
    "link",
    sa.column("token_hash", sa.String()),
    sa.column("purpose", sa.String()),
    sa.column("subject", sa.String()),
    sa.column("created_at", MOMENT),
    sa.column("expires_at", MOMENT),
    sa.column("used_at", MOMENT),
)


def upgrade() -> None:
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_link_expires_after_it_was_made")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_link_token_hash")),
    )
    op.create_index("ix_link_subject_purpose", "link", ["subject", "purpose"])
    op.create_index(op.f("ix_link_expires_at"), "link", ["expires_at"])
    for column, purposes, table, subject in TARGETS:
        op.execute(f"""
            INSERT INTO link (token_hash, purpose, subject, created_at, expires_at, used_at)
            SELECT a.token_hash, a.purpose, {subject}, a.created_at, a.expires_at, a.used_at
            FROM access_link a JOIN {table} ON {table}.id = a.{column} WHERE a.purpose IN ({purposes})
        """)  # noqa: S608 - names of our own
    _take_one_time_links()
    op.drop_table("access_link")
    op.drop_table("one_time_link")


def _take_one_time_links() -> None:
    """There are few. When they were made was not kept, but how long they live."""
    connection = op.get_bind()
    found = sa.select(ONE_TIME, USER.c.fs_uniquifier).outerjoin_from(ONE_TIME, USER, ONE_TIME.c.user_id == USER.c.id)
    for row in connection.execute(found.where(ONE_TIME.c.purpose.in_(LIFETIMES))).all():
        connection.execute(
            sa.insert(LINK).values(
                token_hash=row.token_hash,
                purpose=row.purpose,
                subject=row.fs_uniquifier or "portal",
                created_at=row.expires_at - LIFETIMES[row.purpose],
                expires_at=row.expires_at,
                used_at=row.used_at,
            )
        )


def downgrade() -> None:
    _make_one_time_link()
    _make_access_link()
    op.execute("""
        INSERT INTO one_time_link (purpose, token_hash, expires_at, used_at, user_id)
        SELECT link.purpose, link.token_hash, link.expires_at, link.used_at, user_account.id
        FROM link LEFT JOIN user_account ON user_account.fs_uniquifier = link.subject
        WHERE link.purpose = 'first_admin' OR (link.purpose = 'sign_in' AND user_account.id IS NOT NULL)
    """)
    for column, purposes, table, subject in TARGETS:
        op.execute(f"""
            INSERT INTO access_link (token_hash, purpose, {column}, created_at, expires_at, used_at)
            SELECT link.token_hash, link.purpose, {table}.id, link.created_at, link.expires_at, link.used_at
            FROM link JOIN {table} ON {subject} = link.subject WHERE link.purpose IN ({purposes})
        """)  # noqa: S608 - names of our own
    op.drop_table("link")


def _make_one_time_link() -> None:
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_one_time_link_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    op.create_index(op.f("ix_one_time_link_user_id"), "one_time_link", ["user_id"])


def _make_access_link() -> None:
    op.create_table(
        "access_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("referee_id", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "purpose IN ('continue', 'handoff', 'manage', 'letter')", name=op.f("ck_access_link_purpose_known")
        ),
        sa.CheckConstraint(
            "(draft_id IS NOT NULL AND purpose IN ('continue', 'handoff') AND application_id IS NULL"
            " AND referee_id IS NULL)"
            " OR (application_id IS NOT NULL AND purpose = 'manage' AND draft_id IS NULL AND referee_id IS NULL)"
            " OR (referee_id IS NOT NULL AND purpose = 'letter' AND draft_id IS NULL AND application_id IS NULL)",
            name=op.f("ck_access_link_leads_to_one_thing"),
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_access_link_application_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_access_link_draft_id")),
        sa.ForeignKeyConstraint(["referee_id"], ["referee.id"], name=op.f("fk_access_link_referee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_access_link_token_hash")),
    )
    for column in ("application_id", "draft_id", "expires_at", "referee_id"):
        op.create_index(op.f(f"ix_access_link_{column}"), "access_link", [column])
