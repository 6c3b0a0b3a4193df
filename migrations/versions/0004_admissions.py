"""Admissions: routes with forms of their own, drafts, versions, states, referees, requests for documents, links."""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import conv

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NOTHING = json.dumps({"zh": "", "en": ""})
# What every route asked until now.
FORM = json.dumps(
    {
        "required": ["phone", "university", "college", "major", "exemption_status"],
        "optional": [
            "rank", "cohort_size", "gpa", "gpa_scale", "cet4", "cet6", "ielts", "toefl", "neural_network",
            "papers_top_three", "declared", "statement",
        ],
        "optional_documents": ["transcript"],
    }
)  # fmt: skip
STATE_KNOWN = conv("ck_application_state_known")
WITHDRAWN = conv("ck_application_withdrawn_from_somewhere")
VERSION_POSITIVE = conv("ck_application_version_positive")
STATES = "'submitted', 'screening', 'interview', 'waitlist', 'offer', 'declined', 'withdrawn'"


def upgrade() -> None:
    with op.batch_alter_table("call") as table:
        table.add_column(sa.Column("grace_minutes", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("timeline", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("questions_answers", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("contact", sa.JSON(), nullable=False, server_default=NOTHING))
        table.add_column(sa.Column("purpose", sa.JSON(), nullable=False, server_default=NOTHING))
        table.add_column(sa.Column("retention_days", sa.Integer(), nullable=False, server_default="730"))
        table.add_column(sa.Column("files_retention_days", sa.Integer(), nullable=False, server_default="180"))
    with op.batch_alter_table("admission_route") as table:
        table.add_column(sa.Column("places", sa.Integer(), nullable=True))
        table.add_column(sa.Column("filled", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("form", sa.JSON(), nullable=False, server_default=FORM))
    with op.batch_alter_table("document") as table:
        table.add_column(
            sa.Column("media_type", sa.String(length=20), nullable=False, server_default="application/pdf")
        )
    with op.batch_alter_table("application") as table:
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("changed_at", MOMENT, nullable=True))
        table.add_column(sa.Column("state", sa.String(length=10), nullable=False, server_default="submitted"))
        table.add_column(sa.Column("state_at", MOMENT, nullable=True))
        table.add_column(sa.Column("shown_state", sa.String(length=10), nullable=False, server_default="submitted"))
        table.add_column(sa.Column("withdrawn_from", sa.String(length=10), nullable=True))
        table.add_column(sa.Column("files_removed_at", MOMENT, nullable=True))
    op.execute("UPDATE application SET state_at = submitted_at")
    with op.batch_alter_table("application") as table:
        table.alter_column("state_at", existing_type=MOMENT, nullable=False)
        table.create_check_constraint(STATE_KNOWN, f"state IN ({STATES})")
        table.create_check_constraint(WITHDRAWN, "(state = 'withdrawn') = (withdrawn_from IS NOT NULL)")
        table.create_check_constraint(VERSION_POSITIVE, "version > 0")
        table.create_index("ix_application_state", ["state"])
    _make_document_table(versions=True)
    op.create_table(
        "former_version",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("form_key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("requirement_set_id", sa.Integer(), nullable=False),
        sa.Column("consent_version", sa.String(length=20), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_former_version_application_id")),
        sa.ForeignKeyConstraint(
            ["requirement_set_id"], ["requirement_set.id"], name=op.f("fk_former_version_requirement_set_id")
        ),
        sa.PrimaryKeyConstraint("application_id", "number", name=op.f("pk_former_version")),
        sa.UniqueConstraint("form_key", name=op.f("uq_former_version_form_key")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("route_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("saves", sa.JSON(), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.CheckConstraint("locale IN ('zh', 'en')", name=op.f("ck_draft_locale_known")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_draft_application_id")),
        sa.ForeignKeyConstraint(["route_id"], ["admission_route.id"], name=op.f("fk_draft_route_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("key", name=op.f("uq_draft_key")),
    )
    op.create_index(op.f("ix_draft_email"), "draft", ["email"])
    op.create_index(op.f("ix_draft_saved_at"), "draft", ["saved_at"])
    op.create_table(
        "draft_document",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_draft_document_document_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_document_draft_id")),
        sa.PrimaryKeyConstraint("draft_id", "kind", name=op.f("pk_draft_document")),
        sa.UniqueConstraint("document_id", name=op.f("uq_draft_document_document_id")),
    )
    op.create_table(
        "referee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("received_at", MOMENT, nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_referee_application_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_referee_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referee")),
        sa.UniqueConstraint("application_id", "position", name=op.f("uq_referee_application_id_position")),
        sa.UniqueConstraint("document_id", name=op.f("uq_referee_document_id")),
    )
    op.create_table(
        "document_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_document_request_actor_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_document_request_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_request")),
    )
    op.create_index(op.f("ix_document_request_application_id"), "document_request", ["application_id"])
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


def downgrade() -> None:
    for table in ("access_link", "document_request", "referee", "draft_document", "draft", "former_version"):
        op.drop_table(table)
    _make_document_table(versions=False)
    with op.batch_alter_table("application") as table:
        table.drop_index("ix_application_state")
        for constraint in (STATE_KNOWN, WITHDRAWN, VERSION_POSITIVE):
            table.drop_constraint(constraint, type_="check")
        for column in (
            "version", "changed_at", "state", "state_at", "shown_state", "withdrawn_from", "files_removed_at",
        ):  # fmt: skip
            table.drop_column(column)
    with op.batch_alter_table("document") as table:
        table.drop_column("media_type")
    with op.batch_alter_table("admission_route") as table:
        for column in ("places", "filled", "form"):
            table.drop_column(column)
    with op.batch_alter_table("call") as table:
        for column in (
            "grace_minutes", "timeline", "questions_answers", "contact", "purpose", "retention_days",
            "files_retention_days",
        ):  # fmt: skip
            table.drop_column(column)


def _make_document_table(*, versions: bool) -> None:
    """Make application_document anew with another key, over the rows it had; going back, over what it can hold."""
    old = sa.table("application_document", *map(sa.column, ("application_id", "kind", "document_id")))
    until = sa.column("until")
    kept = sa.select(old)
    if not versions:
        kept = kept.where(until.is_(None), old.c.kind.in_(("resume", "transcript")))
    rows = [dict(row._mapping) for row in op.get_bind().execute(kept)]
    op.drop_table("application_document")
    new = [sa.Column("since", sa.Integer(), autoincrement=False, nullable=False), sa.Column("until", sa.Integer())]
    rules = (
        [
            sa.CheckConstraint(
                "until IS NULL OR until > since", name=op.f("ck_application_document_until_after_since")
            ),
            sa.PrimaryKeyConstraint("application_id", "kind", "since", name=op.f("pk_application_document")),
        ]
        if versions
        else [
            sa.CheckConstraint("kind IN ('resume', 'transcript')", name=op.f("ck_application_document_kind_known")),
            sa.PrimaryKeyConstraint("application_id", "kind", name=op.f("pk_application_document")),
        ]
    )
    table = op.create_table(
        "application_document",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40 if versions else 20), nullable=False),
        *(new if versions else []),
        sa.Column("document_id", sa.Integer(), nullable=False),
        *rules,
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_application_document_application_id")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_application_document_document_id")),
        sa.UniqueConstraint("document_id", name=op.f("uq_application_document_document_id")),
    )
    op.bulk_insert(table, [row | {"since": 1} if versions else row for row in rows])
