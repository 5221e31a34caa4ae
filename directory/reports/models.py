"""Reports, the decisions on them, and the replies that stand under sheets."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.core.database import Base, UTCDateTime
from directory.core.time import utcnow
from directory.initiatives.models import Initiative


class Report(Base):
    """Somebody reports a sheet, or asks to reply under it; kept with its dates, its author's name for a time only."""

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint("kind IN ('inaccurate', 'danger', 'unlawful', 'other', 'reply')", name="kind"),
        CheckConstraint("state IN ('waiting', 'decided', 'contested', 'closed')", name="state"),
        CheckConstraint("(contested_at IS NOT NULL) = (state IN ('contested', 'closed'))", name="contested_once"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    """What people quote: « 2026-7KQ4MN »."""
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    revision_number: Mapped[int]
    """The version that was public when it came; 0 for a sheet already withdrawn."""
    kind: Mapped[str] = mapped_column(String(12))
    part: Mapped[str] = mapped_column(String(12))
    statement: Mapped[str] = mapped_column(Text)
    proposal: Mapped[str] = mapped_column(Text, default="")
    reply: Mapped[str] = mapped_column(Text, default="")
    signature: Mapped[str] = mapped_column(String(120), default="")
    """How the author of a reply wishes to sign it in public."""
    name: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    """Empty when a danger was reported without an address, and once forgotten."""
    digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the same words from the same address on the same day: two clicks are one report."""
    state: Mapped[str] = mapped_column(String(10), default="waiting", index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    due_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    """When the address was proven by the link of the receipt."""
    contest: Mapped[str] = mapped_column(Text, default="")
    contested_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    forgotten_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    """When the name and the address were erased."""
    erased_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    """When the words were erased too, because their author asked."""

    initiative: Mapped[Initiative] = relationship()
    decisions: Mapped[list[ReportDecision]] = relationship(order_by="ReportDecision.round", passive_deletes=True)


class ReportDecision(Base):
    """A decision with its reasons: the first, then the final one when the first was contested."""

    __tablename__ = "report_decision"
    __table_args__ = (
        UniqueConstraint("report_id", "round", name="uq_report_decision_report_round"),
        CheckConstraint("round IN (1, 2)", name="round"),
        CheckConstraint("outcome IN ('unchanged', 'corrected', 'withdrawn', 'reply_published')", name="outcome"),
        CheckConstraint("length(reason) > 0", name="is_explained"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"))
    round: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class PublishedReply(Base):
    """A reply under a sheet: what the public may read of it, and nothing else of the report."""

    __tablename__ = "published_reply"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(String(120))
    published_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
