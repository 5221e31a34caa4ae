"""The mails about an account, as the worker sends them: a job holds the number of an account, never an address."""

from __future__ import annotations

from sqlalchemy.orm import Session

from directory.accounts import mails
from directory.accounts.models import Account
from directory.core.jobs import Handler
from directory.core.mail import Mail


def confirm(session: Session, *, account_id: int) -> Mail | None:
    """The link that opens a new account, unless it was opened meanwhile."""
    account = session.get(Account, account_id)
    return mails.confirm(account) if account is not None and account.confirmed_at is None else None


def welcome_existing(session: Session, *, account_id: int) -> Mail | None:
    """« Vous avez déjà un compte »; a closed account is told nothing."""
    account = _open(session, account_id)
    return mails.welcome_existing(account) if account is not None else None


def reset(session: Session, *, account_id: int) -> Mail | None:
    """The link to a new password; nothing for the number 0, which stands for an address without account."""
    account = _open(session, account_id)
    return mails.reset(account) if account is not None else None


def password_changed(session: Session, *, account_id: int) -> Mail | None:
    """The notice that follows a change of password."""
    account = _open(session, account_id)
    return mails.password_changed(account) if account is not None else None


def change_address(session: Session, *, account_id: int) -> Mail | None:
    """The link that confirms a new address, if it is still wanted."""
    account = _open(session, account_id)
    if account is None or account.pending_email is None:
        return None
    return mails.change_address(account, account.pending_email)


def address_changed(session: Session, *, account_id: int) -> Mail | None:
    """The notice to the address that was left."""
    account = session.get(Account, account_id)
    if account is None or account.former_email is None:
        return None
    return mails.address_changed(account, account.former_email)


def two_factor_changed(session: Session, *, account_id: int) -> Mail | None:
    """The notice that the code at sign-in was set up or given up."""
    account = _open(session, account_id)
    return mails.two_factor_changed(account) if account is not None else None


HANDLERS: dict[str, Handler] = {
    "account_confirm": confirm,
    "account_welcome_existing": welcome_existing,
    "account_reset": reset,
    "account_password_changed": password_changed,
    "account_change_address": change_address,
    "account_address_changed": address_changed,
    "account_two_factor_changed": two_factor_changed,
}
"""Which handler does which kind of job."""


def _open(session: Session, account_id: int) -> Account | None:
    """An open, confirmed account."""
    account = session.get(Account, account_id)
    return account if account is not None and account.active and account.confirmed_at is not None else None
