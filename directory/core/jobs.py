"""Work to be done later: a row written in the same transaction as what caused it.

The rows are the truth: whatever wakes a worker (see `core.worker`) may be lost, doubled or late without harm.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from directory.core.database import Base, UTCDateTime
from directory.core.mail import Mail
from directory.core.time import utcnow

Handler = Callable[..., Mail | None]
"""`handler(session, **payload)`: reads, and returns the one mail to send, or None.

What it writes (one job for each person of several, for example) is committed with the end of its job when it returns
None, and before the sending when it returns a mail: then it may be written again at the next try.
"""

ASKED = "directory.core.jobs.asked"
"""In `session.info` once something was enqueued: after the commit, the worker is woken."""


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


def enqueue(session: Session, kind: str, *, key: str | None = None, **payload: Any) -> Job:
    """Record a piece of work; it exists only if the transaction that asks for it commits.

    The payload holds identifiers, never an address, a token or a text. With a `key` it happens once: asked for again,
    even done, it is the first job that comes back.
    """
    session.info[ASKED] = True
    now = utcnow()
    if key is None:
        job = Job(kind=kind, payload=payload, created_at=now, due_at=now)
        session.add(job)
        return job
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"kind": kind, "payload": payload, "key": key, "state": "waiting", "attempts": 0, "last_error": ""}
    asked = insert(Job).values(**values, created_at=now, due_at=now)
    session.execute(asked.on_conflict_do_nothing(index_elements=[Job.key]))
    return session.scalars(select(Job).where(Job.key == key)).one()
