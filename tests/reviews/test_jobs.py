"""Who is told of a review, what they read, and the one thing they can do next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.core.commands import make_worker
from directory.core.jobs import Job
from directory.core.mail import Mail
from directory.initiatives.models import Initiative
from directory.initiatives.operations import withdraw
from directory.networks.models import Curatorship, Network
from directory.reviews import operations
from directory.reviews.jobs import HANDLERS
from directory.reviews.models import Handover, Review, ReviewNotice
from directory.reviews.vocabulary import Decision
from tests.factories import make_account, make_content, make_review

BRETAGNE, AQUITAINE = "reseau-bretagne-solidaire", "so-cooperation"
MESSAGE = "Bonjour,\nprécisez le lieu, s’il vous plaît."


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


def network(session: Session, slug: str) -> Network:
    return session.scalars(select(Network).where(Network.slug == slug)).one()


def told(session: Session, kind: str, **payload: int) -> list[Mail]:
    """The mails that a job makes, directly or through those it asks for."""
    before = set(session.scalars(select(Job.id)))
    mail = HANDLERS[kind](session, **payload)
    session.flush()
    asked = session.scalars(select(Job).where(Job.id.not_in(before)).order_by(Job.id)).all()
    mails = [mail, *(HANDLERS[job.kind](session, **job.payload) for job in asked)]
    return [mail for mail in mails if mail is not None]


def decided(session: Session, decision: Decision) -> tuple[Review, Mail]:
    review = make_review(session, make_content(title="Deux rives"))
    curator = make_account(session, curates=review.network.slug)
    operations.decide(session, review, actor=curator, decision=decision, message=MESSAGE)
    (mail,) = told(session, "review_decided", review_id=review.id)
    return review, mail


def test_each_curator_of_the_network_is_told_once_with_the_way_to_the_review(session: Session) -> None:
    readers = {make_account(session, curates=BRETAGNE).email for _ in range(2)}
    make_account(session, curates=AQUITAINE)
    review = make_review(session, make_content(title="Deux rives"))
    mails = told(session, "review_opened", review_id=review.id)
    assert {mail.to for mail in mails} == readers
    for mail in mails:
        assert mail.subject == "À relire : « Deux rives »"
        assert mail.action is not None
        assert mail.action.address == f"http://127.0.0.1:5000/relecture/{review.id}"
        assert "Morlaix" in mail.paragraphs[1]
    assert told(session, "review_opened", review_id=review.id) == [], "asked again, nobody is told twice"


def test_the_networks_of_the_other_places_are_informed_and_asked_nothing(session: Session) -> None:
    both = make_account(session, curates=BRETAGNE)
    session.add(Curatorship(account_id=both.id, network_id=network(session, AQUITAINE).id))
    other = make_account(session, curates=AQUITAINE)
    review = make_review(session)
    session.merge(ReviewNotice(review_id=review.id, network_id=network(session, AQUITAINE).id))
    mails = {mail.to: mail for mail in told(session, "review_opened", review_id=review.id)}
    assert set(mails) == {both.email, other.email}
    assert mails[both.email].subject.startswith("À relire")
    assert mails[other.email].subject.startswith("Pour information")
    assert "vous n’avez rien à faire" in mails[other.email].paragraphs[0]


@pytest.mark.parametrize("gone", ["decided", "dismissed", "closed"])
def test_a_curator_is_not_told_of_what_no_longer_concerns_them(session: Session, gone: str) -> None:
    curator = make_account(session, curates=BRETAGNE)
    review = make_review(session)
    payload = {"review_id": review.id, "account_id": curator.id}
    assert HANDLERS["review_waiting"](session, **payload) is not None
    if gone == "decided":
        operations.decide(session, review, actor=curator, decision=Decision.DECLINE, message=MESSAGE)
        assert told(session, "review_opened", review_id=review.id) == []
    elif gone == "dismissed":
        session.delete(session.scalars(select(Curatorship).where(Curatorship.account_id == curator.id)).one())
    else:
        curator.active = False
    session.flush()
    assert HANDLERS["review_waiting"](session, **payload) is None


def test_a_published_sheet_is_one_press_away(session: Session) -> None:
    review, mail = decided(session, Decision.PUBLISH)
    assert mail.subject == "Votre initiative est en ligne : « Deux rives »"
    assert mail.action is not None
    assert mail.action.address == f"http://127.0.0.1:5000/initiatives/{review.revision.initiative.slug}"
    assert mail.quote == MESSAGE


@pytest.mark.parametrize(
    ("decision", "subject", "label", "address"),
    [
        (Decision.REQUEST_CHANGES, "Des changements sont demandés", "Corriger et renvoyer", "/proposer/lien/"),
        (Decision.DECLINE, "Votre initiative n’a pas été retenue", "Ouvrir mon espace", "/mon-espace"),
    ],
)
def test_a_refusal_quotes_the_network_and_leads_to_the_text(
    session: Session, decision: Decision, subject: str, label: str, address: str
) -> None:
    review, mail = decided(session, decision)
    assert mail.subject.startswith(subject)
    assert review.network.name in mail.paragraphs[0]
    assert mail.quote == MESSAGE
    assert mail.action is not None
    assert mail.action.label == label
    assert mail.action.address.startswith(f"http://127.0.0.1:5000{address}")


def test_a_sheet_withdrawn_meanwhile_is_not_linked(session: Session) -> None:
    review, _mail = decided(session, Decision.PUBLISH)
    initiative = session.get_one(Initiative, review.revision.initiative_id)
    withdraw(session, initiative, actor=make_account(session, curates=BRETAGNE))
    (mail,) = told(session, "review_decided", review_id=review.id)
    assert mail.action is not None
    assert mail.action.address.endswith("/mon-espace")


def test_who_left_is_not_written_to(session: Session) -> None:
    review, _mail = decided(session, Decision.PUBLISH)
    review.revision.author_id = None
    session.flush()
    assert told(session, "review_decided", review_id=review.id) == []
    assert told(session, "review_decided", review_id=review.id + 1000) == []


def test_a_review_handed_over_is_told_to_its_new_network_and_to_its_author(session: Session) -> None:
    giver, taker = make_account(session, curates=BRETAGNE), make_account(session, curates=AQUITAINE)
    author = make_account(session)
    review = make_review(session, author=author)
    told(session, "review_opened", review_id=review.id)
    new = network(session, AQUITAINE)
    session.add(
        Handover(
            review_id=review.id,
            from_network_id=review.network_id,
            to_network_id=new.id,
            actor_id=giver.id,
            message="C’est chez vous.",
        )
    )
    review.network = new
    session.flush()
    mails = {mail.to: mail for mail in told(session, "review_handed_over", review_id=review.id)}
    assert set(mails) == {taker.email, author.email}
    assert mails[taker.email].quote == "C’est chez vous."
    assert mails[taker.email].paragraphs[0].startswith("Le Réseau Bretagne Solidaire vous confie")
    assert new.name in mails[author.email].paragraphs[0]


def test_a_title_that_would_forge_a_header_is_refused_and_told(context: Flask, session: Session) -> None:
    make_account(session, curates=BRETAGNE)
    review = make_review(session)
    review.revision.content = {**review.revision.content, "title": "Oui\r\nBcc: tous@exemple.org"}
    session.commit()
    make_worker(context).run_due()
    states = dict(session.execute(select(Job.kind, Job.state)).all())
    assert states == {"review_opened": "done", "review_waiting": "failed"}
    assert not (context.extensions["settings"].instance / "outbox").exists()
