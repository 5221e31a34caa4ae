"""What the worker does for the relay: pass a message on, give its sender a copy, forget it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from directory.core.jobs import Handler, enqueue
from directory.core.mail import Mail
from directory.core.time import utcnow
from directory.initiatives.models import Initiative
from directory.relay import mails, operations
from directory.relay.models import RelayMessage
from directory.relay.queries import destination
from directory.relay.rules import A_DAY, KEPT


def spread(session: Session, *, message_id: int) -> Mail | None:
    """One piece of work for each reader, decided now: whoever joined or left since the sending counts.

    While nobody can read it, the message waits, a day at a time, until it is forgotten.
    """
    sent = session.get(RelayMessage, message_id)
    if sent is None:
        return None
    accounts = destination(session, session.get_one(Initiative, sent.initiative_id)).accounts
    for account in accounts:
        key = f"relay_deliver:{message_id}:{account.id}"
        enqueue(session, "relay_deliver", key=key, message_id=message_id, account_id=account.id)
    if not accounts:
        enqueue(session, "relay_message", message_id=message_id).due_at = utcnow() + A_DAY
    return None


def deliver(session: Session, *, message_id: int, account_id: int) -> Mail | None:
    """The message for one reader; whoever has left meanwhile receives nothing, and whoever came instead does."""
    sent = session.get(RelayMessage, message_id)
    if sent is None:
        return None
    to = destination(session, session.get_one(Initiative, sent.initiative_id))
    reader = next((account for account in to.accounts if account.id == account_id), None)
    if reader is None:
        enqueue(session, "relay_message", message_id=message_id)
        return None
    return mails.message(session, sent, to, reader)


def give_copy(session: Session, *, message_id: int) -> Mail | None:
    """The sender's copy."""
    sent = session.get(RelayMessage, message_id)
    if sent is None:
        return None
    return mails.copy(session, sent, destination(session, session.get_one(Initiative, sent.initiative_id)))


def forget(session: Session, *, message_id: int) -> Mail | None:
    """Forget what has been kept long enough, this message and any other; come back for one that is called too early."""
    operations.purge(session)
    sent = session.get(RelayMessage, message_id, populate_existing=True)
    if sent is not None:  # the clock was wrong, or somebody pressed « retry »
        enqueue(session, "relay_forget", message_id=message_id).due_at = sent.created_at + KEPT
    return None


HANDLERS: dict[str, Handler] = {
    "relay_message": spread,
    "relay_deliver": deliver,
    "relay_copy": give_copy,
    "relay_forget": forget,
}
