"""Who may read a review, who may decide."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.networks.queries import curated_network_ids
from directory.reviews.models import Review, ReviewNotice


def can_decide(session: Session, actor: Account, review: Review) -> bool:
    """A curator of the network for which the review waits; read from the rows at each call."""
    return actor.active and review.network_id in curated_network_ids(session, actor.id)


def can_read(session: Session, actor: Account, review: Review) -> bool:
    """Whoever may decide, and the curators of a network that was informed."""
    mine = curated_network_ids(session, actor.id)
    informed = select(ReviewNotice.network_id).where(ReviewNotice.review_id == review.id)
    return actor.active and (review.network_id in mine or not mine.isdisjoint(session.scalars(informed)))
