"""The worker: takes the jobs that are due, one after the other, and sends the mails they make.

The rows of `job` are the truth. huey only tells a worker to look: at once after a request, and every 30 seconds
whatever happens, because huey forgets what it was doing when it is killed.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from huey import SqliteHuey
from huey.consumer import Consumer, ConsumerStopped, Scheduler
from huey.registry import Message
from sqlalchemy.orm import Session, sessionmaker

from config import Settings
from directory.core.errors import DirectoryError
from directory.core.jobs import WAITS, Handler, Job, claim, complete, fail, has_due
from directory.core.mail import Mail, MailRefused, Transport, compose, sender
from directory.core.time import utcnow

SWEEP_SECONDS = 30
PATIENCE = 25.0
"""Seconds that a stopping worker gives to the mail being sent; then the lease brings it back, perhaps as a copy."""

log = logging.getLogger(__name__)


class UnknownKind(Exception):
    """No package handles this kind of job: the worker is older than the site, or the kind is misspelt."""


class DiedEachTime(Exception):
    """The worker that took this job was killed, at each of its tries."""


@dataclass(frozen=True)
class Worker:
    """What is needed to do jobs; `context` opens the application for a handler."""

    sessions: sessionmaker[Session]
    handlers: Mapping[str, Handler]
    settings: Settings
    transport: Transport
    context: Callable[[], AbstractContextManager[object]]

    def run_due(self, is_stopping: Callable[[], bool] = lambda: False) -> int:
        """Do what is due until nothing is left, or until the worker must stop; returns how many were taken."""
        taken = 0
        while not is_stopping() and (job := self._take()) is not None:
            self._do(job)
            taken += 1
        return taken

    def _take(self) -> Job | None:
        with self.sessions() as session:
            if not has_due(session):
                return None
        with self.sessions.begin() as session:
            return claim(session)

    def _do(self, job: Job) -> None:
        """One job, whatever happens in it: done, to be tried again, or failed."""
        try:
            mail = self._handle(job)
            if mail is not None:
                self.transport.send(self._compose(mail, job), name_of(job))
                self._complete(job)
        except Exception as error:  # noqa: BLE001  # one faulty job must not stop the others
            told = describe(error)
            log.warning("job %d (%s), try %d: %s", job.id, job.kind, job.attempts, told)
            with self.sessions.begin() as session:
                fail(session, job, told, is_final=isinstance(error, MailRefused | DirectoryError | DiedEachTime))

    def _handle(self, job: Job) -> Mail | None:
        """The mail to send; without one, what the handler wrote and the end of its job are one transaction."""
        if job.attempts > len(WAITS) + 1:
            raise DiedEachTime
        handler = self.handlers.get(job.kind)
        if handler is None:
            raise UnknownKind
        with self.context(), self.sessions() as session:
            mail = handler(session, **job.payload)
            if mail is None and not complete(session, job):
                log.warning("job %d (%s): its lease ran out, another worker has it", job.id, job.kind)
                return None
            session.commit()  # never a transaction open while a mail server answers
            return mail

    def _compose(self, mail: Mail, job: Job) -> EmailMessage:
        # Told from the job and nothing else: sent again after a kill, it is recognised as the same message.
        identity = f"{self.settings.public_url} {job.kind} {job.id} {job.created_at.isoformat()}"
        digest = hashlib.sha256(identity.encode()).hexdigest()[:32]
        message_id = f"<{digest}@{sender(self.settings).rpartition('@')[2]}>"
        return compose(mail, self.settings, message_id=message_id, at=utcnow())

    def _complete(self, job: Job) -> None:
        with self.sessions.begin() as session:
            if not complete(session, job):
                log.warning("job %d (%s): sent after its lease ran out, perhaps twice", job.id, job.kind)


def name_of(job: Job) -> str:
    """What names the job's message: in order of time, the same at each try."""
    return f"{job.created_at:%Y%m%d-%H%M%S}-{job.id:06d}-{job.kind}"


def describe(error: Exception) -> str:
    """What went wrong and where, without the message of the error: it may name a person."""
    code = getattr(error, "smtp_code", None) or getattr(error, "errno", None)
    kind = f"{type(error).__name__} {code}" if isinstance(code, int) else type(error).__name__
    if isinstance(error, MailRefused):
        kind = f"{kind} ({error})"
    trace, place = error.__traceback__, ""
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if "directory" in path.parts:
            place = f"{path.parent.name}/{path.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{kind} ({place})" if place else kind


class Queue:
    """The file by which requests wake workers; nothing in it needs to be kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._opened: tuple[SqliteHuey, Any] | None = None

    def wake(self) -> None:
        """Tell a worker that something waits; a failure is logged and costs half a minute."""
        try:
            huey, task = self._open(lambda: None)
            if not huey.pending_count():  # one that is still there will look after this commit too
                task()
        except (sqlite3.Error, OSError) as error:
            log.warning("the worker was not woken (%s): it will look by itself", type(error).__name__)

    def work(self, sweep: Callable[[Callable[[], bool]], object], is_over: Callable[[], bool]) -> None:
        """Sweep at once, when woken and every 30 seconds, until a signal or until `is_over`; one sweep at a time."""
        self._replace_when_broken()
        huey, _task = self._open(lambda: sweep(consumer.stop_flag.is_set))
        consumer = _Consumer(
            huey, workers=1, max_delay=1.0, scheduler_interval=SWEEP_SECONDS, shutdown_timeout=PATIENCE
        )
        consumer.is_over = is_over
        consumer.run()

    def _open(self, look: Callable[[], object]) -> tuple[SqliteHuey, Any]:
        with self._lock:
            if self._opened is None:
                huey = SqliteHuey(
                    "jobs", filename=str(self._path), results=False, serializer=_JSON(), fsync=False, timeout=1
                )
                self._opened = huey, huey.periodic_task(lambda _now: True, name="look")(look)
            return self._opened

    def _replace_when_broken(self) -> None:
        """A queue that cannot be read would stop the sweeps as well: it holds nothing, so a new one is made."""
        try:
            self._open_raw()
        except sqlite3.DatabaseError:
            log.warning("the queue %s could not be read: a new one is made", self._path.name)
            for suffix in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def _open_raw(self) -> None:
        connection = sqlite3.connect(self._path)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        finally:
            connection.close()


class _JSON:
    """Messages as JSON: huey's own pickle would run whatever somebody wrote into the file."""

    def serialize(self, message: Any) -> bytes:
        return json.dumps(message._asdict(), default=str).encode()

    def deserialize(self, data: bytes) -> Any:
        return Message(**json.loads(bytes(data)))


class _Scheduler(Scheduler):  # type: ignore[misc]  # huey has no types
    """Asks for a sweep at the start, then every 30 seconds by a clock that nobody sets."""

    periodic_task_seconds = SWEEP_SECONDS


class _Consumer(Consumer):  # type: ignore[misc]  # huey has no types
    """Stops after the mail being sent, on SIGTERM, on Ctrl-C and when the site it works for is gone."""

    scheduler_class = _Scheduler
    is_over: Callable[[], bool]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._signal_actions = dict.fromkeys((self._graceful_sig, self._interrupt_sig), (False, True))

    def loop(self, health_check_ts: float | None = None) -> Any:
        if self.is_over():
            self.stop(graceful=True)
            raise ConsumerStopped
        return super().loop(health_check_ts)
