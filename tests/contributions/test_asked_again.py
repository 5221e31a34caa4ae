"""« Changements demandés »: the link of the mail leads to the very text, whoever is signed in on this device."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.contributions import operations
from directory.contributions.models import Draft
from directory.contributions.permissions import Holder
from directory.core.mail import Mail
from directory.reviews import operations as reviews
from directory.reviews.jobs import HANDLERS
from directory.reviews.models import Review
from directory.reviews.vocabulary import Decision
from tests.conftest import SignIn
from tests.contributions.proposing import EMAIL, SENTENCE, answer_all, begin, fill, link_of, stored
from tests.factories import make_account


@pytest.fixture
def draft_id(app: Flask, client: FlaskClient, session: Session) -> int:
    """An initiative sent by somebody who has no password, and of which changes are asked."""
    found = begin(client)
    answer_all(client, found)
    fill(client, f"/proposer/{found}/envoyer", {}, client.get(f"/proposer/{found}/relire"))
    address = link_of(app, stored(session, found))
    fill(client, address, {}, client.get(address))
    ask_changes(session)
    return found


def ask_changes(session: Session) -> None:
    review = session.scalars(select(Review)).one()
    curator = make_account(session, curates=review.network.slug)
    reviews.decide(session, review, actor=curator, decision=Decision.REQUEST_CHANGES, message="Précisez le lieu.")
    session.commit()


def mailed(app: Flask, session: Session) -> str:
    """The path of the one action of the mail."""
    with app.app_context():
        mail = HANDLERS["review_decided"](session, review_id=session.scalars(select(Review.id)).one())
    assert isinstance(mail, Mail)
    assert mail.action is not None
    path = re.fullmatch(r"http://127\.0\.0\.1:5000(/proposer/lien/\S+)", mail.action.address)
    assert path is not None
    return path[1]


def test_an_author_without_password_goes_on_from_any_device(app: Flask, session: Session, draft_id: int) -> None:
    phone = app.test_client()
    answer = phone.get(mailed(app, session))
    assert answer.headers["Location"] == f"/proposer/{draft_id}/relire"
    page = phone.get(answer.headers["Location"])
    assert SENTENCE in page.text
    assert "Précisez le lieu." in page.text
    fill(phone, f"/proposer/{draft_id}/ensemble", {"summary": "Deux lycées s’écrivent."})
    answer = fill(phone, f"/proposer/{draft_id}/envoyer", {}, phone.get(f"/proposer/{draft_id}/relire"))
    assert answer.headers["Location"] == f"/proposer/{draft_id}/recu"
    session.expire_all()
    assert len(session.scalars(select(Review)).all()) == 2


def test_an_author_with_an_account_comes_through_the_front_door_and_lands_on_the_text(
    app: Flask, session: Session, sign_in: SignIn
) -> None:
    author = make_account(session)
    mine = sign_in(author)
    draft_id = begin(mine)
    for slug, typed in (
        ("lieux", {"here-0-typed": "Morlaix", "there-0-typed": "Bamako, Mali"}),
        ("structure", {"carrier": "Les Amis"}),
        ("partenaire", {"main_sector": "education"}),
        ("histoire", {"stage": "ongoing"}),
        ("envoyer", {}),
    ):
        fill(
            mine,
            f"/proposer/{draft_id}/{slug}",
            typed,
            mine.get(f"/proposer/{draft_id}/relire") if slug == "envoyer" else None,
        )
    ask_changes(session)
    path = mailed(app, session)
    assert mine.get(path).headers["Location"] == f"/proposer/{draft_id}/relire"
    answer = app.test_client().get(path)
    assert answer.headers["Location"] == f"/compte/connexion?suite=/proposer/{draft_id}/relire"
    assert "brouillon=" not in "".join(answer.headers.getlist("Set-Cookie"))


def test_the_link_opens_nothing_once_it_is_forged_or_the_address_is_another(
    app: Flask, client: FlaskClient, session: Session, draft_id: int
) -> None:
    path = mailed(app, session)
    assert app.test_client().get(path[:-3] + "abc").status_code == 410
    session.execute(update(Draft).values(email="quelquun@exemple.org"))
    session.commit()
    assert "/compte/connexion" in app.test_client().get(path).headers["Location"]
    assert session.scalar(select(Account.id).where(Account.email == EMAIL)) is not None


def test_the_link_of_a_text_sent_again_leads_to_what_is_read_now(app: Flask, session: Session, draft_id: int) -> None:
    path = mailed(app, session)
    draft = stored(session, draft_id)
    author = session.get_one(Account, draft.account_id)
    me = Holder(author)
    operations.save(session, draft, {"summary": "Deux lycées."}, holder=me, counter=draft.counter)
    operations.send(session, draft, holder=me)
    session.commit()
    assert app.test_client().get(path).headers["Location"] == "/mon-espace"
