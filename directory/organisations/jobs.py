"""What the worker does for memberships. Work names accounts and organisations: a membership may be gone by then."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.core.jobs import Handler
from directory.core.mail import Mail
from directory.organisations import mails
from directory.organisations.models import Organisation
from directory.organisations.queries import find_membership


def asked(session: Session, *, account_id: int, organisation_id: int, reader_id: int) -> Mail | None:
    """Somebody asks to join: told to one of those who may answer, while the request still waits."""
    membership = find_membership(session, account_id, organisation_id)
    if membership is None or membership.granted_at is not None:
        return None
    organisation = session.get_one(Organisation, organisation_id)
    return mails.asked(organisation, session.get_one(Account, account_id), session.get_one(Account, reader_id))


def granted(session: Session, *, account_id: int, organisation_id: int) -> Mail | None:
    """The request was granted: told to whoever asked."""
    membership = find_membership(session, account_id, organisation_id)
    if membership is None or membership.granted_at is None:
        return None
    return mails.granted(session.get_one(Organisation, organisation_id), session.get_one(Account, account_id))


def refused(session: Session, *, account_id: int, organisation_id: int) -> Mail | None:
    """The request was refused: told to whoever made it, unless they made it again."""
    return _over(session, account_id, organisation_id, mails.refused)


def ended(session: Session, *, account_id: int, organisation_id: int) -> Mail | None:
    """Somebody else ended the membership: told to whom it concerns, unless it came back."""
    return _over(session, account_id, organisation_id, mails.ended)


def _over(
    session: Session, account_id: int, organisation_id: int, write: Callable[[Organisation, Account], Mail]
) -> Mail | None:
    account, organisation = session.get(Account, account_id), session.get(Organisation, organisation_id)
    if account is None or organisation is None or find_membership(session, account_id, organisation_id) is not None:
        return None
    return write(organisation, account)


HANDLERS: dict[str, Handler] = {
    "membership_asked": asked,
    "membership_granted": granted,
    "membership_refused": refused,
    "membership_ended": ended,
}
