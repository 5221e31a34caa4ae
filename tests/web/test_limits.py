"""How often one may ask: the eleventh time in a minute waits, and nothing that a client writes escapes the count."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from config import Settings
from directory import create_app
from directory.web.limits import limiter
from tests.conftest import SignIn
from tests.factories import make_account
from tests.web.world import token_of

SIGN_IN = "/compte/connexion"
TYPED = {"password": "ce n’est pas le bon"}


@pytest.fixture
def counted(app: Flask) -> Iterator[Flask]:
    """The application, counting as in production, from zero."""
    yield from counting(app)


def counting(app: Flask) -> Iterator[Flask]:
    app.config["RATELIMIT_ENABLED"] = True
    limiter.init_app(app)
    limiter.reset()
    yield app
    limiter.reset()
    limiter.enabled = False


@pytest.fixture
def behind_a_proxy(settings: Settings, sessions: sessionmaker[Session]) -> Iterator[Flask]:
    """The same behind one proxy, which tells the address of the client last."""
    app = create_app(replace(settings, proxy_hops=1))
    app.extensions["engine"].dispose()
    app.extensions["sessions"] = sessions
    yield from counting(app)


def trying(client: FlaskClient, **options: object) -> Callable[[int], TestResponse]:
    """Tries to sign in, each time under another name."""
    token = token_of(client, SIGN_IN)

    def one(number: int, **more: object) -> TestResponse:
        typed = {**TYPED, "email": f"personne{number}@example.org", "csrf_token": token}
        return client.post(SIGN_IN, data=typed, **{**options, **more})

    return one


def test_the_eleventh_sign_in_of_a_minute_waits_and_is_told_how_long(counted: Flask, session: Session) -> None:
    attempt = trying(counted.test_client())
    assert {attempt(number).status_code for number in range(10)} == {422}
    refused = attempt(10)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert "Trop de demandes" in refused.text
    assert "Ratelimit" not in refused.text
    assert refused.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in refused.headers["Content-Security-Policy"]


def test_a_page_is_still_read_when_sending_must_wait(counted: Flask, session: Session) -> None:
    client = counted.test_client()
    attempt = trying(client)
    assert [attempt(number).status_code for number in range(11)][-1] == 429
    assert client.get(SIGN_IN).status_code == 200
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("forged", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Client-IP", "X-Client-IP"])
def test_no_header_of_the_client_escapes_the_count(counted: Flask, session: Session, forged: str) -> None:
    attempt = trying(counted.test_client())
    for number in range(10):
        attempt(number, headers={forged: f"203.0.113.{number}"})  # type: ignore[call-arg]
    assert attempt(10, headers={forged: "198.51.100.1"}).status_code == 429  # type: ignore[call-arg]


def test_behind_a_proxy_only_what_the_proxy_wrote_counts(behind_a_proxy: Flask, session: Session) -> None:
    attempt = trying(behind_a_proxy.test_client())
    for number in range(10):
        attempt(number, headers={"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.7"})  # type: ignore[call-arg]
    again = {"X-Forwarded-For": "203.0.113.99, 198.51.100.7"}
    somebody_else = {"X-Forwarded-For": "203.0.113.99, 198.51.100.8"}
    assert attempt(10, headers=again).status_code == 429  # type: ignore[call-arg]
    assert attempt(11, headers=somebody_else).status_code == 422  # type: ignore[call-arg]


def test_somebody_signed_in_is_counted_wherever_they_come_from(
    counted: Flask, session: Session, sign_in: SignIn
) -> None:
    account = make_account(session)
    browsers = [sign_in(account), sign_in(account)]
    address = "/compte/mot-de-passe"
    tokens = [token_of(browser, address) for browser in browsers]
    answers = [
        browsers[number % 2].post(
            address,
            data={"csrf_token": tokens[number % 2]},
            environ_overrides={"REMOTE_ADDR": f"203.0.113.{number}"},
        )
        for number in range(11)
    ]
    assert {answer.status_code for answer in answers[:10]} == {303}
    assert answers[10].status_code == 429


def test_the_project_can_test_without_waiting(app: Flask, session: Session) -> None:
    attempt = trying(app.test_client())
    assert {attempt(number).status_code for number in range(12)} == {422}
