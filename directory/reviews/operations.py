"""Writes of a network: open a review, decide."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.core.errors import Conflict, Forbidden, Invalid, Problem
from directory.core.jobs import enqueue
from directory.core.text import clean_text
from directory.core.time import utcnow
from directory.initiatives.content import from_json
from directory.initiatives.models import Revision
from directory.initiatives.operations import publish
from directory.networks.queries import network_in_charge
from directory.reviews.models import Review
from directory.reviews.permissions import can_decide
from directory.reviews.queries import latest_number
from directory.reviews.vocabulary import NEEDS_MESSAGE, Decision, ReviewState

MAX_MESSAGE = 5000


def open_review(session: Session, revision: Revision) -> Review:
    """A review of the revision for the network in charge; older ones still waiting are superseded.

    Called by `contributions.operations.submit`, which checked the permission.
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
    enqueue(session, "review_opened", review_id=review.id)
    return review


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
        raise Forbidden("Cette relecture attend un autre réseau que les vôtres.")
    message = clean_text(message, MAX_MESSAGE, multiline=True)
    if decision in NEEDS_MESSAGE and not message:
        raise Invalid([Problem("message", "Dites pourquoi, en une phrase : la structure lira ce message.")])
    if review.revision.number != latest_number(session, review.revision.initiative_id):
        raise Conflict("La structure a envoyé une version plus récente : relisez celle-là.")
    _claim(session, review, actor, ReviewState(decision.value), message)
    if decision is Decision.PUBLISH:
        publish(session, review.revision, actor=actor, network=review.network, agrees_to_place=agrees_to_place)
    enqueue(session, "review_decided", review_id=review.id)
    return review


def take_back(session: Session, review: Review, *, account: Account) -> Review:
    """The author takes the sending back while it waits; raises Forbidden for another's, Conflict once decided."""
    if review.revision.author_id != account.id:
        raise Forbidden("Cet envoi appartient à une autre personne.")
    _claim(session, review, account, ReviewState.TAKEN_BACK, "")
    return review


def _claim(session: Session, review: Review, actor: Account, state: ReviewState, message: str) -> None:
    """Two curators at once: the condition in the UPDATE lets one pass, on both databases."""
    claimed = session.scalar(
        update(Review)
        .where(Review.id == review.id, Review.state == ReviewState.WAITING)
        .values(state=state, message=message, decided_at=utcnow(), decided_by_id=actor.id)
        .returning(Review.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(review)
    if claimed is None:
        raise Conflict(f"Cette relecture n’attend plus : elle a déjà été traitée ({review.state}).")
