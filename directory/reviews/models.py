"""Reviews: one per revision sent, for one network, with one decision."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy import String as Str
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.core.database import Base, UTCDateTime
from directory.core.time import utcnow
from directory.initiatives.models import Revision
from directory.networks.models import Network


class Review(Base):
    """A revision waits for a network, or was decided on, by whom and why."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'published', 'changes_requested', 'declined', 'superseded', 'taken_back')",
            name="state",
        ),
        CheckConstraint(
            "state IN ('waiting', 'superseded', 'taken_back')"
            " OR (decided_at IS NOT NULL AND decided_by_id IS NOT NULL)",
            name="decision_is_signed",
        ),
        CheckConstraint(
            "state NOT IN ('changes_requested', 'declined') OR length(message) > 0", name="refusal_is_explained"
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), unique=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), index=True)
    state: Mapped[str] = mapped_column(Str(20), default="waiting", index=True)
    message: Mapped[str] = mapped_column(Text, default="")
    agrees_to_place: Mapped[bool] = mapped_column(default=False)
    """The curator's word for a place in a country of the vigilance list, given when publishing."""
    opened_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    revision: Mapped[Revision] = relationship()
    network: Mapped[Network] = relationship()


class Handover(Base):
    """A review went from one network to another, by whom and why."""

    __tablename__ = "handover"
    __table_args__ = (
        CheckConstraint("from_network_id <> to_network_id", name="elsewhere"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), index=True)
    from_network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    to_network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    message: Mapped[str] = mapped_column(Text, default="")
    handed_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)


class ReviewNotice(Base):
    """A network whose territory holds another place of the initiative: informed of the review, not asked to decide."""

    __tablename__ = "review_notice"

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), primary_key=True, index=True)
    informed_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
