"""A browser that fills in forms as they are shown, and people to sign in with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from directory.accounts import operations
from directory.accounts.jobs import HANDLERS
from directory.accounts.models import Account
from directory.core.jobs import Job
from directory.core.mail import Mail
from directory.web.limits import limiter
from tests.reading import hidden

PASSWORD = "une barque sans rame ni voile"


class Browser:
    """A visitor who reads a page, then sends its form."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, path: str) -> TestResponse:
        """Read a page."""
        return self.client.get(path)

    def hidden(self, path: str) -> dict[str, str]:
        """What the form of a page sends by itself."""
        return hidden(self.get(path))

    def send(self, path: str, *, page: str | None = None, **typed: str) -> TestResponse:
        """Fill in the form of a page (the same address unless said) and send it."""
        return self.client.post(path, data=self.hidden(page or path) | typed)

    def sign_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        """Sign in by the front door."""
        return self.send("/compte/connexion", email=email, password=password)

    def is_signed_in(self) -> bool:
        """The account page opens."""
        return self.get("/compte").status_code == 200

    def cookie(self) -> str:
        """What the session cookie holds now."""
        found = self.client.get_cookie("session")
        return found.value if found is not None else ""

    def take_cookie(self, value: str) -> None:
        """Come with the cookie of another moment, or of somebody else."""
        self.client.set_cookie("session", value)


@pytest.fixture
def open_browser(app: Flask, session: Session) -> Callable[[], Browser]:
    """A new visitor each time; the transaction of the test is there first."""
    return lambda: Browser(app)


@pytest.fixture
def browser(open_browser: Callable[[], Browser]) -> Browser:
    """A visitor."""
    return open_browser()


@pytest.fixture
def anne(app: Flask, session: Session) -> Account:
    """Somebody with a password."""
    with app.app_context():
        account = operations.create(session, "anne@exemple.org")
        operations.give_first_password(session, account, PASSWORD)
        session.commit()
    return account


@pytest.fixture
def mails(app: Flask, session: Session) -> Callable[[], list[Mail]]:
    """The mails that wait, made as the worker makes them; each is taken once."""

    def take() -> list[Mail]:
        session.expire_all()
        made = []
        with app.app_context():
            for job in session.scalars(select(Job).where(Job.state == "waiting").order_by(Job.id)).all():
                mail = HANDLERS[job.kind](session, **job.payload)
                job.state = "done"
                if mail is not None:
                    made.append(mail)
            session.commit()
        return made

    return take


@pytest.fixture
def limits(app: Flask) -> Iterator[None]:
    """Count requests as in production, from zero."""
    app.config["RATELIMIT_ENABLED"] = True
    limiter.init_app(app)
    limiter.reset()
    yield
    limiter.reset()
    limiter.enabled = False


def path_in(mail: Mail) -> str:
    """The path that the button of a mail opens."""
    assert mail.action is not None
    return re.sub(r"^https?://[^/]+", "", mail.action.address)


def refreshed(session: Session, account: Account) -> Account:
    """The account as the database has it now."""
    session.expire_all()
    session.refresh(account)
    return account
