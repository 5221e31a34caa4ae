"""Writes of a network: open a review, decide, hand over; and of an author: take a sending back."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.core.errors import Conflict, Forbidden, Invalid, Problem
from directory.core.jobs import enqueue
from directory.core.text import clean_text
from directory.core.time import utcnow
from directory.initiatives.content import InitiativeContent, from_json
from directory.initiatives.models import Revision
from directory.initiatives.operations import publish
from directory.initiatives.vocabulary import State
from directory.networks.models import Network
from directory.networks.queries import network_in_charge, networks_concerned
from directory.reviews.models import Handover, Review, ReviewNotice
from directory.reviews.permissions import can_decide
from directory.reviews.queries import content_of, handled_words, latest_number
from directory.reviews.vocabulary import NEEDS_MESSAGE, Decision, ReviewState

MAX_MESSAGE = 5000
NOT_YOURS = "Cette relecture attend un autre réseau que les vôtres."


def open_review(session: Session, revision: Revision) -> Review:
    """A review of the revision for the network in charge; older ones still waiting are superseded.

    The networks of the other places here are informed. Called by `contributions.operations`, which checked the
    permission.
    """
    older = select(Revision.id).where(Revision.initiative_id == revision.initiative_id)
    session.execute(
        update(Review)
        .where(Review.revision_id.in_(older), Review.state == ReviewState.WAITING)
        .values(state=ReviewState.SUPERSEDED)
    )
    content = from_json(revision.content, revision.schema)
    network = network_in_charge(session, content.here[0].keys)
    review = Review(revision_id=revision.id, network_id=network.id)
    session.add(review)
    session.flush()
    _inform(session, review, content)
    enqueue(session, "review_opened", review_id=review.id)
    return review


def _inform(session: Session, review: Review, content: InitiativeContent) -> None:
    """The regional networks whose territory holds another of its places."""
    for network in networks_concerned(session, (anchor.keys for anchor in content.here)):
        if network.id != review.network_id and not network.is_national:
            session.add(ReviewNotice(review_id=review.id, network_id=network.id))
    session.flush()


def decide(
    session: Session,
    review: Review,
    *,
    actor: Account,
    decision: Decision,
    message: str = "",
    agrees_to_place: bool = False,
) -> Review:
    """Publish, ask for changes or decline, once; `agrees_to_place` is the curator's word for a vigilance country.

    Raises Forbidden outside the actor's networks, Invalid without the message that a refusal owes, Conflict when the
    review was already decided or a newer revision was sent meanwhile.
    """
    if not can_decide(session, actor, review):
        raise Forbidden(NOT_YOURS)
    message = clean_text(message, MAX_MESSAGE, multiline=True)
    if decision in NEEDS_MESSAGE and not message:
        raise Invalid([Problem("message", "Dites pourquoi, en une phrase : la structure lira ce message.")])
    _check_newest(session, review)
    agrees_to_place = agrees_to_place and decision is Decision.PUBLISH
    _claim(session, review, actor, ReviewState(decision.value), message, agrees_to_place=agrees_to_place)
    if decision is Decision.PUBLISH:
        publish(session, review.revision, actor=actor, network=review.network, agrees_to_place=agrees_to_place)
    enqueue(session, "review_decided", review_id=review.id)
    return review


def hand_over(session: Session, review: Review, *, actor: Account, network: Network, message: str = "") -> Handover:
    """Give a waiting review to another network whose territory holds one of the places, or to the national queue.

    Raises Forbidden outside the actor's networks, Invalid for a network that is not concerned, Conflict when the
    review no longer waits, or no longer there.
    """
    if not can_decide(session, actor, review):
        raise Forbidden(NOT_YOURS)
    message = clean_text(message, MAX_MESSAGE, multiline=True)
    places = (anchor.keys for anchor in content_of(review).here)
    if network.id not in {one.id for one in networks_concerned(session, places)} - {review.network_id}:
        raise Invalid([Problem("network", "Choisissez un réseau dont le territoire porte un des lieux d’ici.")])
    _check_newest(session, review)
    giver = review.network_id
    moved = session.scalar(
        update(Review)
        .where(Review.id == review.id, Review.state == ReviewState.WAITING, Review.network_id == giver)
        .values(network_id=network.id)
        .returning(Review.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(review)
    if moved is None:
        raise Conflict(handled_words(session, review))
    handover = Handover(
        review_id=review.id, from_network_id=giver, to_network_id=network.id, actor_id=actor.id, message=message
    )
    session.add(handover)
    _keep_informed(session, review, giver)
    if review.revision.initiative.state != State.PUBLISHED:
        review.revision.initiative.network_id = network.id
    session.flush()
    enqueue(session, "review_handed_over", review_id=review.id)
    return handover


def _keep_informed(session: Session, review: Review, giver: int) -> None:
    """A network that gave a review away and holds one of its places goes on reading it."""
    places = (anchor.keys for anchor in content_of(review).here)
    is_regional = giver in {one.id for one in networks_concerned(session, places) if not one.is_national}
    if is_regional and session.get(ReviewNotice, (review.id, giver)) is None:
        session.add(ReviewNotice(review_id=review.id, network_id=giver))


def take_back(session: Session, review: Review, *, account: Account) -> Review:
    """The author takes the sending back while it waits; raises Forbidden for another's, Conflict once decided."""
    if review.revision.author_id != account.id:
        raise Forbidden("Cet envoi appartient à une autre personne.")
    _claim(session, review, account, ReviewState.TAKEN_BACK, "")
    return review


def _check_newest(session: Session, review: Review) -> None:
    if review.revision.number != latest_number(session, review.revision.initiative_id):
        raise Conflict("La structure a envoyé une version plus récente : relisez celle-là.")


def _claim(
    session: Session,
    review: Review,
    actor: Account,
    state: ReviewState,
    message: str,
    *,
    agrees_to_place: bool = False,
) -> None:
    """Two curators at once: the condition in the UPDATE lets one pass, on both databases."""
    claimed = session.scalar(
        update(Review)
        .where(Review.id == review.id, Review.state == ReviewState.WAITING, Review.network_id == review.network_id)
        .values(
            state=state,
            message=message,
            agrees_to_place=agrees_to_place,
            decided_at=utcnow(),
            decided_by_id=actor.id,
        )
        .returning(Review.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(review)
    if claimed is None:
        raise Conflict(handled_words(session, review))
