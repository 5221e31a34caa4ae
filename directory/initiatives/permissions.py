"""Who may publish, propose a change, or withdraw."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.initiatives.models import Initiative, Participation, Revision
from directory.initiatives.vocabulary import Role, State
from directory.networks.queries import curated_network_ids
from directory.organisations.models import Membership


def can_publish(session: Session, actor: Account, network_id: int) -> bool:
    """A curator of the network in charge; read from the rows at each call."""
    return actor.active and network_id in curated_network_ids(session, actor.id)


def can_propose(session: Session, actor: Account, initiative: Initiative) -> bool:
    """Whoever told it first, a member of a structure that carries it, a curator of its network.

    While it is not published it names no structure: whoever wrote one of its revisions, too.
    """
    if not actor.active:
        return False
    wrote = exists().where(Revision.initiative_id == initiative.id, Revision.author_id == actor.id)
    if initiative.state == State.PUBLISHED:
        wrote = wrote.where(Revision.number == 1)  # a member who left has not told it
    belongs = (
        exists()
        .where(Participation.initiative_id == initiative.id, Participation.role == Role.CARRIER.value)
        .where(Membership.organisation_id == Participation.organisation_id)
        .where(Membership.account_id == actor.id, Membership.granted_at.is_not(None))
    )
    return bool(session.scalar(select(wrote | belongs))) or can_publish(session, actor, initiative.network_id)


def can_withdraw(session: Session, actor: Account, initiative: Initiative) -> bool:
    """Whoever may propose a change may take the initiative down; an administrator too, who answers for the site."""
    return (actor.active and actor.is_administrator) or can_propose(session, actor, initiative)
