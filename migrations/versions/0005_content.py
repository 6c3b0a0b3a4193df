"""The public record: full profiles, venues, pictures, releases, pages, cached numbers, and what the search reads."""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import conv

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NOTHING = json.dumps({"zh": "", "en": ""})
MEMBER_ROLE = conv("ck_member_role_known")
PROJECT_ROLE = conv("ck_project_role_known")
NEWS_CATEGORY = conv("ck_news_item_category_known")
PUBLICATION_SOURCE = conv("ck_publication_source_known")
ENTRIES = (
    "'biography', 'education', 'experience', 'internship', 'honour', 'talk', 'service', 'software', 'project', 'news'"
)
ROLES = "'pi', 'faculty', 'postdoc', 'phd', 'master', 'assistant', 'undergraduate', 'visitor'"
CATEGORIES = "'paper', 'award', 'project', 'activity', 'visit', 'notice'"


def upgrade() -> None:
    op.create_table(
        "metric",
        sa.Column("subject", sa.String(length=220), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_metric_value_not_negative")),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_metric")),
    )
    op.create_table(
        "picture",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_picture_has_an_area")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_picture")),
        sa.UniqueConstraint("path", name=op.f("uq_picture_path")),
    )
    op.create_table(
        "released_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("repository", sa.String(length=140), nullable=False),
        sa.Column("licence", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('dataset', 'code', 'model', 'demo')", name=op.f("ck_released_item_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_released_item")),
        sa.UniqueConstraint("key", name=op.f("uq_released_item_key")),
    )
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("title_words", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("visible_from", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("kind", "slug", name=op.f("uq_search_entry_kind_slug")),
    )
    op.create_table(
        "site_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_page")),
        sa.UniqueConstraint("slug", name=op.f("uq_site_page_slug")),
    )
    op.create_table(
        "venue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("short_name", sa.String(length=60), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("ccf", sa.String(length=2), nullable=False),
        sa.Column("caai", sa.String(length=2), nullable=False),
        sa.Column("jcr", sa.String(length=2), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
        sa.UniqueConstraint("short_name", name=op.f("uq_venue_short_name")),
    )
    op.create_table(
        "former_slug",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("news_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["news_id"], ["news_item.id"], name=op.f("fk_former_slug_news_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_former_slug")),
    )
    with op.batch_alter_table("former_slug") as table:
        table.create_index(table.f("ix_former_slug_news_id"), ["news_id"], unique=False)

    op.create_table(
        "news_picture",
        sa.Column("news_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("picture_digest", sa.String(length=64), nullable=False),
        sa.Column("alt", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["news_id"], ["news_item.id"], name=op.f("fk_news_picture_news_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["picture_digest"], ["picture.digest"], name=op.f("fk_news_picture_picture_digest"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("news_id", "position", name=op.f("pk_news_picture")),
    )
    with op.batch_alter_table("news_picture") as table:
        table.create_index(table.f("ix_news_picture_picture_digest"), ["picture_digest"], unique=False)

    op.create_table(
        "project_line",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["research_line.id"], name=op.f("fk_project_line_line_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_line_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "line_id", name=op.f("pk_project_line")),
    )
    with op.batch_alter_table("project_line") as table:
        table.create_index(table.f("ix_project_line_line_id"), ["line_id"], unique=False)

    op.create_table(
        "former_key",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_former_key_publication_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_former_key")),
    )
    with op.batch_alter_table("former_key") as table:
        table.create_index(table.f("ix_former_key_publication_id"), ["publication_id"], unique=False)

    op.create_table(
        "member_line",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["research_line.id"], name=op.f("fk_member_line_line_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_member_line_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", "line_id", name=op.f("pk_member_line")),
    )
    with op.batch_alter_table("member_line") as table:
        table.create_index(table.f("ix_member_line_line_id"), ["line_id"], unique=False)

    op.create_table(
        "news_member",
        sa.Column("news_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_news_member_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["news_id"], ["news_item.id"], name=op.f("fk_news_member_news_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("news_id", "member_id", name=op.f("pk_news_member")),
    )
    with op.batch_alter_table("news_member") as table:
        table.create_index(table.f("ix_news_member_member_id"), ["member_id"], unique=False)

    op.create_table(
        "news_publication",
        sa.Column("news_id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["news_id"], ["news_item.id"], name=op.f("fk_news_publication_news_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_news_publication_publication_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("news_id", "publication_id", name=op.f("pk_news_publication")),
    )
    with op.batch_alter_table("news_publication") as table:
        table.create_index(table.f("ix_news_publication_publication_id"), ["publication_id"], unique=False)

    op.create_table(
        "profile_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=60), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            f"kind IN ({ENTRIES})",
            name=op.f("ck_profile_entry_kind_known"),
        ),
        sa.CheckConstraint("source IN ('files', 'homepage')", name=op.f("ck_profile_entry_source_known")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_profile_entry_member_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_entry")),
    )
    with op.batch_alter_table("profile_entry") as table:
        table.create_index(table.f("ix_profile_entry_member_id"), ["member_id"], unique=False)

    op.create_table(
        "project_member",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_project_member_member_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_member_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "member_id", name=op.f("pk_project_member")),
    )
    with op.batch_alter_table("project_member") as table:
        table.create_index(table.f("ix_project_member_member_id"), ["member_id"], unique=False)

    op.create_table(
        "project_publication",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_publication_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_project_publication_publication_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("project_id", "publication_id", name=op.f("pk_project_publication")),
    )
    with op.batch_alter_table("project_publication") as table:
        table.create_index(table.f("ix_project_publication_publication_id"), ["publication_id"], unique=False)

    op.create_table(
        "publication_line",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["research_line.id"], name=op.f("fk_publication_line_line_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_publication_line_publication_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("publication_id", "line_id", name=op.f("pk_publication_line")),
    )
    with op.batch_alter_table("publication_line") as table:
        table.create_index(table.f("ix_publication_line_line_id"), ["line_id"], unique=False)

    op.create_table(
        "release_publication",
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_release_publication_publication_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["released_item.id"], name=op.f("fk_release_publication_release_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("release_id", "publication_id", name=op.f("pk_release_publication")),
    )
    with op.batch_alter_table("release_publication") as table:
        table.create_index(table.f("ix_release_publication_publication_id"), ["publication_id"], unique=False)

    with op.batch_alter_table("member") as table:
        table.add_column(sa.Column("order_key", sa.Integer(), nullable=True))
        table.add_column(sa.Column("sort_name", sa.String(length=200), nullable=False, server_default=""))
        table.add_column(sa.Column("aliases", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("joined_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("left_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("destination", sa.JSON(), nullable=False, server_default=NOTHING))
        table.add_column(sa.Column("co_supervision", sa.JSON(), nullable=False, server_default=NOTHING))
        table.add_column(sa.Column("email", sa.String(length=254), nullable=False, server_default=""))
        table.add_column(sa.Column("links", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("selected", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("picture_digest", sa.String(length=64), nullable=True))
        table.create_foreign_key(
            table.f("fk_member_picture_digest"), "picture", ["picture_digest"], ["digest"], ondelete="SET NULL"
        )
        table.create_check_constraint(MEMBER_ROLE, f"role IN ({ROLES})")

    with op.batch_alter_table("news_item") as table:
        table.add_column(sa.Column("category", sa.String(length=10), nullable=False, server_default="notice"))
        table.add_column(sa.Column("pinned", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.create_check_constraint(NEWS_CATEGORY, f"category IN ({CATEGORIES})")

    with op.batch_alter_table("partner") as table:
        table.add_column(sa.Column("url", sa.String(length=500), nullable=False, server_default=""))
        table.add_column(sa.Column("note", sa.JSON(), nullable=False, server_default=NOTHING))

    with op.batch_alter_table("project") as table:
        table.add_column(sa.Column("programme", sa.JSON(), nullable=False, server_default=NOTHING))
        table.create_check_constraint(PROJECT_ROLE, "role IN ('lead', 'participant')")

    with op.batch_alter_table("publication") as table:
        table.add_column(sa.Column("title_key", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("venue_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("abstract", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("keywords", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("impact", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("doi", sa.String(length=200), nullable=True))
        table.add_column(sa.Column("arxiv", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("repository", sa.String(length=140), nullable=False, server_default=""))
        table.add_column(sa.Column("volume", sa.String(length=40), nullable=False, server_default=""))
        table.add_column(sa.Column("number", sa.String(length=40), nullable=False, server_default=""))
        table.add_column(sa.Column("pages", sa.String(length=40), nullable=False, server_default=""))
        table.add_column(sa.Column("publisher", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("has_pdf", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("source", sa.String(length=10), nullable=False, server_default="files"))
        table.add_column(sa.Column("additions", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("picture_digest", sa.String(length=64), nullable=True))
        table.create_index(table.f("ix_publication_title_key"), ["title_key"], unique=False)
        table.create_index(table.f("ix_publication_venue_id"), ["venue_id"], unique=False)
        table.create_unique_constraint(table.f("uq_publication_arxiv"), ["arxiv"])
        table.create_unique_constraint(table.f("uq_publication_doi"), ["doi"])
        table.create_foreign_key(table.f("fk_publication_venue_id"), "venue", ["venue_id"], ["id"], ondelete="SET NULL")
        table.create_foreign_key(
            table.f("fk_publication_picture_digest"), "picture", ["picture_digest"], ["digest"], ondelete="SET NULL"
        )
        table.create_check_constraint(PUBLICATION_SOURCE, "source IN ('files', 'bibtex', 'homepage')")


def downgrade() -> None:
    with op.batch_alter_table("publication") as table:
        table.drop_constraint(PUBLICATION_SOURCE, type_="check")
        table.drop_constraint(table.f("fk_publication_picture_digest"), type_="foreignkey")
        table.drop_constraint(table.f("fk_publication_venue_id"), type_="foreignkey")
        table.drop_constraint(table.f("uq_publication_doi"), type_="unique")
        table.drop_constraint(table.f("uq_publication_arxiv"), type_="unique")
        table.drop_index(table.f("ix_publication_venue_id"))
        table.drop_index(table.f("ix_publication_title_key"))
        table.drop_column("picture_digest")
        table.drop_column("additions")
        table.drop_column("source")
        table.drop_column("has_pdf")
        table.drop_column("publisher")
        table.drop_column("pages")
        table.drop_column("number")
        table.drop_column("volume")
        table.drop_column("repository")
        table.drop_column("arxiv")
        table.drop_column("doi")
        table.drop_column("impact")
        table.drop_column("keywords")
        table.drop_column("abstract")
        table.drop_column("venue_id")
        table.drop_column("title_key")

    with op.batch_alter_table("project") as table:
        table.drop_constraint(PROJECT_ROLE, type_="check")
        table.drop_column("programme")

    with op.batch_alter_table("partner") as table:
        table.drop_column("note")
        table.drop_column("url")

    with op.batch_alter_table("news_item") as table:
        table.drop_constraint(NEWS_CATEGORY, type_="check")
        table.drop_column("pinned")
        table.drop_column("category")

    with op.batch_alter_table("member") as table:
        table.drop_constraint(MEMBER_ROLE, type_="check")
        table.drop_constraint(table.f("fk_member_picture_digest"), type_="foreignkey")
        table.drop_column("picture_digest")
        table.drop_column("selected")
        table.drop_column("links")
        table.drop_column("email")
        table.drop_column("co_supervision")
        table.drop_column("destination")
        table.drop_column("left_on")
        table.drop_column("joined_on")
        table.drop_column("aliases")
        table.drop_column("sort_name")
        table.drop_column("order_key")

    op.drop_table("release_publication")
    op.drop_table("publication_line")
    op.drop_table("project_publication")
    op.drop_table("project_member")
    op.drop_table("profile_entry")
    op.drop_table("news_publication")
    op.drop_table("news_member")
    op.drop_table("member_line")
    op.drop_table("former_key")
    op.drop_table("project_line")
    op.drop_table("news_picture")
    op.drop_table("former_slug")
    op.drop_table("venue")
    op.drop_table("site_page")
    op.drop_table("search_entry")
    op.drop_table("released_item")
    op.drop_table("picture")
    op.drop_table("metric")
