"""Who answers for a structure: its members, and the curators of the network in charge of what it carries.

It stands here because the answer needs initiatives, which organisations do not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import CompoundSelect, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from directory.accounts.models import Account
from directory.core.errors import NotFound
from directory.initiatives.models import Initiative, Participation, Revision
from directory.initiatives.queries import published
from directory.initiatives.vocabulary import Role, State
from directory.networks.models import Curatorship
from directory.organisations.models import Membership, Organisation
from directory.organisations.queries import Belonging, get_organisation

T = TypeVar("T")

GONE = "Cette demande n’existe pas, ou plus."


@dataclass(frozen=True)
class Request:
    """Somebody asks to belong to an organisation; `wrote` names its published sheet that they wrote, if any."""

    asked: Belonging
    wrote: str


def in_charge(account_id: int) -> CompoundSelect[int]:
    """The organisations for which an account answers: a member, or a curator of the network of what they carry."""
    member = select(Membership.organisation_id).where(
        Membership.account_id == account_id, Membership.granted_at.is_not(None)
    )
    curator = (
        _carried(Participation.organisation_id)
        .join(Curatorship, Curatorship.network_id == Initiative.network_id)
        .where(Curatorship.account_id == account_id)
    )
    return member.union(curator)


def can_grant(session: Session, actor: Account, organisation_id: int) -> bool:
    """Whoever answers for the organisation; read from the rows at each call."""
    answered = in_charge(actor.id).subquery()
    found = session.scalar(select(answered.c.organisation_id).where(answered.c.organisation_id == organisation_id))
    return actor.active and found is not None


def get_carrier(session: Session, slug: str) -> Organisation:
    """An organisation that carries something published; raises NotFound for any other."""
    organisation = get_organisation(session, slug)
    if not carried_by(session, organisation.id):
        raise NotFound("Cette organisation n’existe pas, ou plus à cette adresse.")
    return organisation


def get_membership(session: Session, membership_id: int, actor: Account) -> Membership:
    """A membership of the actor's, or of an organisation for which they answer; raises NotFound for the others too."""
    membership = session.get(Membership, membership_id)
    if membership is None or not actor.active:
        raise NotFound(GONE)
    if membership.account_id != actor.id and not can_grant(session, actor, membership.organisation_id):
        raise NotFound(GONE)
    return membership


def belonging(session: Session, membership: Membership) -> Belonging:
    """A membership with the account and the organisation that it ties."""
    account = session.get_one(Account, membership.account_id)
    return Belonging(membership, account, session.get_one(Organisation, membership.organisation_id))


def carried_by(session: Session, organisation_id: int) -> Sequence[Initiative]:
    """The published initiatives that an organisation carries, by title."""
    ids = _carried(Initiative.id).where(Participation.organisation_id == organisation_id)
    return session.scalars(published().where(Initiative.id.in_(ids)).order_by(Initiative.title_fold)).all()


def membership_requests(session: Session, account: Account) -> list[Request]:
    """What waits for the answer of an account, the oldest first."""
    rows = session.execute(
        select(Membership, Account, Organisation)
        .join(Account, Account.id == Membership.account_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.granted_at.is_(None), Membership.organisation_id.in_(in_charge(account.id)))
        .order_by(Membership.asked_at, Membership.id)
    ).all()
    return [
        Request(Belonging(membership, asker, organisation), _wrote(session, asker.id, organisation.id))
        for membership, asker, organisation in rows
    ]


def to_propose(session: Session, account: Account) -> Sequence[Organisation]:
    """The organisations named as carriers by what an account wrote and published, to which nothing ties it yet."""
    tied = select(Membership.organisation_id).where(Membership.account_id == account.id)
    wrote = (
        _carried(Participation.organisation_id)
        .join(Revision, Revision.id == Initiative.published_revision_id)
        .where(Revision.author_id == account.id)
    )
    proposed = select(Organisation).where(Organisation.id.in_(wrote), Organisation.id.not_in(tied))
    return session.scalars(proposed.order_by(Organisation.name_fold, Organisation.id)).all()


def people_to_ask(session: Session, organisation_id: int) -> Sequence[Account]:
    """Who is told that somebody asks: the members; the curators while there is no member."""
    member = select(Membership.account_id).where(
        Membership.organisation_id == organisation_id, Membership.granted_at.is_not(None)
    )
    curator = (
        _carried(Curatorship.account_id)
        .join(Curatorship, Curatorship.network_id == Initiative.network_id)
        .where(Participation.organisation_id == organisation_id)
    )
    for ids in (member, curator):
        found = session.scalars(select(Account).where(Account.id.in_(ids), Account.active).order_by(Account.id)).all()
        if found:
            return found
    return []


def _carried(column: InstrumentedAttribute[T]) -> Select[T]:
    """A column, over published initiatives and their carriers."""
    return (
        select(column)
        .select_from(Initiative)
        .join(Participation, Participation.initiative_id == Initiative.id)
        .where(Initiative.state == State.PUBLISHED.value, Participation.role == Role.CARRIER.value)
    )


def _wrote(session: Session, account_id: int, organisation_id: int) -> str:
    """The title of a published sheet of the organisation that the account wrote, or ""."""
    title = (
        _carried(Initiative.title)
        .join(Revision, Revision.id == Initiative.published_revision_id)
        .where(Revision.author_id == account_id, Participation.organisation_id == organisation_id)
    )
    return session.scalars(title.limit(1)).first() or ""
