"""The applicant answers an offer, by a day after which it lapses; the waiting list has an order."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import conv

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

STATE_KNOWN = conv("ck_application_state_known")
BEFORE = ("submitted", "screening", "interview", "waitlist", "offer", "declined", "withdrawn")
ADDED = ("accepted", "refused", "lapsed")
# What each of them is called where it is not known, which comes nearest.
NEAREST = {"accepted": "offer", "refused": "declined", "lapsed": "declined"}
# SQLite renames no table while a trigger names one that is not there.
TRIGGER = (
    "CREATE TRIGGER event_goes_with_its_application BEFORE DELETE ON event "
    "WHEN OLD.application_id IS NULL OR EXISTS (SELECT 1 FROM application WHERE id = OLD.application_id) "
    "BEGIN SELECT RAISE(ABORT, 'an event goes with its application alone'); END"
)


def upgrade() -> None:
    _allow((*BEFORE[:5], *ADDED, *BEFORE[5:]))
    op.create_table(
        "offer",
        sa.Column("application_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_offer_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_offer")),
    )
    op.create_index(op.f("ix_offer_answer_due_at"), "offer", ["answer_due_at"])
    op.create_table(
        "waitlist_place",
        sa.Column("application_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("route_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_waitlist_place_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["route_id"], ["admission_route.id"], name=op.f("fk_waitlist_place_route_id")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_waitlist_place")),
        sa.UniqueConstraint("route_id", "rank", name=op.f("uq_waitlist_place_route_id_rank")),
    )
    # Whoever waits already waits in the order of coming to the list.
    op.execute(
        "INSERT INTO waitlist_place (application_id, route_id, rank) "
        "SELECT id, route_id, row_number() OVER (PARTITION BY route_id ORDER BY state_at, id) "
        "FROM application WHERE state = 'waitlist'"
    )

    op.create_table(
        "decision",
        sa.Column("application_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("over_places_reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_decision_actor_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_decision_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_decision")),
    )


def downgrade() -> None:
    op.drop_table("decision")
    op.drop_table("waitlist_place")
    op.drop_table("offer")
    for table, columns in (
        ("application", ("state", "shown_state", "withdrawn_from", "withdrawn_shown")),
        ("application_facts", ("state", "shown_state")),
    ):
        for column in columns:
            for state, nearest in NEAREST.items():
                op.execute(f"UPDATE {table} SET {column} = '{nearest}' WHERE {column} = '{state}'")  # noqa: S608
    _allow(BEFORE)


def _allow(states: tuple[str, ...]) -> None:
    known = ", ".join(f"'{state}'" for state in states)
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        op.execute("DROP TRIGGER event_goes_with_its_application")
    with op.batch_alter_table("application") as table:
        table.drop_constraint(STATE_KNOWN, type_="check")
        table.create_check_constraint(STATE_KNOWN, f"state IN ({known})")
    if is_sqlite:
        op.execute(TRIGGER)
