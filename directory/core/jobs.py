"""Work to be done later: a row written in the same transaction as what caused it.

The rows are the truth: whatever wakes a worker (see `core.worker`) may be lost, doubled or late without harm.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ColumnElement, String, and_, func, or_, select, update
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

LEASE = dt.timedelta(minutes=5)
"""A worker that died is one that has not finished by then: longer than the slowest exchange with a mail server."""

SKEW = dt.timedelta(hours=1)
"""More than two clocks differ, and than a worker may wait for the lock after looking at its own."""

WAITS = (
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=12),
    dt.timedelta(hours=24),
    dt.timedelta(hours=48),
)
"""Before the second try, the third… After the last one the job has failed, and waits for somebody."""

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


def is_due(now: dt.datetime) -> ColumnElement[bool]:
    """What a worker may take: jobs whose time has come, and those of a worker that died.

    A time that could not have been given (created much later than now, leased for much longer than a lease) shows that
    the clock went back: such a job is not left waiting for the clock to return. Two machines whose clocks differ by a
    little are not that: what one puts off for a month, the other leaves alone.
    """
    is_waiting = and_(Job.state == "waiting", or_(Job.due_at <= now, Job.created_at > now + SKEW))
    is_abandoned = or_(Job.leased_until <= now, Job.leased_until > now + LEASE + SKEW)
    return or_(is_waiting, and_(Job.state == "running", is_abandoned))


def has_due(session: Session) -> bool:
    """Something can be taken; read without the lock that writing needs."""
    session.connection(execution_options={"readonly": True})
    return session.scalar(select(Job.id).where(is_due(utcnow())).limit(1)) is not None


def claim(session: Session) -> Job | None:
    """Take the oldest due job for the length of a lease; two workers never take the same.

    SQLite lets one transaction write at a time; PostgreSQL skips the rows that another one holds.
    """
    now = utcnow()
    oldest = select(Job.id).where(is_due(now)).order_by(Job.due_at, Job.id).limit(1).with_for_update(skip_locked=True)
    taken = (
        update(Job)
        .where(Job.id == oldest.scalar_subquery())
        .values(state="running", attempts=Job.attempts + 1, leased_until=now + LEASE)
        .returning(Job)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(taken)


def complete(session: Session, job: Job) -> bool:
    """The work is done; False when the lease ran out and somebody else has the job."""
    return _leave(session, job, state="done", done_at=utcnow(), last_error="")


def fail(session: Session, job: Job, error: str, *, is_final: bool = False) -> bool:
    """Wait for the next try, or give up; `error` says what happened without naming anybody."""
    if is_final or job.attempts > len(WAITS):
        return _leave(session, job, state="failed", last_error=error[:1000])
    return _leave(session, job, state="waiting", due_at=utcnow() + WAITS[job.attempts - 1], last_error=error[:1000])


def _leave(session: Session, job: Job, **values: Any) -> bool:
    # The number of attempts is that of this lease: another worker's would be higher.
    held = update(Job).where(Job.id == job.id, Job.state == "running", Job.attempts == job.attempts)
    left = held.values(leased_until=None, **values).returning(Job.id).execution_options(synchronize_session=False)
    return session.scalar(left) is not None


def retry(session: Session, job_ids: Sequence[int] | None = None) -> int:
    """Try failed and waiting jobs again now, as if for the first time: all that failed, or those of these numbers."""
    chosen = Job.state == "failed"
    if job_ids is not None:
        chosen = and_(Job.id.in_(job_ids), Job.state.in_(("failed", "waiting")))
    again = update(Job).where(chosen).values(state="waiting", attempts=0, due_at=utcnow()).returning(Job.id)
    return len(session.scalars(again.execution_options(synchronize_session=False)).all())


@dataclass(frozen=True)
class Backlog:
    """How many jobs wait, how many of them should have been taken long ago, how many need somebody."""

    waiting: int
    late: int
    failed: int


def backlog(session: Session) -> Backlog:
    """The state of the queue; late is what was due ten minutes ago: then no worker runs."""
    long_ago = utcnow() - dt.timedelta(minutes=10)
    late = or_(
        and_(Job.state == "waiting", Job.due_at <= long_ago), and_(Job.state == "running", Job.leased_until <= long_ago)
    )
    counted = select(
        func.count().filter(Job.state == "waiting"),
        func.count().filter(late),
        func.count().filter(Job.state == "failed"),
    )
    waiting, late_ones, failed = session.execute(counted.select_from(Job)).one()
    return Backlog(waiting, late_ones, failed)
