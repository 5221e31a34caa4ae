"""Reads about accounts and their sessions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import Account, AccountSession
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


def find_signed_in(session: Session, digest: str, *, since: dt.datetime) -> Account | None:
    """The open account whose session has this digest, not closed and opened since then, or None."""
    return session.scalar(
        select(Account)
        .join(AccountSession, AccountSession.account_id == Account.id)
        .where(
            AccountSession.digest == digest,
            AccountSession.closed_at.is_(None),
            AccountSession.opened_at >= since,
            Account.active,
        )
    )


def sessions_of(session: Session, account: Account, *, since: dt.datetime) -> Sequence[AccountSession]:
    """The sessions of an account that may still be used, the latest first."""
    return session.scalars(
        select(AccountSession)
        .where(
            AccountSession.account_id == account.id,
            AccountSession.closed_at.is_(None),
            AccountSession.opened_at >= since,
        )
        .order_by(AccountSession.opened_at.desc(), AccountSession.id.desc())
    ).all()


def get_session(session: Session, account: Account, session_id: int) -> AccountSession:
    """One session of this account; raises NotFound, for those of others too."""
    found = session.get(AccountSession, session_id)
    if found is None or found.account_id != account.id:
        raise NotFound("Cette session n’existe pas, ou elle est déjà fermée.")
    return found


def administrators(session: Session) -> Sequence[Account]:
    """Who may administer the site, the first made first."""
    chosen = select(Account).where(Account.is_administrator, Account.active)
    return session.scalars(chosen.order_by(Account.id)).all()
