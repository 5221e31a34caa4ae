"""Writes about accounts and their sessions. Whoever calls has checked what the docstring names."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.accounts import credentials
from directory.accounts.models import Account, AccountSession
from directory.accounts.queries import find_account, get_session
from directory.accounts.rules import normal_address
from directory.core.errors import Conflict, Forbidden
from directory.core.jobs import enqueue
from directory.core.time import utcnow

_FORGOTTEN_AFTER = dt.timedelta(days=7)
"""An address typed at registration and never confirmed is not kept longer."""
_LISTED_FOR = dt.timedelta(days=30)
_NOBODY = 0
"""The account of a job about an address that has none: the same rows are written, in the same time."""


def create(session: Session, email: str, *, is_administrator: bool = False) -> Account:
    """A confirmed account without password; raises Conflict when the address has one.

    Called from the command line and the demonstration only: there, the shell is the permission.
    """
    if find_account(session, email) is not None:
        raise Conflict(f"L’adresse {email} a déjà un compte.")
    account = Account(email=normal_address(email), is_administrator=is_administrator, confirmed_at=utcnow())
    session.add(account)
    session.flush()
    return account


def find_or_create_confirmed(session: Session, email: str) -> Account:
    """The account of an address that its owner has just proved by a mailed link; raises Forbidden when it is closed."""
    account = _find_or_add(session, email)
    if not account.active:
        raise Forbidden("Le compte de cette adresse a été fermé. Écrivez-nous pour le rouvrir.")
    if account.confirmed_at is None:
        account.confirmed_at = utcnow()
    session.flush()
    return account


def register(session: Session, email: str) -> None:
    """Write to an address that asks for an account, whether it has one or not; raises InvalidText.

    The account waits without password until its owner follows the link: nobody can prepare one for somebody else.
    """
    _forget_unconfirmed(session)
    account = _find_or_add(session, email)
    known = account.confirmed_at is not None
    enqueue(session, "account_welcome_existing" if known else "account_confirm", account_id=account.id)


def confirm(session: Session, account: Account, password: str) -> None:
    """Open the account that a confirmation link named, with the password its owner chose."""
    account.confirmed_at = utcnow()
    account.password = credentials.hashed(password)
    session.flush()


def ask_reset(session: Session, email: str) -> None:
    """Write to an address that asks for a new password, if it has an account; raises InvalidText."""
    account = find_account(session, email)
    known = account is not None and account.active and account.confirmed_at is not None
    enqueue(session, "account_reset", account_id=account.id if account is not None and known else _NOBODY)


def change_password(session: Session, account: Account, password: str) -> None:
    """Change the password of who proved the old one, or the address; every session and link dies, and a mail tells."""
    account.password = credentials.hashed(password)
    _renew(session, account)
    enqueue(session, "account_password_changed", account_id=account.id)


def ask_address(session: Session, email: str, *, account: Account) -> None:
    """Write to the new address that an account asks for, its password checked; raises InvalidText."""
    wanted = normal_address(email)
    taken = session.scalar(select(Account).where(Account.email == wanted, Account.confirmed_at.is_not(None)))
    account.pending_email = wanted
    if taken is None:
        enqueue(session, "account_change_address", account_id=account.id)
    else:
        enqueue(session, "account_welcome_existing", account_id=taken.id)
    session.flush()


def change_address(session: Session, account: Account, email: str) -> None:
    """Give an account the address that its owner confirmed; every session dies, the old address is told."""
    holder = find_account(session, email)
    if holder is not None and holder.id != account.id:
        if holder.confirmed_at is not None:
            raise Conflict("Cette adresse a déjà un compte. Connectez-vous avec elle, ou choisissez-en une autre.")
        session.delete(holder)
        session.flush()
    account.former_email, account.email, account.pending_email = account.email, normal_address(email), None
    account.confirmed_at = utcnow()
    _renew(session, account)
    enqueue(session, "account_address_changed", account_id=account.id)


def open_session(session: Session, account: Account, *, digest: str, browser: str) -> AccountSession:
    """Record that a browser signed in, every factor checked; what closed long ago is forgotten."""
    now = utcnow()
    session.execute(
        delete(AccountSession).where(
            AccountSession.account_id == account.id, AccountSession.opened_at < now - _LISTED_FOR
        )
    )
    account.last_login_at, account.current_login_at = account.current_login_at or now, now
    account.login_count += 1
    opened = AccountSession(account_id=account.id, digest=digest, browser=browser[:80])
    session.add(opened)
    session.flush()
    return opened


def close_session(session: Session, account: Account, *, digest: str) -> None:
    """Close the session of this account that has a digest; the cookie that names it opens nothing more."""
    _close(session, account, AccountSession.digest == digest)


def close_listed_session(session: Session, account: Account, session_id: int) -> None:
    """Close one session that its account sees in its list; raises NotFound."""
    listed = get_session(session, account, session_id)
    _close(session, account, AccountSession.id == listed.id)


def close_other_sessions(session: Session, account: Account, *, digest: str) -> int:
    """Close every session of this account but the one that has a digest; returns how many."""
    return _close(session, account, AccountSession.digest != digest)


def start_two_factor(session: Session, account: Account, secret: str) -> list[str]:
    """Ask for a one-time code from now on, a first one having been checked; returns the codes to keep on paper."""
    account.tf_primary_method, account.tf_totp_secret = "authenticator", secret
    codes = credentials.new_recovery_codes(account)
    enqueue(session, "account_two_factor_changed", account_id=account.id)
    session.flush()
    return codes


def stop_two_factor(session: Session, account: Account) -> None:
    """Ask for no code any more: the password was checked, or somebody at the shell vouches."""
    account.tf_primary_method = account.tf_totp_secret = account.mf_recovery_codes = None
    enqueue(session, "account_two_factor_changed", account_id=account.id)
    session.flush()


def give_first_password(session: Session, account: Account, password: str) -> None:
    """Give a password to an account that has none. From the demonstration only."""
    if account.password is None:
        account.password = credentials.hashed(password)
        session.flush()


def close(session: Session, account: Account) -> None:
    """Close an account and its sessions; raises Conflict for the last administrator. From the command line only."""
    if account.is_administrator:
        _keep_one_administrator(session, account)
    account.active = False
    _renew(session, account)


def make_administrator(session: Session, account: Account) -> None:
    """Let an account administer. From the command line and the demonstration only."""
    if not account.active or account.confirmed_at is None:
        raise Conflict("Ce compte est fermé ou n’est pas confirmé : il ne peut pas administrer.")
    account.is_administrator = True
    session.flush()


def revoke_administrator(session: Session, account: Account) -> None:
    """Take back the right to administer; raises Conflict for the last one. From the command line only."""
    _keep_one_administrator(session, account)
    account.is_administrator = False
    session.flush()


def _find_or_add(session: Session, email: str) -> Account:
    """The account of an address, or a new one, not confirmed: the same statements, in the same time, either way."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    address = normal_address(email)
    session.execute(insert(Account).values(email=address).on_conflict_do_nothing(index_elements=[Account.email]))
    return session.scalars(select(Account).where(Account.email == address)).one()


def _forget_unconfirmed(session: Session) -> None:
    session.execute(
        delete(Account).where(Account.confirmed_at.is_(None), Account.created_at < utcnow() - _FORGOTTEN_AFTER)
    )


def _renew(session: Session, account: Account) -> None:
    """Another uniquifier, no open session: older cookies and mailed links are dead."""
    account.fs_uniquifier = secrets.token_hex(32)
    session.flush()
    _close(session, account)


def _close(session: Session, account: Account, *which: object) -> int:
    statement = update(AccountSession).where(
        AccountSession.account_id == account.id, AccountSession.closed_at.is_(None)
    )
    closed = session.execute(statement.where(*which).values(closed_at=utcnow()))  # type: ignore[arg-type]  # clauses
    return int(closed.rowcount)  # type: ignore[attr-defined]  # an UPDATE has one


def _keep_one_administrator(session: Session, account: Account) -> None:
    """Raise Conflict when nobody else administers; the rows are held, so that two cannot leave at once."""
    held = select(Account.id).where(Account.is_administrator, Account.active).order_by(Account.id).with_for_update()
    if not set(session.scalars(held)) - {account.id}:
        raise Conflict("C’est la dernière personne qui administre le site : nommez quelqu’un d’autre d’abord.")
