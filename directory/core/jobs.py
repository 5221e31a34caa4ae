"""Work to be done later: a row written in the same transaction as what caused it. The worker comes with the mails."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from directory.core.database import Base, UTCDateTime
from directory.core.time import utcnow


class Job(Base):
    """One piece of work: its kind names the handler, its payload holds identifiers only."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        CheckConstraint("attempts >= 0", name="attempts"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    """What must happen once carries a key: asked for twice, it is one job."""
    state: Mapped[str] = mapped_column(String(10), default="waiting", index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow, index=True)
    leased_until: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    done_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str] = mapped_column(String(1000), default="")


def enqueue(session: Session, kind: str, **payload: Any) -> Job:
    """Record a piece of work; it exists only if the transaction that asks for it commits."""
    job = Job(kind=kind, payload=payload)
    session.add(job)
    return job
