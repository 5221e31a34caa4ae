"""Writes about accounts."""

from __future__ import annotations

from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.accounts.queries import find_account
from directory.accounts.rules import normal_address
from directory.core.errors import Conflict
from directory.core.time import utcnow


def create(session: Session, email: str, *, is_administrator: bool = False) -> Account:
    """A confirmed account without password (sign-in comes with its doors); raises Conflict when the address has one.

    Called from the command line and the demonstration only: there, the shell is the permission.
    """
    if find_account(session, email) is not None:
        raise Conflict(f"L’adresse {email} a déjà un compte.")
    account = Account(email=normal_address(email), is_administrator=is_administrator, confirmed_at=utcnow())
    session.add(account)
    session.flush()
    return account


def find_or_create_confirmed(session: Session, email: str) -> Account:
    """The account of an address that a mailed link has just proven, made or confirmed if need be.

    Called by `contributions.operations`, which checked the link.
    """
    account = find_account(session, email)
    if account is None:
        return create(session, email)
    account.confirmed_at = account.confirmed_at or utcnow()
    return account
