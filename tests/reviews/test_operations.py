"""The network decides: once, inside its territory, on the newest revision, with a reason when it refuses."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.contributions import operations as contributions
from directory.contributions.permissions import Holder
from directory.core.errors import Conflict, Forbidden, Invalid, NotFound
from directory.core.jobs import Job
from directory.networks.models import Curatorship
from directory.networks.queries import get_network
from directory.reviews.models import Review
from directory.reviews.operations import decide
from directory.reviews.queries import get_review, waiting
from directory.reviews.vocabulary import Decision
from tests.factories import (
    BORDEAUX,
    MORLAIX,
    PUERTO_LOPEZ,
    SAINT_DENIS,
    SEGOU,
    make_account,
    make_answers,
    make_content,
    make_review,
)


def sent(review: Review | None) -> Review:
    """What was sent by somebody who has an account: nothing waits for an address."""
    assert review is not None
    return review


@pytest.mark.parametrize(
    ("here", "network"),
    [
        ((MORLAIX, BORDEAUX), "reseau-bretagne-solidaire"),
        ((BORDEAUX, MORLAIX), "so-cooperation"),
        ((SAINT_DENIS,), "file-nationale"),
    ],
)
def test_the_network_of_the_first_place_here_reviews(session: Session, here: tuple[object], network: str) -> None:
    assert make_review(session, make_content(here=here)).network.slug == network


def test_a_curator_cannot_decide_outside_their_networks(session: Session) -> None:
    review = make_review(session)
    stranger = make_account(session, curates="so-cooperation")
    with pytest.raises(Forbidden):
        decide(session, review, actor=stranger, decision=Decision.PUBLISH)
    with pytest.raises(NotFound):
        get_review(session, review.id, stranger)
    assert review.revision.initiative.state == "unpublished"


def test_a_dismissed_curator_can_no_longer_decide(session: Session) -> None:
    review = make_review(session)
    curator = make_account(session, curates=review.network.slug)
    session.execute(delete(Curatorship).where(Curatorship.account_id == curator.id))
    with pytest.raises(Forbidden):
        decide(session, review, actor=curator, decision=Decision.PUBLISH)


def test_an_inactive_curator_cannot_decide(session: Session) -> None:
    review = make_review(session)
    curator = make_account(session, curates=review.network.slug)
    curator.active = False
    with pytest.raises(Forbidden):
        decide(session, review, actor=curator, decision=Decision.PUBLISH)


def test_the_author_cannot_publish_their_own_sheet(session: Session) -> None:
    author = make_account(session)
    review = make_review(session, author=author)
    with pytest.raises(Forbidden):
        decide(session, review, actor=author, decision=Decision.PUBLISH)


def test_the_second_decision_is_refused_and_changes_nothing(session: Session) -> None:
    review = make_review(session)
    first, second = (make_account(session, curates=review.network.slug) for _ in range(2))
    decide(session, review, actor=first, decision=Decision.DECLINE, message="Hors du champ du réseau.")
    with pytest.raises(Conflict, match="déjà été traitée"):
        decide(session, review, actor=second, decision=Decision.PUBLISH)
    assert (review.state, review.decided_by_id) == ("declined", first.id)
    assert review.revision.initiative.state == "unpublished"


@pytest.mark.parametrize("decision", [Decision.REQUEST_CHANGES, Decision.DECLINE])
def test_a_refusal_without_a_reason_is_refused(session: Session, decision: Decision) -> None:
    review = make_review(session)
    curator = make_account(session, curates=review.network.slug)
    with pytest.raises(Invalid):
        decide(session, review, actor=curator, decision=decision, message="  ")
    assert review.state == "waiting"


def test_a_decision_on_an_outdated_revision_is_refused(session: Session) -> None:
    author = make_account(session)
    holder = Holder(author)
    draft = contributions.start(session, make_answers(), account=author)
    old = sent(contributions.send(session, draft, holder=holder))
    contributions.save(session, draft, {"title": "Mieux dit"}, holder=holder, counter=0)
    new = sent(contributions.send(session, draft, holder=holder))
    curator = make_account(session, curates=old.network.slug)
    with pytest.raises(Conflict, match="plus récente"):
        decide(session, old, actor=curator, decision=Decision.PUBLISH)
    session.refresh(old)
    assert (old.state, new.state) == ("superseded", "waiting")
    assert list(waiting(session, curator)) == [new]


def test_a_curator_sees_what_waits_in_their_networks_only(session: Session) -> None:
    mine, other = make_review(session), make_review(session, make_content(here=(BORDEAUX,)))
    curator = make_account(session, curates="reseau-bretagne-solidaire")
    assert list(waiting(session, curator)) == [mine]
    assert other.network.slug == "so-cooperation"


def test_a_published_sheet_that_moves_waits_for_the_network_of_its_new_place(session: Session) -> None:
    author = make_account(session)
    holder = Holder(author)
    draft = contributions.start(session, make_answers(make_content(here=(MORLAIX,))), account=author)
    first = sent(contributions.send(session, draft, holder=holder))
    breton = make_account(session, curates="reseau-bretagne-solidaire")
    decide(session, first, actor=breton, decision=Decision.PUBLISH)
    contributions.save(session, draft, make_answers(make_content(here=(BORDEAUX,))), holder=holder, counter=0)
    moved = sent(contributions.send(session, draft, holder=holder))
    assert moved.network.slug == "so-cooperation"
    with pytest.raises(Forbidden):
        decide(session, moved, actor=breton, decision=Decision.PUBLISH)
    decide(session, moved, actor=make_account(session, curates="so-cooperation"), decision=Decision.PUBLISH)
    assert moved.revision.initiative.network_id == moved.network_id


def test_the_curator_agrees_to_show_a_protected_place_by_saying_so(session: Session) -> None:
    for agrees, shown in ((False, "Mali"), (True, "Ségou")):
        review = make_review(session, make_content(there=(SEGOU,)))
        curator = make_account(session, curates=review.network.slug)
        decide(session, review, actor=curator, decision=Decision.PUBLISH, agrees_to_place=agrees)
        assert review.revision.initiative.anchors[-1].name == shown


def test_sending_and_deciding_leave_work_to_do_in_the_same_transaction(session: Session) -> None:
    review = make_review(session)
    curator = make_account(session, curates=review.network.slug)
    decide(session, review, actor=curator, decision=Decision.PUBLISH)
    jobs = session.scalars(select(Job).order_by(Job.id)).all()
    assert [(job.kind, job.payload) for job in jobs] == [
        ("review_opened", {"review_id": review.id}),
        ("review_decided", {"review_id": review.id}),
    ]


def test_a_submission_moved_to_another_territory_waits_for_that_network(session: Session) -> None:
    author = make_account(session)
    holder = Holder(author)
    draft = contributions.start(session, make_answers(make_content(here=(MORLAIX,))), account=author)
    contributions.send(session, draft, holder=holder)
    moved = make_answers(make_content(here=(BORDEAUX,), there=(PUERTO_LOPEZ,)))
    contributions.save(session, draft, moved, holder=holder, counter=0)
    assert sent(contributions.send(session, draft, holder=holder)).network is get_network(session, "so-cooperation")
