"""Signing in and out: one answer for everybody, a session that ends on the server."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask_security import hash_password
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Environment, Settings
from directory import create_app
from directory.accounts import operations
from directory.accounts.identity import LONGEST_IDLE, LONGEST_SESSION
from directory.accounts.models import Account, AccountSession
from tests.accounts.conftest import PASSWORD, Browser, refreshed

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"


def without_secrets(page: str) -> str:
    """A page without what changes at each display, nor the address that was typed."""
    page = re.sub(r'value="[^"]*"', "", page)
    return page.replace("anne@exemple.org", "").replace("personne@exemple.org", "")


def test_the_right_password_opens_the_account(browser: Browser, anne: Account) -> None:
    assert not browser.is_signed_in()
    answer = browser.sign_in("Anne@Exemple.ORG")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/mon-espace")
    assert browser.is_signed_in()


def test_a_password_is_kept_by_argon2_and_its_last_byte_counts(app: Flask, session: Session, browser: Browser) -> None:
    long = "é" * 40 + " la marée monte lentement sur la digue de pierre et personne ne dort"
    with app.app_context():
        account = operations.create(session, "longue@exemple.org")
        operations.give_first_password(session, account, long)
        session.commit()
    assert (account.password or "").startswith("$argon2id$")
    assert browser.sign_in("longue@exemple.org", long[:-1] + "x").status_code == 422
    assert browser.sign_in("longue@exemple.org", long).status_code == 303


def test_accents_typed_by_another_keyboard_are_the_same_password(
    app: Flask, session: Session, browser: Browser
) -> None:
    with app.app_context():
        account = operations.create(session, "accents@exemple.org")
        operations.give_first_password(session, account, "la forêt près de la rivière")
        session.commit()
    decomposed = "la fore\u0302t pre\u0300s de la rivie\u0300re"
    assert browser.sign_in("accents@exemple.org", decomposed).status_code == 303


@pytest.mark.parametrize("sign", ["a", "\ufdfa"])  # the second is eighteen signs once normal
def test_a_password_without_end_is_refused_in_words(browser: Browser, anne: Account, sign: str) -> None:
    answer = browser.sign_in(anne.email, sign * 5_000)
    assert answer.status_code == 422
    assert "Ce mot de passe est très long" in answer.get_data(as_text=True)


@pytest.mark.parametrize("state", ["no account", "wrong password", "no password", "closed", "unconfirmed"])
def test_a_refused_sign_in_says_the_same_whoever_exists(
    app: Flask, session: Session, browser: Browser, open_browser: Callable[[], Browser], anne: Account, state: str
) -> None:
    email, password = "anne@exemple.org", PASSWORD
    if state == "no account":
        email = "personne@exemple.org"
    elif state == "wrong password":
        password = "une autre barque sans rame"
    elif state == "no password":
        anne.password = None
    elif state == "closed":
        anne.active = False
    else:
        anne.confirmed_at = None
    session.commit()
    answer = browser.sign_in(email, password)
    reference = open_browser().sign_in("personne@exemple.org", "n’importe quoi d’assez long")
    assert answer.status_code == reference.status_code == 422
    assert without_secrets(answer.text) == without_secrets(reference.text)
    assert not browser.is_signed_in()


def test_what_was_typed_comes_back_except_the_password(browser: Browser) -> None:
    page = browser.sign_in("personne@exemple.org", "un secret bien assez long").text
    assert "personne@exemple.org" in page
    assert "un secret" not in page
    assert 'role="alert"' in page


@pytest.mark.parametrize("typed", ["", "anne", "a\x00b@exemple.org", "\ud800@exemple.org", "x" * 5000])
def test_nonsense_typed_for_an_address_is_refused_never_a_fault(browser: Browser, typed: str) -> None:
    data = {"email": typed.encode("utf-8", "surrogatepass"), "password": b"\x00 un secret \xff"}
    answer = browser.client.post("/compte/connexion", data=browser.hidden("/compte/connexion") | data)
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.test/",
        "//evil.test",
        "%5C%5Cevil.test",
        "/%5Cevil.test",
        "http:evil.test",
        "%252F%252Fevil.test",
        "javascript:alert(1)",
    ],
)
def test_signing_in_never_leads_to_another_site(browser: Browser, anne: Account, wanted: str) -> None:
    answer = browser.send(f"/compte/connexion?suite={wanted}", email=anne.email, password=PASSWORD)
    assert answer.headers["Location"] == "/mon-espace"


def test_a_closed_page_leads_to_sign_in_then_back(browser: Browser, anne: Account) -> None:
    away = browser.get("/compte/sessions?x=1")
    assert (away.status_code, away.headers["Cache-Control"]) == (303, "no-store")
    back = browser.send(away.headers["Location"], email=anne.email, password=PASSWORD)
    assert back.headers["Location"] == "/compte/sessions?x=1"


def test_the_identifier_of_the_session_changes_at_each_sign_in(
    browser: Browser, anne: Account, session: Session
) -> None:
    browser.get("/compte/connexion")
    before = browser.cookie()
    browser.sign_in(anne.email)
    first = browser.cookie()
    browser.send("/compte/deconnexion", page="/compte")
    browser.sign_in(anne.email)
    assert len({before, first, browser.cookie()}) == 3
    assert len(set(session.scalars(select(AccountSession.digest)))) == 2
    thief = before
    browser.client.delete_cookie("session")
    browser.take_cookie(thief)
    assert not browser.is_signed_in()


def test_the_database_never_holds_what_the_cookie_holds(browser: Browser, anne: Account, session: Session) -> None:
    browser.sign_in(anne.email)
    row = session.scalars(select(AccountSession)).one()
    with browser.client.session_transaction() as cookie:
        assert cookie["sid"]
        assert cookie["sid"] not in (row.digest, row.browser)


def test_a_cookie_replayed_after_signing_out_opens_nothing(
    browser: Browser, open_browser: Callable[[], Browser], anne: Account
) -> None:
    browser.sign_in(anne.email)
    stolen = browser.cookie()
    assert browser.send("/compte/deconnexion", page="/compte").status_code == 303
    assert not browser.is_signed_in()
    thief = open_browser()
    thief.take_cookie(stolen)
    assert not thief.is_signed_in()


def test_a_cookie_replayed_after_a_change_of_password_opens_nothing(
    browser: Browser, open_browser: Callable[[], Browser], anne: Account
) -> None:
    browser.sign_in(anne.email)
    stolen = browser.cookie()
    new = "deux barques et une corde"
    answer = browser.send("/compte/mot-de-passe", current=PASSWORD, password=new)
    assert answer.status_code == 303
    assert browser.is_signed_in()
    thief = open_browser()
    thief.take_cookie(stolen)
    assert not thief.is_signed_in()
    assert open_browser().sign_in(anne.email).status_code == 422
    assert open_browser().sign_in(anne.email, new).status_code == 303


def test_a_cookie_replayed_after_the_account_is_closed_opens_nothing(
    app: Flask, session: Session, browser: Browser, anne: Account
) -> None:
    browser.sign_in(anne.email)
    operations.close(session, refreshed(session, anne))
    session.commit()
    assert not browser.is_signed_in()
    assert browser.sign_in(anne.email).status_code == 422


def test_a_cookie_of_an_account_that_was_deleted_opens_nothing(
    browser: Browser, anne: Account, session: Session
) -> None:
    browser.sign_in(anne.email)
    session.delete(refreshed(session, anne))
    session.commit()
    assert not browser.is_signed_in()


def test_signing_in_again_closes_the_session_before(browser: Browser, anne: Account, session: Session) -> None:
    browser.sign_in(anne.email)
    browser.client.post(
        "/compte/connexion", data=browser.hidden("/compte") | {"email": anne.email, "password": PASSWORD}
    )
    rows = session.scalars(select(AccountSession).order_by(AccountSession.id)).all()
    assert [row.closed_at is None for row in rows] == [False, True]


def test_an_address_without_account_costs_one_hash_too(
    browser: Browser, anne: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent: list[str] = []
    verify = Account.verify_and_update_password

    def count_hash(typed: str) -> str:
        spent.append("hash")
        return hash_password(typed)

    def count_verify(self: Account, typed: str) -> bool:
        spent.append("verify")
        return verify(self, typed)

    monkeypatch.setattr("directory.accounts.credentials.hash_password", count_hash)
    monkeypatch.setattr(Account, "verify_and_update_password", count_verify)
    browser.sign_in("personne@exemple.org")
    browser.sign_in(anne.email, "pas le bon mot de passe")
    assert spent == ["hash", "verify"]


def test_in_production_the_cookie_is_bound_to_the_host_and_hidden_from_scripts(tmp_path: Path) -> None:
    settings = Settings(
        environment=Environment.PRODUCTION,
        instance=tmp_path,
        public_url="https://annuaire.example",
        secret_key="Zk3-q9Xv7Lm2Tn8Rb5Wc1Yd6Hf4Jg0Ps",
    )
    app = create_app(settings)
    answer = app.test_client().get("/compte/connexion", base_url="https://annuaire.example")
    app.extensions["engine"].dispose()
    given = answer.headers["Set-Cookie"]
    assert given.startswith("__Host-session=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in given
    assert "Domain" not in given


def test_a_session_left_idle_for_two_hours_closes(browser: Browser, anne: Account) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        browser.sign_in(anne.email)
        for _ in range(3):  # each visit counts
            clock.shift(LONGEST_IDLE - dt.timedelta(minutes=1))
            assert browser.is_signed_in()
        kept = browser.cookie()
        clock.shift(LONGEST_IDLE + dt.timedelta(seconds=1))
        assert not browser.is_signed_in()
        browser.take_cookie(kept)
        assert not browser.is_signed_in()


def test_a_session_closes_after_twelve_hours_however_busy(browser: Browser, anne: Account) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        browser.sign_in(anne.email)
        for _ in range(11):
            clock.shift(dt.timedelta(hours=1))
            assert browser.is_signed_in()
        clock.shift(LONGEST_SESSION - dt.timedelta(hours=11) + dt.timedelta(seconds=1))
        assert not browser.is_signed_in()


def test_my_sessions_are_listed_by_browser_and_hour_and_closed_one_by_one(
    browser: Browser, open_browser: Callable[[], Browser], anne: Account, session: Session
) -> None:
    browser.sign_in(anne.email)
    other = open_browser()
    other.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    other.sign_in(anne.email)
    page = browser.get("/compte/sessions").text
    assert "Firefox sur Windows" in page
    assert page.count("<time") == 2
    number = session.scalars(select(AccountSession.id).where(AccountSession.browser.startswith("Firefox"))).one()
    assert browser.send(f"/compte/sessions/{number}/fermer", page="/compte/sessions").status_code == 303
    assert not other.is_signed_in()
    assert browser.is_signed_in()


def test_all_my_other_sessions_close_at_once(
    browser: Browser, open_browser: Callable[[], Browser], anne: Account
) -> None:
    others = [open_browser(), open_browser()]
    for other in others:
        other.sign_in(anne.email)
    browser.sign_in(anne.email)
    assert browser.send("/compte/sessions/fermer-les-autres", page="/compte/sessions").status_code == 303
    assert browser.is_signed_in()
    assert not any(other.is_signed_in() for other in others)


def test_the_session_of_somebody_else_cannot_be_closed_nor_known(
    app: Flask, browser: Browser, open_browser: Callable[[], Browser], anne: Account, session: Session
) -> None:
    with app.app_context():
        bob = operations.create(session, "bob@exemple.org")
        operations.give_first_password(session, bob, PASSWORD)
        session.commit()
    other = open_browser()
    other.sign_in(bob.email)
    number = session.scalars(select(AccountSession.id).where(AccountSession.account_id == bob.id)).one()
    browser.sign_in(anne.email)
    assert browser.send(f"/compte/sessions/{number}/fermer", page="/compte").status_code == 404
    assert browser.send(f"/compte/sessions/{number + 999}/fermer", page="/compte").status_code == 404
    assert other.is_signed_in()


@pytest.mark.usefixtures("limits")
def test_the_eleventh_try_in_a_minute_waits_and_says_how_long(browser: Browser, anne: Account) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        hidden = browser.hidden("/compte/connexion")
        typed = hidden | {"email": anne.email, "password": "pas le bon mot de passe"}
        statuses = [browser.client.post("/compte/connexion", data=typed).status_code for _ in range(10)]
        assert statuses == [422] * 10
        refused = browser.client.post("/compte/connexion", data=typed | {"password": PASSWORD})
        assert refused.status_code == 429
        assert 0 < int(refused.headers["Retry-After"]) <= 61
        clock.shift(61)
        assert browser.sign_in(anne.email).status_code == 303


@pytest.mark.usefixtures("limits")
def test_tries_from_many_addresses_slow_one_name_down_and_nobody_is_locked_out_for_ever(
    app: Flask, browser: Browser, open_browser: Callable[[], Browser], anne: Account
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(10):
            robot = open_browser()
            robot.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
            assert robot.sign_in(anne.email, "pas le bon mot de passe").status_code == 422
        assert browser.sign_in(anne.email).status_code == 429
        with app.app_context():
            other = open_browser().sign_in("bob@exemple.org", "pas le bon mot de passe")
        assert other.status_code == 422  # another name is not concerned
        clock.shift(61)
        assert browser.sign_in(anne.email).status_code == 303


def test_signing_in_refused_or_not_is_logged_without_any_address(
    browser: Browser, anne: Account, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="directory"):
        browser.sign_in(anne.email, "pas le bon mot de passe")
        browser.sign_in("personne@exemple.org")
        browser.sign_in(anne.email)
        browser.send("/compte/deconnexion", page="/compte")
    told = caplog.text
    for event in ("sign-in refused: account", "sign-in refused: no such account", "signed in", "signed out"):
        assert event in told
    assert "exemple.org" not in told
    assert "203.0.113" not in told
    assert "127.0.0.1" not in told


def test_reading_a_public_page_never_looks_at_the_cookie(browser: Browser, anne: Account) -> None:
    browser.sign_in(anne.email)
    answer = browser.get("/mentions-legales")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_old_sessions_are_forgotten_at_the_next_sign_in(browser: Browser, anne: Account, session: Session) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        browser.sign_in(anne.email)
        clock.shift(dt.timedelta(days=31))
        browser.sign_in(anne.email)
    assert session.scalar(select(func.count()).select_from(AccountSession)) == 1
