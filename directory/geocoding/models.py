"""What the online providers answered, and whose turn it is to ask them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from directory.core.database import Base, UTCDateTime
from directory.core.time import utcnow


class PlaceAnswer(Base):
    """The answer of a provider to a folded query, kept until it expires."""

    __tablename__ = "place_answer"
    __table_args__ = (
        UniqueConstraint("provider", "query", name="uq_place_answer_provider_query"),
        CheckConstraint("state IN ('found', 'none', 'down')", name="state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(String(20))
    query: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(10))
    hits: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    expires_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, index=True)


class ProviderTurn(Base):
    """When a provider may be asked again, by any worker: a second after the last time, later when it is down."""

    __tablename__ = "provider_turn"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures"),)

    provider: Mapped[str] = mapped_column(String(20), primary_key=True)
    next_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    resumes_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    failures: Mapped[int] = mapped_column(default=0)
