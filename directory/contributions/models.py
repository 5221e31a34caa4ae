"""Drafts: what somebody typed, valid or not."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from directory.core.database import Base, UTCDateTime
from directory.core.time import utcnow


class Draft(Base):
    """What was typed, as typed; the counter keeps two tabs from overwriting each other."""

    __tablename__ = "draft"
    __table_args__ = (CheckConstraint("counter >= 0", name="counter"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), index=True)
    typed: Mapped[dict[str, Any]] = mapped_column(JSON)
    counter: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    saved_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
