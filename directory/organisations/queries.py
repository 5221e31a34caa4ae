"""Reads about organisations and who belongs to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.core.errors import NotFound
from directory.organisations.models import Membership, Organisation


@dataclass(frozen=True)
class Belonging:
    """A membership, asked for or granted, with the account and the organisation that it ties."""

    membership: Membership
    account: Account
    organisation: Organisation


def is_member(session: Session, account_id: int, organisation_ids: Iterable[int]) -> bool:
    """True when an account was granted membership of one of the organisations."""
    granted = exists().where(
        Membership.account_id == account_id,
        Membership.organisation_id.in_(list(organisation_ids)),
        Membership.granted_at.is_not(None),
    )
    return bool(session.scalar(select(granted)))


def get_organisation(session: Session, slug: str) -> Organisation:
    """The organisation of a slug; raises NotFound."""
    organisation = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if organisation is None:
        raise NotFound("Cette organisation n’existe pas, ou plus à cette adresse.")
    return organisation


def find_membership(session: Session, account_id: int, organisation_id: int) -> Membership | None:
    """What ties an account to an organisation, asked for or granted."""
    return session.scalar(
        select(Membership).where(Membership.account_id == account_id, Membership.organisation_id == organisation_id)
    )


def memberships_of(session: Session, account_id: int) -> Sequence[Belonging]:
    """The memberships of an account, asked for or granted, by name of organisation."""
    return _belongings(session, Membership.account_id == account_id)


def members(session: Session, organisation_id: int) -> Sequence[Belonging]:
    """Who belongs to an organisation, the first granted first."""
    granted = (Membership.organisation_id == organisation_id, Membership.granted_at.is_not(None))
    return sorted(_belongings(session, *granted), key=lambda one: str(one.membership.granted_at))


def _belongings(session: Session, *conditions: ColumnElement[bool]) -> list[Belonging]:
    rows = session.execute(
        select(Membership, Account, Organisation)
        .join(Account, Account.id == Membership.account_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(*conditions)
        .order_by(Organisation.name_fold, Organisation.id, Membership.asked_at, Membership.id)
    )
    return [Belonging(membership, account, organisation) for membership, account, organisation in rows]
