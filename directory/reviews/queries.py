"""Reads about reviews."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.core.errors import NotFound, Problem
from directory.initiatives.content import from_json
from directory.initiatives.models import Revision
from directory.initiatives.queries import known_lists
from directory.initiatives.rules import doubts
from directory.networks.queries import curated_network_ids
from directory.reviews.models import Handover, Review, ReviewNotice
from directory.reviews.permissions import can_decide
from directory.reviews.vocabulary import ReviewState


def waiting(session: Session, actor: Account) -> Sequence[Review]:
    """What waits in the networks of the actor, oldest first."""
    return session.scalars(
        select(Review)
        .where(Review.state == ReviewState.WAITING, Review.network_id.in_(curated_network_ids(session, actor.id)))
        .order_by(Review.opened_at, Review.id)
    ).all()


def get_review(session: Session, review_id: int, actor: Account) -> Review:
    """A review of the actor's networks; raises NotFound for the others too."""
    review = session.get(Review, review_id)
    if review is None or not can_decide(session, actor, review):
        raise NotFound("Cette relecture n’existe pas dans vos réseaux.")
    return review


def latest_number(session: Session, initiative_id: int) -> int:
    """The number of the newest revision of an initiative."""
    number = session.scalar(select(func.max(Revision.number)).where(Revision.initiative_id == initiative_id))
    return number or 0


def doubts_of(session: Session, review: Review) -> list[Problem]:
    """What a curator should look at before deciding."""
    content = from_json(review.revision.content, review.revision.schema)
    return doubts(content, known_lists(session, content))


def informed_network_ids(session: Session, review_id: int) -> frozenset[int]:
    """The networks of the initiative's other places, told of the review."""
    return frozenset(session.scalars(select(ReviewNotice.network_id).where(ReviewNotice.review_id == review_id)))


def last_handover(session: Session, review_id: int) -> Handover | None:
    """How the review reached its network, when another one had it before."""
    handovers = select(Handover).where(Handover.review_id == review_id)
    return session.scalar(handovers.order_by(Handover.id.desc()).limit(1))
