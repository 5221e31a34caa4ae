"""Writes about memberships: asked by anybody signed in, granted by a member or by the network, ended by either."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.contributions.structures import can_grant, carried_by, people_to_ask
from directory.core.errors import Conflict, Forbidden
from directory.core.jobs import enqueue
from directory.core.time import utcnow
from directory.organisations.models import Membership, Organisation
from directory.organisations.queries import find_membership

NOT_IN_CHARGE = "Seul un membre de cette structure, ou son réseau, peut répondre à cette demande."


def ask(session: Session, organisation: Organisation, *, actor: Account) -> Membership:
    """Ask to belong to an organisation that carries something published; asked twice, it is one request."""
    if not actor.active or not carried_by(session, organisation.id):
        raise Forbidden("Cette structure ne porte aucune fiche publiée : il n’y a rien à quoi se rattacher.")
    found = find_membership(session, actor.id, organisation.id)
    if found is not None:
        return found
    membership = Membership(account_id=actor.id, organisation_id=organisation.id)
    try:
        with session.begin_nested():  # two clicks at once: the second finds the row of the first
            session.add(membership)
    except IntegrityError:
        found = find_membership(session, actor.id, organisation.id)
        if found is None:
            raise
        return found
    for reader in people_to_ask(session, organisation.id):
        enqueue(
            session,
            "membership_asked",
            account_id=actor.id,
            organisation_id=organisation.id,
            reader_id=reader.id,
        )
    session.flush()
    return membership


def grant(session: Session, membership: Membership, *, actor: Account) -> Membership:
    """Say yes; said twice, it is once. Raises Forbidden unless the actor answers for the organisation."""
    if not can_grant(session, actor, membership.organisation_id):
        raise Forbidden(NOT_IN_CHARGE)
    session.flush()
    granted = session.scalar(
        update(Membership)
        .where(Membership.id == membership.id, Membership.granted_at.is_(None))
        .values(granted_at=utcnow(), granted_by_id=actor.id)
        .returning(Membership.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(membership)
    if granted is not None:
        _tell(session, "membership_granted", membership)
    return membership


def refuse(session: Session, membership: Membership, *, actor: Account) -> None:
    """Say no to a request: it is forgotten, and may be made again. Raises Conflict once it was granted."""
    if not can_grant(session, actor, membership.organisation_id):
        raise Forbidden(NOT_IN_CHARGE)
    session.flush()
    session.refresh(membership)
    if membership.granted_at is not None:
        raise Conflict("Cette personne est déjà rattachée : quelqu’un a dit oui entre-temps.")
    _end(session, membership, told="membership_refused")


def leave(session: Session, membership: Membership, *, actor: Account) -> None:
    """Take back one's own request, or leave the organisation."""
    if not actor.active or membership.account_id != actor.id:
        raise Forbidden("Ce rattachement est celui d’une autre personne.")
    _end(session, membership)


def remove(session: Session, membership: Membership, *, actor: Account) -> None:
    """End somebody's membership: they lose what it opened at their next request."""
    if not can_grant(session, actor, membership.organisation_id):
        raise Forbidden(NOT_IN_CHARGE)
    _end(session, membership, told="membership_ended" if membership.account_id != actor.id else "")


def _end(session: Session, membership: Membership, *, told: str = "") -> None:
    if told:
        _tell(session, told, membership)
    session.flush()
    gone = delete(Membership).where(Membership.id == membership.id).execution_options(synchronize_session=False)
    session.execute(gone)
    session.expunge(membership)


def _tell(session: Session, kind: str, membership: Membership) -> None:
    enqueue(session, kind, account_id=membership.account_id, organisation_id=membership.organisation_id)
