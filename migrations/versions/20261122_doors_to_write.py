"""The doors to write: drafts without account, sessions, handovers, notices, relayed messages, jobs that happen once."""

from __future__ import annotations

import json
import secrets

import sqlalchemy as sa
from alembic import op

revision = "20261122_doors_to_write"
down_revision = "20261122_first_tables"
branch_labels = None
depends_on = None

STATES = "state IN ('waiting', 'published', 'changes_requested', 'declined', 'superseded'"
SIGNED = "state IN ('waiting', 'superseded'{}) OR (decided_at IS NOT NULL AND decided_by_id IS NOT NULL)"
TEXTS = ("meeting", "change_here", "change_there")


def upgrade() -> None:
    _make_sessions_and_messages()
    _change_reviews()
    _make_handovers_and_notices()
    op.add_column("account", sa.Column("tf_last_counter", sa.Integer(), nullable=True))
    op.add_column("network", sa.Column("usual_days", sa.Integer(), nullable=True))
    for name in TEXTS:
        op.add_column("initiative", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("job") as batch:
        batch.add_column(sa.Column("key", sa.String(length=120), nullable=True))
        batch.add_column(sa.Column("done_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_unique_constraint(op.f("uq_job_key"), ["key"])
    _change_drafts()


def _make_sessions_and_messages() -> None:
    op.create_table(
        "account_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=80), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_session_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_session")),
        sa.UniqueConstraint("digest", name=op.f("uq_account_session_digest")),
    )
    op.create_index(op.f("ix_account_session_account_id"), "account_session", ["account_id"], unique=False)
    op.create_table(
        "relay_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("sender_name", sa.String(length=200), nullable=False),
        sa.Column("sender_email", sa.String(length=254), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"],
            ["initiative.id"],
            name=op.f("fk_relay_message_initiative_id_initiative"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay_message")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_relay_message_initiative_id"), "relay_message", ["initiative_id"], unique=False)
    op.create_index(op.f("ix_relay_message_created_at"), "relay_message", ["created_at"], unique=False)


def _make_handovers_and_notices() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("from_network_id", sa.Integer(), nullable=False),
        sa.Column("to_network_id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_network_id <> to_network_id", name=op.f("ck_handover_elsewhere")),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["account.id"], name=op.f("fk_handover_actor_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["from_network_id"], ["network.id"], name=op.f("fk_handover_from_network_id_network")),
        sa.ForeignKeyConstraint(["to_network_id"], ["network.id"], name=op.f("fk_handover_to_network_id_network")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_handover_review_id_review"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_handover_review_id"), "handover", ["review_id"], unique=False)
    op.create_table(
        "review_notice",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("informed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name=op.f("fk_review_notice_network_id_network")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_notice_review_id_review"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", "network_id", name=op.f("pk_review_notice")),
    )
    op.create_index(op.f("ix_review_notice_network_id"), "review_notice", ["network_id"], unique=False)


def _change_reviews() -> None:
    """A sending may be taken back; the word given for a watched place is kept."""
    with op.batch_alter_table("review") as batch:
        batch.add_column(sa.Column("agrees_to_place", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.drop_constraint(op.f("ck_review_state"), type_="check")
        batch.drop_constraint(op.f("ck_review_decision_is_signed"), type_="check")
        batch.create_check_constraint(op.f("ck_review_state"), STATES + ", 'taken_back')")
        batch.create_check_constraint(op.f("ck_review_decision_is_signed"), SIGNED.format(", 'taken_back'"))


def _change_drafts() -> None:
    """What was typed so far was a whole content: it becomes what answers are laid over."""
    with op.batch_alter_table("draft") as batch:
        batch.add_column(sa.Column("review_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("nonce", sa.String(length=32), nullable=False, server_default=""))
        batch.add_column(sa.Column("start_key", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("email", sa.String(length=254), nullable=True))
        batch.add_column(sa.Column("sent_counter", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(
            op.f("fk_draft_review_id_review"), "review", ["review_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_unique_constraint(op.f("uq_draft_start_key"), ["start_key"])
    drafts = sa.table("draft", sa.column("id", sa.Integer), sa.column("nonce", sa.String), sa.column("typed", sa.JSON))
    bind = op.get_bind()
    for id_, typed in bind.execute(sa.select(drafts.c.id, drafts.c.typed)).all():
        values = {"nonce": secrets.token_hex(16), "typed": {"kept": typed, "answers": {}}}
        bind.execute(drafts.update().where(drafts.c.id == id_).values(values))


def downgrade() -> None:
    drafts = sa.table("draft", sa.column("id", sa.Integer), sa.column("typed", sa.JSON))
    bind = op.get_bind()
    for id_, typed in bind.execute(sa.select(drafts.c.id, drafts.c.typed)).all():
        kept = (json.loads(typed) if isinstance(typed, str) else typed).get("kept", {})
        bind.execute(drafts.update().where(drafts.c.id == id_).values(typed=kept))
    with op.batch_alter_table("draft") as batch:
        batch.drop_constraint(op.f("uq_draft_start_key"), type_="unique")
        batch.drop_constraint(op.f("fk_draft_review_id_review"), type_="foreignkey")
        for name in ("sent_at", "sent_counter", "email", "start_key", "nonce", "review_id"):
            batch.drop_column(name)
    with op.batch_alter_table("job") as batch:
        batch.drop_constraint(op.f("uq_job_key"), type_="unique")
        batch.drop_column("done_at")
        batch.drop_column("key")
    for name in TEXTS:
        op.drop_column("initiative", name)
    op.drop_column("network", "usual_days")
    op.drop_column("account", "tf_last_counter")
    op.drop_index(op.f("ix_review_notice_network_id"), table_name="review_notice")
    op.drop_table("review_notice")
    op.drop_index(op.f("ix_handover_review_id"), table_name="handover")
    op.drop_table("handover")
    op.execute("UPDATE review SET state = 'superseded' WHERE state = 'taken_back'")
    with op.batch_alter_table("review") as batch:
        batch.drop_constraint(op.f("ck_review_decision_is_signed"), type_="check")
        batch.drop_constraint(op.f("ck_review_state"), type_="check")
        batch.create_check_constraint(op.f("ck_review_state"), STATES + ")")
        batch.create_check_constraint(op.f("ck_review_decision_is_signed"), SIGNED.format(""))
        batch.drop_column("agrees_to_place")
    op.drop_index(op.f("ix_relay_message_created_at"), table_name="relay_message")
    op.drop_index(op.f("ix_relay_message_initiative_id"), table_name="relay_message")
    op.drop_table("relay_message")
    op.drop_index(op.f("ix_account_session_account_id"), table_name="account_session")
    op.drop_table("account_session")
