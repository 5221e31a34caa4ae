"""A code at sign-in: optional, used once, with paper codes for the day the telephone is lost."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from passlib.totp import TOTP
from sqlalchemy.orm import Session

from directory.accounts import credentials, operations
from directory.accounts.identity import sign_in
from directory.accounts.models import Account
from directory.core.mail import Mail
from tests.accounts.conftest import PASSWORD, Browser, path_in, refreshed

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The time, which a test moves: a code lasts thirty seconds."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def code_of(key: str) -> str:
    """What the application of the telephone shows now."""
    return str(TOTP(key=key.replace("-", "").replace(" ", ""), format="base32").generate().token)


@pytest.fixture
def key(browser: Browser, anne: Account, clock: time_machine.Traveller) -> str:
    """Anne set up a code; the key that her telephone keeps."""
    return set_up(browser, anne)[0]


def set_up(browser: Browser, anne: Account) -> tuple[str, list[str]]:
    """The key and the paper codes of somebody who sets up a code."""
    browser.sign_in(anne.email)
    page = browser.get("/compte/code").text
    found = re.search(r'account__key">([^<]+)<', page)
    assert found is not None
    assert 'src="data:image/svg+xml;base64,' in page
    key = found.group(1)
    answer = browser.send("/compte/code", code=code_of(key), current=PASSWORD)
    assert answer.status_code == 200
    return key, re.findall(r"<li><code>([^<]+)</code>", answer.text)


def test_the_password_alone_no_longer_opens_the_account(
    key: str, open_browser: Callable[[], Browser], anne: Account, clock: time_machine.Traveller
) -> None:
    clock.shift(60)
    visitor = open_browser()
    assert visitor.sign_in(anne.email).headers["Location"] == "/compte/connexion/code"
    assert not visitor.is_signed_in()
    assert visitor.send("/compte/connexion/code", code="000000").status_code == 422
    assert not visitor.is_signed_in()
    assert visitor.send("/compte/connexion/code", code=code_of(key)).status_code == 303
    assert visitor.is_signed_in()


def test_a_code_is_refused_the_second_time(
    key: str, open_browser: Callable[[], Browser], anne: Account, clock: time_machine.Traveller
) -> None:
    clock.shift(60)
    code = code_of(key)
    statuses = []
    for _ in range(2):
        visitor = open_browser()
        visitor.sign_in(anne.email)
        statuses.append(visitor.send("/compte/connexion/code", code=code).status_code)
    assert statuses == [303, 422]


def test_the_code_of_the_set_up_does_not_serve_to_sign_in(
    key: str, open_browser: Callable[[], Browser], anne: Account
) -> None:
    visitor = open_browser()
    visitor.sign_in(anne.email)
    assert visitor.send("/compte/connexion/code", code=code_of(key)).status_code == 422


def test_two_requests_at_once_cannot_use_one_code(
    app: Flask, key: str, anne: Account, session: Session, clock: time_machine.Traveller
) -> None:
    clock.shift(60)
    with app.app_context():
        first = refreshed(session, anne)
        code, before = code_of(key), first.tf_last_counter
        assert credentials.is_code_of(first, first.tf_totp_secret, code)
        first.tf_last_counter = before  # what the other request read before
        assert not credentials.is_code_of(first, first.tf_totp_secret, code)


def test_a_paper_code_opens_the_account_once(
    browser: Browser,
    open_browser: Callable[[], Browser],
    anne: Account,
    session: Session,
    clock: time_machine.Traveller,
) -> None:
    _, paper = set_up(browser, anne)
    assert len(set(paper)) == 8
    assert not set(paper) & set(refreshed(session, anne).mf_recovery_codes or [])  # kept encrypted
    statuses = []
    for _ in range(2):
        visitor = open_browser()
        visitor.sign_in(anne.email)
        statuses.append(visitor.send("/compte/connexion/code", code=paper[3].upper()).status_code)
    assert statuses == [303, 422]
    assert len(refreshed(session, anne).mf_recovery_codes or []) == 7


def test_the_second_step_is_open_five_minutes_and_to_nobody_else(
    key: str, open_browser: Callable[[], Browser], anne: Account, clock: time_machine.Traveller
) -> None:
    assert open_browser().get("/compte/connexion/code").status_code == 303
    visitor = open_browser()
    visitor.sign_in(anne.email)
    clock.shift(301)
    late = visitor.client.post(
        "/compte/connexion/code", data=visitor.hidden("/compte/connexion") | {"code": code_of(key)}
    )
    assert late.headers["Location"].startswith("/compte/connexion")
    assert not visitor.is_signed_in()


@pytest.mark.usefixtures("limits")
def test_the_sixth_code_in_a_minute_waits(
    key: str, open_browser: Callable[[], Browser], anne: Account, clock: time_machine.Traveller
) -> None:
    visitor = open_browser()
    visitor.sign_in(anne.email)
    typed = visitor.hidden("/compte/connexion/code") | {"code": "111111"}
    statuses = [visitor.client.post("/compte/connexion/code", data=typed).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_a_link_to_a_new_password_still_asks_for_the_code(
    app: Flask,
    key: str,
    open_browser: Callable[[], Browser],
    anne: Account,
    session: Session,
    clock: time_machine.Traveller,
) -> None:
    with app.app_context():
        token = credentials.reset_token(refreshed(session, anne))
    visitor = open_browser()
    answer = visitor.send(f"/compte/mot-de-passe/{token}", password="trois ponts et un seul gué")
    assert answer.headers["Location"].startswith("/compte/connexion/code")
    assert not visitor.is_signed_in()
    clock.shift(60)
    assert visitor.send(answer.headers["Location"], code=code_of(key)).status_code == 303
    assert visitor.is_signed_in()


def test_a_mailed_link_signs_in_nobody_who_has_a_code(
    app: Flask, key: str, anne: Account, session: Session, clock: time_machine.Traveller
) -> None:
    with app.test_request_context(method="POST"):
        assert not sign_in(refreshed(session, anne))
        operations.stop_two_factor(session, anne)
        assert sign_in(anne)


def test_setting_up_asks_for_the_password_and_a_right_code(browser: Browser, anne: Account, session: Session) -> None:
    browser.sign_in(anne.email)
    page = browser.get("/compte/code").text
    shown = re.search(r'account__key">([^<]+)<', page)
    assert shown is not None
    assert browser.send("/compte/code", code="12", current=PASSWORD).status_code == 422
    assert browser.send("/compte/code", code=code_of(shown.group(1)), current="faux").status_code == 422
    assert refreshed(session, anne).tf_primary_method is None


def test_giving_up_the_code_asks_for_the_password_and_is_told_by_mail(
    browser: Browser, mails: Callable[[], list[Mail]], key: str, anne: Account, session: Session
) -> None:
    mails()
    assert browser.send("/compte/code/arreter", page="/compte/code", current="faux").status_code == 422
    assert refreshed(session, anne).tf_primary_method == "authenticator"
    assert browser.send("/compte/code/arreter", page="/compte/code", current=PASSWORD).status_code == 303
    account = refreshed(session, anne)
    assert (account.tf_primary_method, account.tf_totp_secret, account.mf_recovery_codes) == (None, None, None)
    (mail,) = mails()
    assert "arrêté" in mail.subject
    assert path_in(mail) == "/compte/mot-de-passe-oublie"


def test_the_secret_is_not_readable_in_the_database(key: str, anne: Account, session: Session) -> None:
    kept = refreshed(session, anne).tf_totp_secret or ""
    assert key.replace("-", "") not in kept
    assert "enckey" in kept
