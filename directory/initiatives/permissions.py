"""Who may publish or withdraw."""

from __future__ import annotations

from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.initiatives.models import Initiative, Revision
from directory.networks.queries import curated_network_ids


def can_publish(session: Session, actor: Account, network_id: int) -> bool:
    """A curator of the network in charge; read from the rows at each call."""
    return actor.active and network_id in curated_network_ids(session, actor.id)


def can_propose(session: Session, actor: Account, initiative: Initiative) -> bool:
    """Whoever wrote one of its revisions, or a curator of the network in charge."""
    wrote = session.query(Revision.id).filter_by(initiative_id=initiative.id, author_id=actor.id).first() is not None
    return actor.active and (wrote or can_publish(session, actor, initiative.network_id))


def can_withdraw(session: Session, actor: Account, initiative: Initiative) -> bool:
    """Whoever may propose a change may take the initiative down."""
    return can_propose(session, actor, initiative)
