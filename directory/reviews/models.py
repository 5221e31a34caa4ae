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
            "state IN ('waiting', 'published', 'changes_requested', 'declined', 'superseded')", name="state"
        ),
        CheckConstraint(
            "state IN ('waiting', 'superseded') OR (decided_at IS NOT NULL AND decided_by_id IS NOT NULL)",
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
    opened_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    decided_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    revision: Mapped[Revision] = relationship()
    network: Mapped[Network] = relationship()
