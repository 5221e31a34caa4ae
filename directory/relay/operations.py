"""Writes of the relay: a message taken in, a message forgotten."""

from __future__ import annotations

import hashlib

from sqlalchemy import delete
from sqlalchemy.orm import Session

from directory.accounts.rules import normal_address
from directory.core.errors import Conflict, Invalid, InvalidText, Problem, Withdrawn
from directory.core.jobs import enqueue
from directory.core.mail import address_header
from directory.core.text import clean_text
from directory.core.time import utcnow
from directory.initiatives.models import Initiative
from directory.initiatives.vocabulary import State
from directory.reference.wording import counted
from directory.relay.models import RelayMessage
from directory.relay.queries import Reader, destination, find_same, sent_lately
from directory.relay.rules import KEPT, MAX_BODY, MAX_NAME, MESSAGES_A_DAY, TooManyMessages


def send(session: Session, initiative: Initiative, *, name: str, email: str, body: str) -> RelayMessage:
    """Take in a message for the structure of a published sheet, from anybody; the same one sent twice is one.

    Raises Withdrawn, Invalid with every problem at its field, Conflict when nobody can read it, TooManyMessages when
    the address has written enough for today.
    """
    if initiative.state != State.PUBLISHED:
        raise Withdrawn("Cette initiative a été retirée par la structure ou par son réseau.")
    name, email, body = _cleaned(name, email, body)
    same = find_same(session, initiative, email, body)
    if same is not None:
        return same
    if destination(session, initiative).reader is Reader.NOBODY:
        raise Conflict("Personne ne peut encore recevoir de message pour cette fiche.")
    if sent_lately(session, email) >= MESSAGES_A_DAY:
        raise TooManyMessages(
            f"{counted(MESSAGES_A_DAY).capitalize()} messages sont déjà partis de cette adresse en un jour. "
            "Gardez votre texte et envoyez-le demain."
        )
    message = RelayMessage(initiative_id=initiative.id, sender_name=name, sender_email=email, body=body)
    session.add(message)
    session.flush()
    # Two clicks at the same instant see no message of the other: the key lets one leave.
    same_words = hashlib.sha256(f"{initiative.id}\n{email}\n{body}".encode()).hexdigest()[:32]
    for kind in ("relay_message", "relay_copy"):
        enqueue(session, kind, key=f"{kind}:{utcnow().date()}:{same_words}", message_id=message.id)
    # Each message brings its own end: nothing else has to run for it to be forgotten.
    enqueue(session, "relay_forget", message_id=message.id).due_at = message.created_at + KEPT
    session.flush()
    return message


def _cleaned(name: str, email: str, body: str) -> tuple[str, str, str]:
    """The three texts as they may be kept and mailed; a line break in a name would write headers of its own."""
    problems = []
    texts = {"name": name, "email": email, "body": body}
    for field, limit, is_long in (("name", MAX_NAME, False), ("email", 254, False), ("body", MAX_BODY, True)):
        try:
            texts[field] = clean_text(texts[field], limit, multiline=is_long)
            if not texts[field]:
                problems.append(Problem(field, MISSING[field]))
            elif field == "email":
                texts[field] = normal_address(texts[field])
                address_header(texts[field])  # answers go there: what no header can carry is told now
        except InvalidText as error:
            problems.append(Problem(field, error.message))
    if problems:
        raise Invalid(problems)
    return texts["name"], texts["email"], texts["body"]


MISSING = {
    "name": "Dites qui vous êtes : on répond plus volontiers à un nom.",
    "email": "Donnez votre adresse : sans elle, personne ne pourra vous répondre.",
    "body": "Écrivez votre message, même en deux phrases.",
}
"""What is asked when a field is left empty."""


def purge(session: Session) -> int:
    """Forget the messages kept long enough; returns how many.

    Called from the command line and by jobs only: time is the permission.
    """
    forgotten = session.scalars(
        delete(RelayMessage)
        .where(RelayMessage.created_at <= utcnow() - KEPT)
        .returning(RelayMessage.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(forgotten)
