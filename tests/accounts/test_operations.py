"""People: one account an address, who administers, what closes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.accounts import jobs, operations
from directory.accounts.identity import sign_in
from directory.accounts.models import Account
from directory.accounts.operations import create
from directory.accounts.queries import find_account
from directory.core.errors import Conflict, Forbidden, InvalidText
from directory.core.jobs import Job
from directory.core.mail import Mail
from directory.demo import corpus
from directory.networks import operations as networks
from directory.networks.queries import get_network
from tests.accounts.conftest import Browser, refreshed


def test_an_address_has_one_account_whatever_its_case(session: Session) -> None:
    account = create(session, "Anne@Exemple.org")
    assert find_account(session, "anne@exemple.ORG") is account
    with pytest.raises(Conflict):
        create(session, "ANNE@exemple.org")


@pytest.mark.parametrize(
    "email", ["", "anne", "anne@", "@exemple.org", "anne@exemple.org\r\nBcc: x@y.fr", "a\x00@b.fr"]
)
def test_what_is_no_address_is_refused_with_an_example(session: Session, email: str) -> None:
    with pytest.raises(InvalidText, match=r"nom@domaine\.fr"):
        create(session, email)


def test_an_account_is_no_administrator_unless_said(session: Session) -> None:
    assert not create(session, "anne@exemple.org").is_administrator


def test_confirming_a_submission_opens_an_account_once(session: Session) -> None:
    first = operations.find_or_create_confirmed(session, "Anne@exemple.org")
    assert first.confirmed_at is not None
    assert first.password is None
    assert operations.find_or_create_confirmed(session, "anne@exemple.org") is first


def test_confirming_a_submission_confirms_an_account_that_waited(session: Session) -> None:
    operations.register(session, "anne@exemple.org")
    account = operations.find_or_create_confirmed(session, "anne@exemple.org")
    assert account.confirmed_at is not None
    assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_a_closed_account_is_not_opened_again_by_a_submission(session: Session) -> None:
    account = create(session, "anne@exemple.org")
    operations.close(session, account)
    with pytest.raises(Forbidden, match="fermé"):
        operations.find_or_create_confirmed(session, "anne@exemple.org")


def test_a_mailed_link_signs_in_an_account_without_password_but_not_a_closed_one(app: Flask, session: Session) -> None:
    account = operations.find_or_create_confirmed(session, "anne@exemple.org")
    session.commit()
    with app.test_request_context(method="POST"):
        assert sign_in(account)
        account.active = False
        assert not sign_in(account)


def test_the_last_administrator_stays(session: Session) -> None:
    first, second = create(session, "un@exemple.org"), create(session, "deux@exemple.org")
    operations.make_administrator(session, first)
    with pytest.raises(Conflict, match="dernière"):
        operations.revoke_administrator(session, first)
    with pytest.raises(Conflict, match="dernière"):
        operations.close(session, first)
    operations.make_administrator(session, second)
    operations.revoke_administrator(session, first)
    assert not first.is_administrator


def test_a_closed_administrator_does_not_count(session: Session) -> None:
    first, second = create(session, "un@exemple.org"), create(session, "deux@exemple.org")
    operations.make_administrator(session, first)
    operations.make_administrator(session, second)
    operations.close(session, second)
    with pytest.raises(Conflict, match="dernière"):
        operations.revoke_administrator(session, first)


def test_somebody_closed_or_unconfirmed_cannot_be_made_administrator(session: Session) -> None:
    account = create(session, "un@exemple.org")
    account.confirmed_at = None
    with pytest.raises(Conflict):
        operations.make_administrator(session, account)


def test_no_account_exists_by_default(session: Session) -> None:
    assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_commands_make_revoke_appoint_and_close_in_sentences(app: Flask, session: Session) -> None:
    run = app.test_cli_runner().invoke
    told = run(args=["accounts", "create-admin", "un@exemple.org"])
    assert told.exit_code == 0, told.output
    assert "choisir son mot de passe" in told.output
    assert session.scalars(select(Job.kind)).all() == ["account_reset"]
    assert run(args=["accounts", "appoint", "un@exemple.org", "so-cooperation"]).exit_code == 0
    for refused in (["revoke-admin", "un@exemple.org"], ["close", "un@exemple.org"], ["create", "un@exemple.org"]):
        answer = run(args=["accounts", *refused])
        assert answer.exit_code == 1
        assert answer.output.startswith("Error: ")
    assert run(args=["accounts", "create-admin", "deux@exemple.org"]).exit_code == 0
    assert run(args=["accounts", "close", "un@exemple.org"]).exit_code == 0


def test_a_removed_member_or_curator_loses_the_right_at_the_next_request(
    browser: Browser, anne: Account, session: Session
) -> None:
    curatorship = networks.appoint(session, anne, get_network(session, "so-cooperation"))
    session.commit()
    browser.sign_in(anne.email)
    assert browser.get("/relecture").status_code == 200
    session.delete(curatorship)
    session.commit()
    assert browser.get("/relecture").status_code == 403


def test_every_kind_of_mail_has_one_action_and_no_handler_writes_to_nobody(
    app: Flask, anne: Account, session: Session
) -> None:
    anne.pending_email, anne.former_email = "neuve@exemple.org", "ancienne@exemple.org"
    new = Account(email="attend@exemple.org")
    session.add(new)
    session.commit()
    with app.app_context():
        for kind, handler in jobs.HANDLERS.items():
            mail = handler(session, account_id=(new if kind == "account_confirm" else anne).id)
            assert isinstance(mail, Mail)
            assert mail.action is not None
            assert mail.action.address.startswith(app.extensions["settings"].public_url)
            assert handler(session, account_id=0) is None
            assert handler(session, account_id=10**9) is None


def test_a_job_never_holds_an_address_nor_a_token(session: Session, anne: Account) -> None:
    operations.register(session, "neuve@exemple.org")
    operations.register(session, anne.email)
    operations.ask_reset(session, anne.email)
    operations.ask_reset(session, "personne@exemple.org")
    operations.ask_address(session, "autre@exemple.org", account=anne)
    session.flush()
    for payload in session.scalars(select(Job.payload)):
        assert list(payload) == ["account_id"]
        assert isinstance(payload["account_id"], int)


def test_links_in_mails_never_come_from_the_request(
    app: Flask, browser: Browser, mails: Callable[[], list[Mail]], anne: Account
) -> None:
    browser.client.environ_base["HTTP_X_FORWARDED_HOST"] = "evil.test"
    assert browser.send("/compte/mot-de-passe-oublie", email=anne.email).status_code == 303
    forged = browser.client.get("/compte/mot-de-passe-oublie", headers={"Host": "evil.test"})
    assert forged.status_code == 400
    (mail,) = mails()
    assert mail.action is not None
    assert mail.action.address.startswith(app.extensions["settings"].public_url)


def test_ready_accounts_open_only_where_the_demonstration_is_and_never_in_production(session: Session) -> None:
    with pytest.raises(Conflict, match="demo load"):
        corpus.open_accounts(session, is_production=False)
    with pytest.raises(Forbidden):
        corpus.open_accounts(session, is_production=True)


def test_a_renewed_account_answers_to_no_older_link(app: Flask, anne: Account, session: Session) -> None:
    before = anne.fs_uniquifier
    with app.app_context():
        operations.change_password(session, anne, "trois ponts et un seul gué")
    session.commit()
    assert refreshed(session, anne).fs_uniquifier != before
