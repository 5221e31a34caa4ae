"""Jobs, a worker in this process and a mail server of the tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from config import Settings
from directory.core.database import make_engine
from directory.core.jobs import Handler, Job, enqueue
from directory.core.mail import Mail, open_transport
from directory.core.worker import Worker
from tests.conftest import make_database
from tests.smtp import MailServer, mail_server

SENTENCES = ("Une phrase.",)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, server: MailServer) -> Settings:
    return Settings(instance=tmp_path, mail_url=server.url(), public_url="https://annuaire.example")


@pytest.fixture
def store(backend: str, tmp_path: Path, worker_id: str) -> Iterator[Engine]:
    """A database of its own, where several workers really commit."""
    engine = make_engine(make_database(backend, tmp_path, f"jobs_{worker_id}"))
    Job.__table__.create(engine)  # type: ignore[attr-defined]  # no geometry here: the table alone is enough
    yield engine
    engine.dispose()


@pytest.fixture
def kept(store: Engine) -> sessionmaker[Session]:
    """Sessions on that database."""
    return sessionmaker(store, expire_on_commit=False)


def tell(_session: Session, *, number: int) -> Mail:
    return Mail("personne@exemple.org", f"Nouvelle {number}", SENTENCES)


def make_worker(
    sessions: sessionmaker[Session], settings: Settings, handlers: Mapping[str, Handler] | None = None
) -> Worker:
    return Worker(sessions, handlers or {"tell": tell}, settings, open_transport(settings), nullcontext)


def ask(sessions: sessionmaker[Session], kind: str = "tell", count: int = 1, **payload: Any) -> list[int]:
    """Jobs asked for by a transaction that was committed."""
    with sessions.begin() as session:
        asked = [enqueue(session, kind, number=number, **payload) for number in range(count)]
        session.flush()
        return [job.id for job in asked]


def only_job(sessions: sessionmaker[Session]) -> Job:
    with sessions() as session:
        return session.scalars(select(Job)).one()
