"""Writing to a structure from its sheet: who will read it is said first, no address is shown, nothing typed is lost."""

from __future__ import annotations

import html
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from directory.accounts.models import Account
from directory.initiatives.models import Initiative, Revision
from directory.initiatives.operations import withdraw
from directory.initiatives.vocabulary import Origin
from directory.networks.models import Curatorship
from directory.relay.models import RelayMessage
from directory.web.limits import limiter
from tests.factories import make_initiative
from tests.reading import hidden, words

HELLO = {"name": "Awa Diallo", "email": "awa@example.org", "body": "Bonjour,\nnous cherchons un collège jumeau."}


def address(initiative: Initiative) -> str:
    return f"/initiatives/{initiative.slug}/ecrire"


def messages(session: Session) -> list[RelayMessage]:
    session.expire_all()
    return list(session.scalars(select(RelayMessage).order_by(RelayMessage.id)))


@pytest.fixture
def write(client: FlaskClient) -> Any:
    """Fill in the form of a sheet and send it, as somebody who takes the time to write."""

    def send(initiative: Initiative, via: Initiative | None = None, **typed: Any) -> TestResponse:
        page = client.get(address(via or initiative))
        return client.post(address(initiative), data={**hidden(page), **HELLO, **typed})

    return send


def test_the_page_says_who_will_read_and_shows_no_address(session: Session, client: FlaskClient) -> None:
    initiative = make_initiative(session)
    page = client.get(address(initiative))
    assert page.status_code == 200
    assert "Ce message ira à la structure elle-même : Les Amis du monde" in words(page)
    for email in session.scalars(select(Account.email)):
        assert email not in page.get_data(as_text=True)
    assert page.headers["Cache-Control"] == "no-store"


def test_the_network_is_named_when_it_will_read_in_place_of_the_structure(
    session: Session, client: FlaskClient
) -> None:
    source = make_initiative(session, origin=Origin.PUBLIC_SOURCE)
    assert "réseau qui s’occupe de cette fiche : Réseau Bretagne Solidaire" in words(client.get(address(source)))
    assert "source publique" in words(client.get(address(source)))
    told = make_initiative(session)
    author = session.scalars(
        select(Account).join(Revision, Revision.author_id == Account.id).where(Revision.initiative_id == told.id)
    ).one()
    author.email = "association@demonstration.test"
    session.commit()
    assert "Nous n’avons pas d’adresse pour écrire à la structure." in words(client.get(address(told)))


def test_where_nobody_can_read_there_is_no_form(session: Session, client: FlaskClient) -> None:
    initiative = make_initiative(session, origin=Origin.PUBLIC_SOURCE)
    session.execute(delete(Curatorship))
    session.commit()
    page = client.get(address(initiative))
    assert "Personne ne peut encore recevoir de message pour cette fiche." in words(page)
    assert "<textarea" not in page.get_data(as_text=True)


def test_a_message_is_sent_and_told_so(session: Session, client: FlaskClient, write: Any) -> None:
    initiative = make_initiative(session)
    answer = write(initiative)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{address(initiative)}/envoye")
    (kept,) = messages(session)
    assert (kept.sender_name, kept.sender_email, kept.body) == tuple(HELLO.values())
    told = client.get(answer.headers["Location"])
    assert "Il part vers la structure." in words(told)
    assert "@" not in told.get_data(as_text=True)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", "Awa\r\nBcc: tous@example.org", "caractère invisible"),
        ("name", "Awa\x00", "caractère invisible"),
        ("name", "", "Dites qui vous êtes"),
        ("email", "awa\r\nBcc: tous@example.org", "caractère invisible"),
        ("email", "awa@", "n’est pas une adresse électronique complète"),
        ("email", "a@example.org, b@example.org", "n’est pas une adresse électronique complète"),
        ("body", "", "Écrivez votre message"),
        ("body", "a" * 4001, "4001 caractères"),
    ],
)
def test_what_cannot_be_sent_comes_back_filled_in(
    session: Session, write: Any, field: str, typed: str, said: str
) -> None:
    answer = write(make_initiative(session), **{field: typed})
    assert answer.status_code == 422
    assert said in words(answer)
    page = html.unescape(answer.get_data(as_text=True))
    assert all(value in page.replace("\r\n", "\n") for name, value in HELLO.items() if name != field)
    assert messages(session) == []


def test_a_sheet_that_is_not_public_cannot_be_written_to(session: Session, client: FlaskClient, write: Any) -> None:
    assert client.get("/initiatives/nulle-part/ecrire").status_code == 404
    other, initiative = make_initiative(session), make_initiative(session)
    assert write(initiative).status_code == 303
    author = session.get_one(
        Account, session.scalar(select(Revision.author_id).where(Revision.initiative_id == initiative.id))
    )
    withdraw(session, initiative, actor=author)
    session.commit()
    for suffix in ("", "/envoye"):
        assert client.get(address(initiative) + suffix).status_code == 410
    assert write(initiative, via=other, body="Encore.").status_code == 410
    assert len(messages(session)) == 1


def test_sent_twice_it_is_one_message(session: Session, write: Any) -> None:
    initiative = make_initiative(session)
    assert [write(initiative).status_code for _ in range(2)] == [303, 303]
    assert len(messages(session)) == 1


def test_the_sixth_message_of_an_hour_is_refused_and_kept_in_the_form(
    session: Session, app: Flask, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    initiative = make_initiative(session)
    monkeypatch.setattr(limiter, "enabled", True)
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    limiter.init_app(app)
    limiter.reset()
    sent = [write(initiative, body=f"Message {number}.", email=f"a{number}@example.org") for number in range(6)]
    assert [answer.status_code for answer in sent] == [303] * 5 + [429]
    assert int(sent[-1].headers["Retry-After"]) > 0
    assert "Message 5." in sent[-1].get_data(as_text=True)
    assert len(messages(session)) == 5


def test_a_form_without_its_token_or_filled_in_by_a_robot_sends_nothing(
    session: Session, client: FlaskClient, write: Any
) -> None:
    initiative = make_initiative(session)
    assert client.post(address(initiative), data=HELLO).status_code in (400, 422)
    assert write(initiative, site="https://spam.example").status_code == 422
    assert messages(session) == []


def test_no_other_column_can_be_written(session: Session, write: Any) -> None:
    first, second = make_initiative(session), make_initiative(session)
    write(first, initiative_id=str(second.id), created_at="2020-01-01", id="77", sender_email="x@example.org")
    (kept,) = messages(session)
    assert (kept.initiative_id, kept.sender_email) == (first.id, HELLO["email"])
    assert kept.id != 77


def test_the_sheet_leads_to_the_form_without_a_cookie(session: Session, client: FlaskClient) -> None:
    initiative = make_initiative(session)
    sheet = client.get(f"/initiatives/{initiative.slug}")
    assert f'href="{address(initiative)}"' in sheet.get_data(as_text=True)
    assert "Set-Cookie" not in sheet.headers
