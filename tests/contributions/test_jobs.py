"""What leaves for the address of a draft: one link that opens it, and nothing that a stranger typed."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from directory.contributions import operations
from directory.contributions.jobs import HANDLERS
from directory.contributions.models import Draft
from directory.contributions.permissions import Holder
from directory.core.commands import make_worker
from directory.core.jobs import Job
from directory.core.mail import Mail
from directory.web.links import address_of
from tests.factories import make_account, make_answers

EMAIL = "association@exemple.org"
TYPED = "Achetez mes pilules sur piege.example"


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


def make_draft(session: Session, *, is_sent: bool = False) -> Draft:
    """A draft whose address nobody has proven."""
    draft = operations.start(session, make_answers())
    holder = Holder(nonces=frozenset({draft.nonce}))
    answers = {"email": EMAIL, "summary": TYPED, "title": TYPED, "carrier": TYPED}
    operations.save(session, draft, answers, holder=holder, counter=0)
    if is_sent:
        assert operations.send(session, draft, holder=holder) is None
    session.commit()
    return draft


def outbox(settings: Settings) -> list[EmailMessage]:
    """The mails written so far, in order."""
    paths = sorted((settings.instance / "outbox").glob("*.eml"))
    messages = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in paths]
    return [message for message in messages if isinstance(message, EmailMessage)]


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    text = part.get_content()
    assert isinstance(text, str)
    return text


def test_the_mailed_links_open_the_draft(app: Flask, client: FlaskClient, session: Session, settings: Settings) -> None:
    draft = make_draft(session, is_sent=True)
    assert make_worker(app).run_due() == 2
    resume, confirm = outbox(settings)
    assert resume["To"] == confirm["To"] == EMAIL
    for message in (resume, confirm):
        link = re.search(r"http://127\.0\.0\.1:5000(/proposer/lien/\S+)", text_of(message))
        assert link is not None
        assert client.get(link[1]).status_code in {200, 303}
    assert "Reprendre mon brouillon" in text_of(resume)
    assert "Confirmer et envoyer" in text_of(confirm)
    assert f"/{draft.id}/" not in text_of(confirm)


def test_nothing_that_was_typed_goes_to_an_address_nobody_has_proven(
    app: Flask, session: Session, settings: Settings
) -> None:
    make_draft(session, is_sent=True)
    make_worker(app).run_due()
    for message in outbox(settings):
        assert "pilules" not in message.as_string()
        assert "piege" not in message.as_string()


def test_a_job_holds_numbers_only(session: Session) -> None:
    make_draft(session, is_sent=True)
    for job in session.scalars(select(Job)):
        assert all(isinstance(value, int) for value in job.payload.values())
        assert EMAIL not in (job.key or "")


@pytest.mark.parametrize("kind", ["draft_link", "draft_confirm"])
def test_a_draft_that_is_gone_or_has_reached_its_network_needs_no_link(
    context: Flask, session: Session, kind: str
) -> None:
    draft = make_draft(session, is_sent=True)
    assert isinstance(HANDLERS[kind](session, draft_id=draft.id), Mail)
    assert HANDLERS[kind](session, draft_id=draft.id + 1000) is None
    operations.send(session, draft, holder=Holder(make_account(session), nonces=frozenset({draft.nonce})))
    assert HANDLERS[kind](session, draft_id=draft.id) is None


def test_an_address_of_the_site_is_never_the_one_of_a_request(app: Flask) -> None:
    expected = "http://127.0.0.1:5000/proposer"
    with app.app_context():
        assert address_of("contributions.first") == expected
    for host in ("evil.example", "127.0.0.1:81"):
        forged = {"HTTP_HOST": host, "HTTP_X_FORWARDED_HOST": "evil.example", "wsgi.url_scheme": "ftp"}
        with app.test_request_context("/", environ_overrides=forged):
            assert address_of("contributions.first") == expected
