"""What the worker does with a message: one mail a reader, a copy to the sender, nobody's address in any text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from config import Settings
from directory.core.jobs import Job
from directory.core.mail import Mail, compose
from directory.initiatives.models import Initiative
from directory.initiatives.operations import withdraw
from directory.initiatives.vocabulary import Origin
from directory.networks.models import Curatorship
from directory.relay import operations
from directory.relay.jobs import HANDLERS
from directory.relay.models import RelayMessage
from directory.relay.queries import destination
from directory.relay.rules import KEPT
from tests.factories import make_initiative

BODY = "Bonjour,\nvoyez http://piege.example et <b>dites</b>-moi.\n.\nBcc: tous@exemple.fr"
SENDER = "awa@example.org"


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


def send(session: Session, initiative: Initiative) -> RelayMessage:
    return operations.send(session, initiative, name="Awa Diallo", email=SENDER, body=BODY)


def jobs(session: Session, kind: str) -> list[Job]:
    return list(session.scalars(select(Job).where(Job.kind == kind).order_by(Job.id)))


def delivered(session: Session, message: RelayMessage) -> list[Mail]:
    assert HANDLERS["relay_message"](session, message_id=message.id) is None
    session.flush()
    mails = [HANDLERS["relay_deliver"](session, **job.payload) for job in jobs(session, "relay_deliver")]
    return [mail for mail in mails if mail]


def whole(mail: Mail, settings: Settings) -> tuple[str, str, str]:
    """Headers, text and HTML as they leave."""
    composed = compose(mail, settings, message_id="<1@example.org>", at=dt.datetime.now(dt.UTC))
    text, html = (composed.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    return "\n".join(f"{name}: {value}" for name, value in composed.items()), text.get_content(), html.get_content()


def test_each_reader_receives_the_message_and_answers_to_its_sender(
    session: Session, context: Flask, settings: Settings
) -> None:
    initiative = make_initiative(session)
    (author,) = destination(session, initiative).accounts
    (mail,) = delivered(session, send(session, initiative))
    assert (mail.to, mail.reply_to, mail.quote) == (author.email, SENDER, BODY)
    assert mail.action is not None
    assert mail.action.address.endswith(f"/initiatives/{initiative.slug}")
    headers, text, html = whole(mail, settings)
    assert "Bcc:" not in headers
    for body in (text, html):
        assert SENDER not in body
        assert author.email not in body
        assert "Awa Diallo" in body


def test_the_words_of_the_sender_make_no_link_and_no_markup(
    session: Session, context: Flask, settings: Settings
) -> None:
    initiative = make_initiative(session)
    _, text, html = whole(delivered(session, send(session, initiative))[0], settings)
    assert "http://piege.example" in text
    assert 'href="http://piege.example' not in html
    assert "<b>dites" not in html


def test_the_copy_shows_no_address_of_those_who_read(session: Session, context: Flask, settings: Settings) -> None:
    initiative = make_initiative(session)
    (author,) = destination(session, initiative).accounts
    message = send(session, initiative)
    copy = HANDLERS["relay_copy"](session, message_id=message.id)
    assert copy is not None
    assert (copy.to, copy.reply_to, copy.quote) == (SENDER, None, BODY)
    headers, text, html = whole(copy, settings)
    for part in (headers, text, html):
        assert author.email not in part
    assert SENDER not in text + html


def test_the_network_reads_why_it_receives_it_and_the_copy_says_who_did(session: Session, context: Flask) -> None:
    initiative = make_initiative(session, origin=Origin.PUBLIC_SOURCE)
    message = send(session, initiative)
    mails = delivered(session, message)
    assert {mail.to for mail in mails} == {one.email for one in destination(session, initiative).accounts}
    assert "source publique" in " ".join(mails[0].paragraphs)
    copy = HANDLERS["relay_copy"](session, message_id=message.id)
    assert copy is not None
    assert "Réseau Bretagne Solidaire" in " ".join(copy.paragraphs)


def test_spread_twice_the_message_leaves_once_for_each_reader(session: Session, context: Flask) -> None:
    message = send(session, make_initiative(session))
    assert len(delivered(session, message)) == len(delivered(session, message)) == 1
    assert len(jobs(session, "relay_deliver")) == 1


def test_a_reader_who_left_meanwhile_receives_nothing_and_another_does(session: Session, context: Flask) -> None:
    initiative = make_initiative(session)
    message = send(session, initiative)
    HANDLERS["relay_message"](session, message_id=message.id)
    (author,) = destination(session, initiative).accounts
    author.active = False
    session.flush()
    (job,) = jobs(session, "relay_deliver")
    assert HANDLERS["relay_deliver"](session, **job.payload) is None
    assert len(jobs(session, "relay_message")) == 2
    assert {mail.to for mail in delivered(session, message)} == {
        one.email for one in destination(session, initiative).accounts
    }


def test_while_nobody_can_read_it_the_message_waits(session: Session, context: Flask) -> None:
    initiative = make_initiative(session, origin=Origin.PUBLIC_SOURCE)
    message = send(session, initiative)
    session.execute(delete(Curatorship))
    assert delivered(session, message) == []
    again = jobs(session, "relay_message")[-1]
    assert again.due_at > message.created_at + dt.timedelta(hours=23)


def test_a_sheet_taken_down_meanwhile_is_neither_named_nor_linked(session: Session, context: Flask) -> None:
    initiative = make_initiative(session)
    title = initiative.title
    message = send(session, initiative)
    withdraw(session, initiative, actor=destination(session, initiative).accounts[0])
    (mail,) = delivered(session, message)
    assert mail.action is None
    assert title not in mail.subject + " ".join(mail.paragraphs)


def test_forgetting_leaves_nothing_to_send(session: Session, context: Flask) -> None:
    message = send(session, make_initiative(session))
    message.created_at -= KEPT
    session.flush()
    number = message.id
    assert HANDLERS["relay_forget"](session, message_id=number) is None
    session.expire_all()
    assert session.scalars(select(RelayMessage)).all() == []
    for kind in ("relay_message", "relay_copy"):
        assert HANDLERS[kind](session, message_id=number) is None


def test_a_message_called_too_early_is_kept_and_forgotten_in_its_time(session: Session, context: Flask) -> None:
    message = send(session, make_initiative(session))
    session.execute(delete(Job))
    assert HANDLERS["relay_forget"](session, message_id=message.id) is None
    session.flush()
    (again,) = session.scalars(select(Job)).all()
    assert (again.kind, again.due_at) == ("relay_forget", message.created_at + KEPT)


def test_messages_are_forgotten_from_the_command_line_too(session: Session, app: Flask) -> None:
    message = send(session, make_initiative(session))
    message.created_at -= KEPT
    session.commit()
    assert "Messages effacés : 1." in app.test_cli_runner().invoke(args=["relay", "purge"]).output.replace(
        "\u00a0", " "
    )
