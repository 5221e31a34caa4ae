"""Reads about accounts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.accounts.rules import normal_address
from directory.core.errors import NotFound


def find_account(session: Session, email: str) -> Account | None:
    """The account of an address, whatever its case, or None."""
    return session.scalar(select(Account).where(Account.email == normal_address(email)))


def get_account(session: Session, email: str) -> Account:
    """The account of an address; raises NotFound."""
    account = find_account(session, email)
    if account is None:
        raise NotFound(f"Aucun compte n’a l’adresse {email}.")
    return account
