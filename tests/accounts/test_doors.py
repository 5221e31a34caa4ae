"""Opening an account, choosing a password, changing address: by mailed links that a GET never spends."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.accounts import credentials, operations
from directory.accounts.models import Account
from directory.accounts.queries import find_account
from directory.core.jobs import Job
from directory.core.mail import Mail
from tests.accounts.conftest import PASSWORD, Browser, path_in, refreshed

NEW = "trois ponts et un seul gué"
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
Mails = Callable[[], list[Mail]]


def ask(browser: Browser, path: str, email: str) -> tuple[int, str]:
    """Send an address to a page, as a person would: not in the very second."""
    with time_machine.travel(dt.datetime.now(dt.UTC)) as clock:
        typed = browser.hidden(path) | {"email": email}
        clock.shift(20)
        answer = browser.client.post(path, data=typed)
    return answer.status_code, answer.headers.get("Location", answer.text)


def test_registering_mails_a_link_that_opens_the_account(browser: Browser, mails: Mails, session: Session) -> None:
    assert ask(browser, "/compte/inscription", "Neuve@Exemple.org") == (303, "/compte/courriel")
    (mail,) = mails()
    assert mail.to == "neuve@exemple.org"
    page = browser.get(path_in(mail))
    assert page.status_code == 200
    account = find_account(session, "neuve@exemple.org")
    assert account is not None
    assert account.confirmed_at is None  # reading the link is not confirming it
    assert browser.send(path_in(mail), password="trop court").status_code == 422
    assert browser.send(path_in(mail), password=NEW).status_code == 303
    assert browser.is_signed_in()
    assert refreshed(session, account).confirmed_at is not None
    assert browser.get(path_in(mail)).status_code == 410


def test_registering_twice_before_confirming_sends_the_link_again(browser: Browser, mails: Mails) -> None:
    ask(browser, "/compte/inscription", "neuve@exemple.org")
    ask(browser, "/compte/inscription", "neuve@exemple.org")
    first, second = mails()
    assert browser.get(path_in(first)).status_code == browser.get(path_in(second)).status_code == 200


@pytest.mark.parametrize("path", ["/compte/inscription", "/compte/mot-de-passe-oublie"])
def test_asking_answers_the_same_for_an_address_that_has_an_account_and_one_that_has_none(
    browser: Browser, open_browser: Callable[[], Browser], anne: Account, session: Session, path: str
) -> None:
    before = session.scalar(select(func.count()).select_from(Job)) or 0
    known, unknown = ask(browser, path, anne.email), ask(open_browser(), path, "personne@exemple.org")
    assert known == unknown == (303, "/compte/courriel")
    assert session.scalar(select(func.count()).select_from(Job)) == before + 2  # the same writing, the same time


def test_registering_with_an_address_that_has_an_account_mails_how_to_sign_in(
    browser: Browser, mails: Mails, anne: Account, session: Session
) -> None:
    ask(browser, "/compte/inscription", anne.email)
    (mail,) = mails()
    assert (mail.to, path_in(mail)) == (anne.email, "/compte/connexion")
    assert session.scalar(select(func.count()).select_from(Account)) == 1


@pytest.mark.parametrize("path", ["/compte/inscription", "/compte/mot-de-passe-oublie"])
@pytest.mark.parametrize("typed", ["", "anne", "anne@", "anne@exemple.org\r\nBcc: x@y.fr", "a\x00@b.fr"])
def test_what_is_no_address_is_refused_at_its_field(browser: Browser, mails: Mails, path: str, typed: str) -> None:
    status, page = ask(browser, path, typed)
    assert status == 422
    assert 'role="alert"' in page
    assert mails() == []


def test_an_address_never_confirmed_is_forgotten_after_a_week(browser: Browser, session: Session) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        ask(browser, "/compte/inscription", "oubliee@exemple.org")
        clock.shift(dt.timedelta(days=8))
        ask(browser, "/compte/inscription", "neuve@exemple.org")
    assert find_account(session, "oubliee@exemple.org") is None


def test_a_link_to_a_new_password_serves_once(
    browser: Browser, open_browser: Callable[[], Browser], mails: Mails, anne: Account
) -> None:
    browser.sign_in(anne.email)
    stolen = browser.cookie()
    ask(browser, "/compte/mot-de-passe-oublie", anne.email)
    (mail,) = mails()
    visitor = open_browser()
    assert visitor.get(path_in(mail)).status_code == 200
    assert visitor.send(path_in(mail), password=NEW).status_code == 303
    assert visitor.is_signed_in()
    assert visitor.get(path_in(mail)).status_code == 410
    again = visitor.client.post(path_in(mail), data=visitor.hidden("/compte") | {"password": PASSWORD})
    assert again.status_code == 410
    browser.take_cookie(stolen)
    assert not browser.is_signed_in()
    (notice,) = mails()
    assert notice.to == anne.email
    assert "a changé" in notice.subject
    assert open_browser().sign_in(anne.email, NEW).status_code == 303


def test_a_mailed_link_is_in_no_log_and_is_told_to_no_other_site(
    app: Flask, browser: Browser, anne: Account, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        token = credentials.reset_token(anne)
    with caplog.at_level(logging.INFO, logger="directory"):
        page = browser.get(f"/compte/mot-de-passe/{token}")
        browser.send(f"/compte/mot-de-passe/{token}", password="court")
    assert page.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "/compte/mot-de-passe/" in caplog.text
    assert token not in caplog.text
    assert token not in page.text


def test_a_link_to_a_new_password_lasts_one_hour(app: Flask, browser: Browser, anne: Account) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        with app.app_context():
            path = f"/compte/mot-de-passe/{credentials.reset_token(anne)}"
        clock.shift(dt.timedelta(minutes=59))
        assert browser.get(path).status_code == 200
        clock.shift(dt.timedelta(minutes=2))
        over = browser.get(path)
    assert over.status_code == 410
    assert "/compte/mot-de-passe-oublie" in over.text


def test_a_link_to_a_new_password_dies_when_the_password_changes_otherwise(
    browser: Browser, mails: Mails, anne: Account
) -> None:
    ask(browser, "/compte/mot-de-passe-oublie", anne.email)
    (mail,) = mails()
    browser.sign_in(anne.email)
    browser.send("/compte/mot-de-passe", current=PASSWORD, password=NEW)
    assert browser.get(path_in(mail)).status_code == 410


@pytest.mark.parametrize("place", ["confirmer", "mot-de-passe", "adresse"])
@pytest.mark.parametrize("token", ["x", "a.b.c", "é", "%F0%9F%92%A9", "A" * 3000])
def test_a_forged_link_is_over_with_a_way_to_another(browser: Browser, place: str, token: str) -> None:
    answer = browser.get(f"/compte/{place}/{token}")
    assert answer.status_code == 410
    assert "Demander un nouveau lien" in answer.text


def test_a_link_serves_only_what_it_was_made_for(app: Flask, browser: Browser, anne: Account) -> None:
    with app.app_context():
        token = credentials.reset_token(anne)
    assert browser.get(f"/compte/adresse/{token}").status_code == 410
    assert browser.get(f"/compte/confirmer/{token}").status_code == 410


def test_who_came_by_a_mail_chooses_a_password_by_a_link(
    app: Flask, browser: Browser, mails: Mails, anne: Account, session: Session
) -> None:
    browser.sign_in(anne.email)
    refreshed(session, anne).password = None
    session.commit()
    assert "pas encore" in browser.get("/compte/mot-de-passe").text
    assert browser.send("/compte/mot-de-passe").headers["Location"] == "/compte/courriel"
    (mail,) = mails()
    assert browser.send(path_in(mail), password=NEW).status_code == 303
    assert browser.is_signed_in()


def test_changing_the_password_asks_for_the_one_of_now(browser: Browser, anne: Account, session: Session) -> None:
    browser.sign_in(anne.email)
    kept = anne.password
    answer = browser.send("/compte/mot-de-passe", current="pas le bon mot de passe", password=NEW)
    assert answer.status_code == 422
    assert "Ce n’est pas votre mot de passe actuel" in answer.text
    assert refreshed(session, anne).password == kept


def test_a_weak_password_is_refused_at_its_field(browser: Browser, anne: Account) -> None:
    browser.sign_in(anne.email)
    answer = browser.send("/compte/mot-de-passe", current=PASSWORD, password="anne@exemple.org")
    assert answer.status_code == 422
    assert "quelques mots sans rapport" in answer.text


def test_a_new_address_counts_once_confirmed_and_the_old_one_is_told(
    browser: Browser, open_browser: Callable[[], Browser], mails: Mails, anne: Account, session: Session
) -> None:
    browser.sign_in(anne.email)
    stolen = browser.cookie()
    asked = browser.send("/compte/adresse", email="Anne.Neuve@exemple.org", current=PASSWORD)
    assert asked.headers["Location"] == "/compte/courriel"
    (mail,) = mails()
    assert mail.to == "anne.neuve@exemple.org"
    assert refreshed(session, anne).email == "anne@exemple.org"
    reader = open_browser()
    reader.sign_in(anne.email)
    assert reader.get(path_in(mail)).status_code == 200
    assert refreshed(session, anne).email == "anne@exemple.org"  # reading the link changes nothing
    assert reader.send(path_in(mail)).status_code == 303
    assert refreshed(session, anne).email == "anne.neuve@exemple.org"
    assert reader.get(path_in(mail)).status_code == 410
    (notice,) = mails()
    assert notice.to == "anne@exemple.org"
    assert "anne.neuve" not in " ".join(notice.paragraphs)
    thief = open_browser()
    thief.take_cookie(stolen)
    assert not thief.is_signed_in()
    assert open_browser().sign_in("anne.neuve@exemple.org").status_code == 303


def test_the_link_to_a_new_address_opens_nothing_for_whoever_reads_that_mailbox(
    app: Flask, browser: Browser, open_browser: Callable[[], Browser], mails: Mails, anne: Account, session: Session
) -> None:
    browser.sign_in(anne.email)
    browser.send("/compte/adresse", email="quelquun.dautre@exemple.org", current=PASSWORD)
    (mail,) = mails()
    stranger = open_browser()
    shown = stranger.get(path_in(mail))
    assert shown.status_code == 303
    assert shown.headers["Location"].startswith("/compte/connexion?suite=/compte/adresse/")
    assert anne.email not in stranger.get(shown.headers["Location"]).text
    with app.app_context():
        other = operations.create(session, "autre@exemple.org")
        operations.give_first_password(session, other, PASSWORD)
        session.commit()
    stranger.sign_in("autre@exemple.org")
    refused = stranger.get(path_in(mail))
    assert refused.status_code == 409
    assert anne.email not in refused.text
    assert refreshed(session, anne).email == "anne@exemple.org"


def test_asking_for_an_address_that_has_an_account_answers_the_same_and_changes_nothing(
    app: Flask, browser: Browser, mails: Mails, anne: Account, session: Session
) -> None:
    with app.app_context():
        operations.create(session, "bob@exemple.org")
        session.commit()
    browser.sign_in(anne.email)
    asked = browser.send("/compte/adresse", email="bob@exemple.org", current=PASSWORD)
    assert (asked.status_code, asked.headers["Location"]) == (303, "/compte/courriel")
    (mail,) = mails()
    assert (mail.to, path_in(mail)) == ("bob@exemple.org", "/compte/connexion")


def test_an_address_taken_between_the_asking_and_the_link_is_refused(
    app: Flask, browser: Browser, mails: Mails, anne: Account, session: Session
) -> None:
    browser.sign_in(anne.email)
    browser.send("/compte/adresse", email="libre@exemple.org", current=PASSWORD)
    (mail,) = mails()
    operations.create(session, "libre@exemple.org")
    session.commit()
    assert browser.send(path_in(mail)).status_code == 409
    assert refreshed(session, anne).email == "anne@exemple.org"


def test_changing_address_asks_for_the_password(browser: Browser, mails: Mails, anne: Account) -> None:
    browser.sign_in(anne.email)
    answer = browser.send("/compte/adresse", email="neuve@exemple.org", current="pas le bon mot de passe")
    assert answer.status_code == 422
    assert "neuve@exemple.org" in answer.text
    assert mails() == []


def test_no_page_holds_a_message_of_the_library_nor_may_be_kept_or_indexed(
    app: Flask, browser: Browser, mails: Mails, anne: Account
) -> None:
    ask(browser, "/compte/mot-de-passe-oublie", anne.email)
    (mail,) = mails()
    public = ["/compte/connexion", "/compte/inscription", "/compte/mot-de-passe-oublie", "/compte/courriel"]
    pages = [browser.get(path) for path in [*public, path_in(mail), "/compte/adresse/x"]]
    pages.append(browser.sign_in("", ""))
    pages.append(browser.send("/compte/mot-de-passe-oublie", email=""))
    browser.sign_in(anne.email)
    private = ["", "/sessions", "/mot-de-passe", "/adresse", "/code"]
    pages += [browser.get(f"/compte{path}") for path in private]
    pages += [browser.send(f"/compte{path}") for path in private[2:]]
    english = [str(message[0]) for key, message in app.config.items() if key.startswith("SECURITY_MSG_")]
    english += ["Password", "Login", "Email", "Submit", "This field", "required", "Invalid", "CSRF"]
    for page in pages:
        shown = re.sub(r"<[^>]+>", " ", page.text.split("<main", 1)[1])
        assert not [words for words in english if len(words) > 4 and words in shown]
        assert page.headers["Cache-Control"] == "no-store"
        assert '<meta name="robots" content="noindex">' in page.text
