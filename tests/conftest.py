"""Fixtures for everybody: a database migrated once per engine, a session rolled back, an application on that session.

What touches a database runs on SpatiaLite, and on PostGIS when DIRECTORY_TEST_POSTGRES gives a server (script/test
starts one; script/test --fast does not, and says so).
"""

from __future__ import annotations

import functools
import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session, sessionmaker

import directory
from config import Environment, Settings
from directory import create_app
from directory.accounts.models import Account, AccountSession
from directory.core.database import make_engine, make_session_factory
from directory.core.time import utcnow
from directory.geocoding.gazetteer import open_gazetteer
from directory.networks import operations as networks
from directory.reference import operations as reference
from directory.web import caching

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = os.environ.get("DIRECTORY_TEST_POSTGRES", "")
BACKENDS = [
    pytest.param("sqlite", id="spatialite"),
    *([pytest.param("postgresql", id="postgis")] if POSTGRES else []),
]


def pytest_report_header() -> str:
    """Say on which engines this run stands, so that none is left out in silence."""
    return f"databases: {'SpatiaLite and PostGIS' if POSTGRES else 'SpatiaLite alone (no DIRECTORY_TEST_POSTGRES)'}"


def migration_config(url: str) -> Config:
    """Alembic on the database of a URL."""
    configuration = Config()
    configuration.set_main_option("script_location", str(ROOT / "migrations"))
    configuration.attributes["url"] = url
    return configuration


def make_database(backend: str, folder: Path, name: str) -> str:
    """The URL of a new, empty database."""
    if backend == "sqlite":
        return f"sqlite:///{folder / name}.sqlite"
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    server.dispose()
    return make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """The engine a test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def engine(backend: str, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Engine]:
    """A database at head with the real reference lists; tests leave it as they found it."""
    url = make_database(backend, tmp_path_factory.mktemp(backend), f"tests_{worker_id}")
    command.upgrade(migration_config(url), "head")
    engine = make_engine(url)
    with Session(engine) as session, session.begin():
        reference.load(session, ROOT / "data")
        networks.load(session, ROOT / "data")
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection whose transaction is undone at the end."""
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        if transaction.is_active:
            transaction.rollback()


@pytest.fixture
def sessions(connection: Connection) -> sessionmaker[Session]:
    """Sessions of this test: what they commit is a savepoint."""
    return sessionmaker(bind=connection, join_transaction_mode="create_savepoint", expire_on_commit=False)


@pytest.fixture
def committed(backend: str, tmp_path: Path, worker_id: str) -> Iterator[sessionmaker[Session]]:
    """A database of this test alone, whose transactions are real ones."""
    url = make_database(backend, tmp_path, f"committed_{worker_id}")
    command.upgrade(migration_config(url), "head")
    engine = make_engine(url)
    sessions = make_session_factory(engine)
    with sessions.begin() as session:
        reference.load(session, ROOT / "data")
        networks.load(session, ROOT / "data")
    yield sessions
    engine.dispose()


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """A session, rolled back at the end."""
    with sessions() as session:
        yield session


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a test: its own folder, the gazetteer that script/test built."""
    gazetteer = os.environ.get("DIRECTORY_GAZETTEER")
    chosen: dict[str, Any] = {"gazetteer": Path(gazetteer)} if gazetteer else {}
    return Settings(environment=Environment.TEST, instance=tmp_path, **chosen)


_gazetteer = functools.cache(open_gazetteer)
_build = functools.cache(caching.build_of)


@pytest.fixture
def app(settings: Settings, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application, reading and writing inside the transaction of the test."""
    # Two thirds of the time that an application takes to begin, and the same files for every test.
    monkeypatch.setattr(directory, "open_gazetteer", _gazetteer)
    monkeypatch.setattr(caching, "build_of", _build)
    app = create_app(settings)
    app.extensions["engine"].dispose()
    app.extensions["sessions"] = sessions
    return app


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    """A visitor; what `session` holds unsaved is flushed by the test itself."""
    return app.test_client()


SignIn = Callable[[Account], FlaskClient]


@pytest.fixture
def sign_in(app: Flask, session: Session) -> SignIn:
    """A browser in which an account is signed in, as identity.open_session does it."""

    def signed(account: Account) -> FlaskClient:
        identifier = secrets.token_hex(8)
        digest = hashlib.sha256(identifier.encode()).hexdigest()
        session.add(AccountSession(account_id=account.id, digest=digest))
        session.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            now = int(utcnow().timestamp())
            cookie.update(_user_id=account.fs_uniquifier, _fresh=True, sid=identifier, seen=now)
        return client

    return signed


@pytest.fixture
def count_queries(connection: Connection) -> Iterator[list[str]]:
    """The statements that the test sent to the database."""
    statements: list[str] = []

    def record(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(connection, "before_cursor_execute", record)
    yield statements
    event.remove(connection, "before_cursor_execute", record)
