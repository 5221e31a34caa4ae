"""First tables: accounts, networks, reference lists, drafts, revisions, reviews, and the corpus with its search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "20261122_first_tables"
down_revision = None
branch_labels = None
depends_on = None


SEARCH_ON_SQLITE = (
    # External content: the words live once, in initiative_search.
    """CREATE VIRTUAL TABLE initiative_fts USING fts5(
        heading, body, content='initiative_search', content_rowid='id', tokenize='unicode61', prefix='2 3')""",
    """CREATE TRIGGER initiative_search_ai AFTER INSERT ON initiative_search BEGIN
        INSERT INTO initiative_fts(rowid, heading, body) VALUES (new.id, new.heading, new.body); END""",
    # 'delete' must be given the old values, or the index keeps stale hits without a word.
    """CREATE TRIGGER initiative_search_ad AFTER DELETE ON initiative_search BEGIN
        INSERT INTO initiative_fts(initiative_fts, rowid, heading, body)
        VALUES ('delete', old.id, old.heading, old.body); END""",
    """CREATE TRIGGER initiative_search_au AFTER UPDATE ON initiative_search BEGIN
        INSERT INTO initiative_fts(initiative_fts, rowid, heading, body)
        VALUES ('delete', old.id, old.heading, old.body);
        INSERT INTO initiative_fts(rowid, heading, body) VALUES (new.id, new.heading, new.body); END""",
)
SEARCH_ON_POSTGRESQL = (
    "CREATE INDEX ix_fts_heading ON initiative_search USING gin (to_tsvector('simple', heading))",
    "CREATE INDEX ix_fts_all ON initiative_search USING gin (to_tsvector('simple', heading || ' ' || body))",
)
PUBLISHED_REVISION = "fk_initiative_published_revision_id_revision"


def is_sqlite() -> bool:
    """True on SpatiaLite: the two databases differ in three places of this file."""
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:  # noqa: PLR0915  # one statement a table
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("current_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("login_count", sa.Integer(), nullable=False),
        sa.Column("is_administrator", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(email) BETWEEN 3 AND 254", name=op.f("ck_account_email_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_account_fs_uniquifier")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "actor_type",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("family", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actor_type")),
    )
    op.create_table(
        "corpus_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_corpus_version_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corpus_version")),
    )
    op.create_table(
        "goal",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("long_label", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_goal")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_job_state")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_job_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_job_due_at"), "job", ["due_at"], unique=False)
    op.create_index(op.f("ix_job_state"), "job", ["state"], unique=False)
    op.create_table(
        "network",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("website", sa.String(length=500), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("is_national", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network")),
        sa.UniqueConstraint("slug", name=op.f("uq_network_slug")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "reference_version",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_reference_version")),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("description", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
        sa.UniqueConstraint("name", name=op.f("uq_role_name")),
    )
    op.create_table(
        "sector",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sector")),
    )
    op.create_table(
        "territory",
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "commune",
                "epci",
                "departement",
                "region",
                "zone",
                "town",
                "division",
                "country",
                name="level",
                native_enum=False,
                length=12,
            ),
            nullable=False,
        ),
        sa.Column("side", sa.Enum("here", "there", name="side", native_enum=False), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_fold", sa.String(length=200), nullable=False),
        sa.Column("parent_key", sa.String(length=20), nullable=True),
        sa.Column("epci_key", sa.String(length=20), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["epci_key"], ["territory.key"], name=op.f("fk_territory_epci_key_territory")),
        sa.ForeignKeyConstraint(["parent_key"], ["territory.key"], name=op.f("fk_territory_parent_key_territory")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_territory")),
    )
    op.create_index(op.f("ix_territory_country"), "territory", ["country"], unique=False)
    op.create_index(op.f("ix_territory_epci_key"), "territory", ["epci_key"], unique=False)
    op.create_index(op.f("ix_territory_level"), "territory", ["level"], unique=False)
    op.create_index(op.f("ix_territory_name_fold"), "territory", ["name_fold"], unique=False)
    op.create_index(op.f("ix_territory_parent_key"), "territory", ["parent_key"], unique=False)
    op.create_table(
        "vigilance",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("country", name=op.f("pk_vigilance")),
    )
    op.create_table(
        "account_role",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_role_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["role.id"], name=op.f("fk_account_role_role_id_role"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "role_id", name=op.f("pk_account_role")),
    )
    op.create_table(
        "coverage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("territory_key", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["network_id"], ["network.id"], name=op.f("fk_coverage_network_id_network"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["territory_key"], ["territory.key"], name=op.f("fk_coverage_territory_key_territory")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage")),
        sa.UniqueConstraint("territory_key", name=op.f("uq_coverage_territory_key")),
    )
    op.create_index(op.f("ix_coverage_network_id"), "coverage", ["network_id"], unique=False)
    op.create_table(
        "curatorship",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_curatorship_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["network_id"], ["network.id"], name=op.f("fk_curatorship_network_id_network"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_curatorship")),
        sa.UniqueConstraint("account_id", "network_id", name="uq_curatorship_account_network"),
    )
    op.create_index(op.f("ix_curatorship_network_id"), "curatorship", ["network_id"], unique=False)
    op.create_table(
        "initiative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("published_revision_id", sa.Integer(), nullable=True),
        sa.Column("slug", sa.String(length=100), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_fold", sa.String(length=400), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("nature", sa.String(length=30), nullable=True),
        sa.Column("since_year", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(length=20), nullable=True),
        sa.Column("stage_on", sa.Integer(), nullable=True),
        sa.Column("main_sector", sa.String(length=40), nullable=True),
        sa.Column("is_sector_by_site", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'published' OR (slug IS NOT NULL AND published_revision_id IS NOT NULL AND main_sector IS NOT NULL AND stage IS NOT NULL AND length(title) > 0 AND length(summary) > 0)",
            name=op.f("ck_initiative_published_is_complete"),
        ),
        sa.CheckConstraint(
            "state = 'published' OR published_revision_id IS NULL",
            name=op.f("ck_initiative_only_published_has_revision"),
        ),
        sa.CheckConstraint("state IN ('unpublished', 'published', 'withdrawn')", name=op.f("ck_initiative_state")),
        sa.ForeignKeyConstraint(["main_sector"], ["sector.id"], name=op.f("fk_initiative_main_sector_sector")),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name=op.f("fk_initiative_network_id_network")),
        sa.ForeignKeyConstraint(
            ["published_revision_id"],
            ["revision.id"],
            name="fk_initiative_published_revision_id_revision",
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative")),
        sa.UniqueConstraint("slug", name=op.f("uq_initiative_slug")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_initiative_network_id"), "initiative", ["network_id"], unique=False)
    op.create_index(op.f("ix_initiative_state"), "initiative", ["state"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_fold", sa.String(length=400), nullable=False),
        sa.Column("side", sa.String(length=5), nullable=False),
        sa.Column("place_key", sa.String(length=40), nullable=False),
        sa.Column("actor_type", sa.String(length=40), nullable=True),
        sa.Column("website", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name=op.f("ck_organisation_name_length")),
        sa.ForeignKeyConstraint(["actor_type"], ["actor_type.id"], name=op.f("fk_organisation_actor_type_actor_type")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name_fold", "side", "place_key", name="uq_organisation_name_side_place"),
        sa.UniqueConstraint("slug", name=op.f("uq_organisation_slug")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_organisation_name_fold"), "organisation", ["name_fold"], unique=False)
    op.create_geospatial_table(
        "anchor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=5), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("context", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("precision", sa.String(length=12), nullable=False),
        sa.Column("is_withheld", sa.Boolean(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("side IN ('here', 'there')", name=op.f("ck_anchor_side")),
        sa.CheckConstraint("position >= 0", name=op.f("ck_anchor_position")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_anchor_initiative_id_initiative"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchor")),
        sa.UniqueConstraint("initiative_id", "side", "position", name="uq_anchor_initiative_side_position"),
        sqlite_autoincrement=True,
    )
    op.create_geospatial_index(
        "idx_anchor_geom", "anchor", ["geom"], unique=False, postgresql_using="gist", postgresql_ops={}
    )
    op.create_index(op.f("ix_anchor_key"), "anchor", ["key"], unique=False)
    op.create_table(
        "corpus_change",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_corpus_change_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_corpus_change")),
    )
    op.create_index(op.f("ix_corpus_change_initiative_id"), "corpus_change", ["initiative_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("initiative_id", sa.Integer(), nullable=True),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("counter >= 0", name=op.f("ck_draft_counter")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_draft_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_draft_initiative_id_initiative"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_draft_account_id"), "draft", ["account_id"], unique=False)
    op.create_index(op.f("ix_draft_initiative_id"), "draft", ["initiative_id"], unique=False)
    op.create_table(
        "initiative_goal",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("goal", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["goal"], ["goal.number"], name=op.f("fk_initiative_goal_goal_goal")),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_initiative_goal_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("initiative_id", "goal", name=op.f("pk_initiative_goal")),
    )
    op.create_table(
        "initiative_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["initiative.id"], name=op.f("fk_initiative_search_id_initiative"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative_search")),
    )
    op.create_table(
        "initiative_sector",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("sector_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_initiative_sector_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["sector_id"], ["sector.id"], name=op.f("fk_initiative_sector_sector_id_sector")),
        sa.PrimaryKeyConstraint("initiative_id", "sector_id", name=op.f("pk_initiative_sector")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_membership_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["account.id"], name=op.f("fk_membership_granted_by_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_membership_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("account_id", "organisation_id", name="uq_membership_account_organisation"),
    )
    op.create_index(op.f("ix_membership_organisation_id"), "membership", ["organisation_id"], unique=False)
    op.create_table(
        "participation",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("role IN ('carrier', 'partner')", name=op.f("ck_participation_role")),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_participation_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_participation_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("initiative_id", "organisation_id", name=op.f("pk_participation")),
    )
    op.create_index(op.f("ix_participation_organisation_id"), "participation", ["organisation_id"], unique=False)
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_revision_number")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_revision_author_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_revision_initiative_id_initiative"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("initiative_id", "number", name="uq_revision_initiative_number"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'published', 'changes_requested', 'declined', 'superseded')",
            name=op.f("ck_review_state"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'superseded') OR (decided_at IS NOT NULL AND decided_by_id IS NOT NULL)",
            name=op.f("ck_review_decision_is_signed"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('changes_requested', 'declined') OR length(message) > 0",
            name=op.f("ck_review_refusal_is_explained"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_review_decided_by_id_account")),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name=op.f("fk_review_network_id_network")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_review_revision_id_revision"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_review_revision_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_review_network_id"), "review", ["network_id"], unique=False)
    op.create_index(op.f("ix_review_state"), "review", ["state"], unique=False)
    if not is_sqlite():
        op.create_foreign_key(PUBLISHED_REVISION, "initiative", "revision", ["published_revision_id"], ["id"])
    else:
        # SpatiaLite prints its failures on stderr and returns 0: look at the result.
        registered = "SELECT count(*) FROM geometry_columns WHERE f_table_name = 'anchor' AND spatial_index_enabled = 1"
        if op.get_bind().exec_driver_sql(registered).scalar() != 1:
            raise RuntimeError("SpatiaLite did not register anchor.geom")
    for statement in SEARCH_ON_SQLITE if is_sqlite() else SEARCH_ON_POSTGRESQL:
        op.execute(statement)
    op.execute("INSERT INTO corpus_version (id, version, changed_at) VALUES (1, 0, CURRENT_TIMESTAMP)")


def downgrade() -> None:  # noqa: PLR0915  # one statement a table
    if is_sqlite():
        op.execute("DROP TABLE initiative_fts")
    else:
        op.drop_constraint(PUBLISHED_REVISION, "initiative", type_="foreignkey")
    op.drop_index(op.f("ix_review_state"), table_name="review")
    op.drop_index(op.f("ix_review_network_id"), table_name="review")
    op.drop_table("review")
    op.drop_table("revision")
    op.drop_index(op.f("ix_participation_organisation_id"), table_name="participation")
    op.drop_table("participation")
    op.drop_index(op.f("ix_membership_organisation_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_table("initiative_sector")
    op.drop_table("initiative_search")
    op.drop_table("initiative_goal")
    op.drop_index(op.f("ix_draft_initiative_id"), table_name="draft")
    op.drop_index(op.f("ix_draft_account_id"), table_name="draft")
    op.drop_table("draft")
    op.drop_index(op.f("ix_corpus_change_initiative_id"), table_name="corpus_change")
    op.drop_table("corpus_change")
    op.drop_index(op.f("ix_anchor_key"), table_name="anchor")
    op.drop_geospatial_index("idx_anchor_geom", table_name="anchor", postgresql_using="gist", column_name="geom")
    op.drop_geospatial_table("anchor")
    op.drop_index(op.f("ix_organisation_name_fold"), table_name="organisation")
    op.drop_table("organisation")
    op.drop_index(op.f("ix_initiative_state"), table_name="initiative")
    op.drop_index(op.f("ix_initiative_network_id"), table_name="initiative")
    op.drop_table("initiative")
    op.drop_index(op.f("ix_curatorship_network_id"), table_name="curatorship")
    op.drop_table("curatorship")
    op.drop_index(op.f("ix_coverage_network_id"), table_name="coverage")
    op.drop_table("coverage")
    op.drop_table("account_role")
    op.drop_table("vigilance")
    op.drop_index(op.f("ix_territory_parent_key"), table_name="territory")
    op.drop_index(op.f("ix_territory_name_fold"), table_name="territory")
    op.drop_index(op.f("ix_territory_level"), table_name="territory")
    op.drop_index(op.f("ix_territory_epci_key"), table_name="territory")
    op.drop_index(op.f("ix_territory_country"), table_name="territory")
    op.drop_table("territory")
    op.drop_table("sector")
    op.drop_table("role")
    op.drop_table("reference_version")
    op.drop_table("network")
    op.drop_index(op.f("ix_job_state"), table_name="job")
    op.drop_index(op.f("ix_job_due_at"), table_name="job")
    op.drop_table("job")
    op.drop_table("goal")
    op.drop_table("corpus_version")
    op.drop_table("actor_type")
    op.drop_table("account")
