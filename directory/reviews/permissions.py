"""Who may decide."""

from __future__ import annotations

from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.networks.queries import curated_network_ids
from directory.reviews.models import Review


def can_decide(session: Session, actor: Account, review: Review) -> bool:
    """A curator of the network for which the review waits; read from the rows at each call."""
    return actor.active and review.network_id in curated_network_ids(session, actor.id)
