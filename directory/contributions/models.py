"""Drafts: what somebody typed, valid or not."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.core.database import Base, UTCDateTime
from directory.core.time import utcnow
from directory.initiatives.models import Initiative
from directory.reviews.models import Review


class Draft(Base):
    """What was typed, as typed; the counter keeps two tabs from overwriting each other."""

    __tablename__ = "draft"
    __table_args__ = (CheckConstraint("counter >= 0", name="counter"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), index=True)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id", ondelete="SET NULL"))
    """The last review that this draft opened."""
    typed: Mapped[dict[str, Any]] = mapped_column(JSON)
    """`answers` as typed, over `kept`, the content they change: see `contributions.answers`."""
    counter: Mapped[int] = mapped_column(default=0)
    nonce: Mapped[str] = mapped_column(String(32), default=lambda: secrets.token_hex(16))
    """Whoever holds it, by the browser's cookie or the link that was mailed, may go on with the draft."""
    start_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Given with the blank form: sent twice, it starts one draft."""
    email: Mapped[str | None] = mapped_column(String(254))
    """The address of question 5, once it is a whole one; never published."""
    sent_counter: Mapped[int | None]
    """The counter when it was last sent: sent again unchanged, it is the same sending."""
    sent_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    """When « Envoyer » was pressed; without a review, the address is still to be confirmed."""
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    saved_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)

    review: Mapped[Review | None] = relationship()
    initiative: Mapped[Initiative | None] = relationship()
