"""The unit of work: one session a request or a command, committed in one place.

Reading requests get a session that cannot write. A writing request commits once, after its view succeeded and before
its answer leaves; a status of 400 or more leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from flask import Flask, Response, current_app, g, request
from sqlalchemy import Engine, event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, sessionmaker

from config import Settings
from directory.core.database import make_engine, make_session_factory
from directory.core.jobs import ASKED
from directory.core.worker import Queue

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class WriteInReading(RuntimeError):
    """A view that answers a reading request tried to write: a fault of the code."""


def init_app(app: Flask, settings: Settings) -> None:
    """Open the engine (it connects at first use) and frame each request by a unit of work."""
    engine = make_engine(settings.database_url)
    app.extensions["engine"] = engine
    app.extensions["sessions"] = make_session_factory(engine)
    app.extensions["queue"] = Queue(settings.instance / "queue.sqlite")
    app.after_request(_commit)
    app.teardown_appcontext(_close)


def session() -> Session:
    """The session of this request, made at its first use; it refuses to write on a reading request."""
    if "session" not in g:
        g.session = _open(readonly=request.method in SAFE_METHODS)
    current: Session = g.session
    return current


@contextmanager
def command_session() -> Iterator[Session]:
    """The session of a command: committed when the block ends well, rolled back otherwise."""
    with _open(readonly=False) as current, current.begin():
        yield current
    _wake(current)


def reader() -> Callable[[], Session]:
    """Opens sessions that read, for an answer that goes on after its request; whoever opens one closes it."""
    return _readers(current_app.extensions["sessions"])


def _open(*, readonly: bool) -> Session:
    sessions: sessionmaker[Session] = current_app.extensions["sessions"]
    return _readers(sessions)() if readonly else sessions()


@lru_cache(maxsize=1)
def _readers(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """The same sessions, that refuse to write."""
    bind = sessions.kw["bind"].execution_options(readonly=True)
    if isinstance(bind, Engine) and bind.dialect.name == "postgresql":
        # One picture of the corpus for the whole answer, as SQLite gives by itself.
        bind = bind.execution_options(isolation_level="REPEATABLE READ")
    reading = sessionmaker(**{**sessions.kw, "bind": bind})
    event.listen(reading, "before_flush", _refuse_flush)
    event.listen(reading, "do_orm_execute", _refuse_statement)
    return reading


def _refuse_flush(_session: Session, _context: UOWTransaction, _instances: object) -> None:
    raise WriteInReading(f"{request.method} {request.endpoint} tried to write")


def _refuse_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise WriteInReading(f"{request.method} {request.endpoint} tried to write")


def _commit(response: Response) -> Response:
    if "session" in g and request.method not in SAFE_METHODS:
        if response.status_code < 400:
            session().commit()
        else:
            session().rollback()
        _wake(session())
    return response


def _wake(current: Session) -> None:
    """After the commit: what was enqueued leaves at once. The view may have committed by itself before refusing."""
    if current.info.pop(ASKED, False):
        current_app.extensions["queue"].wake()


def _close(_error: BaseException | None) -> None:
    current: Session | None = g.pop("session", None)
    if current is not None:
        current.close()
