"""Writes of an association: start, save, submit. Nothing typed is ever lost; only a valid content is sent."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.contributions.models import Draft
from directory.contributions.permissions import can_edit
from directory.core.errors import Conflict, Forbidden, Invalid, Problem
from directory.core.time import utcnow
from directory.initiatives.content import from_json
from directory.initiatives.models import Initiative
from directory.initiatives.operations import record_revision
from directory.reviews.models import Review
from directory.reviews.operations import open_review


def start(session: Session, typed: dict[str, Any], *, actor: Account) -> Draft:
    """A new draft holding what was typed."""
    _check_storable(typed)
    draft = Draft(account_id=actor.id, typed=typed)
    session.add(draft)
    session.flush()
    return draft


def save(session: Session, draft: Draft, typed: dict[str, Any], *, actor: Account, counter: int) -> Draft:
    """Keep what was typed; raises Conflict when another tab saved since `counter` was read."""
    if not can_edit(actor, draft):
        raise Forbidden("Ce brouillon appartient à une autre personne.")
    _check_storable(typed)
    # The condition in the UPDATE lets one of two tabs pass, on both databases.
    saved = session.scalar(
        update(Draft)
        .where(Draft.id == draft.id, Draft.counter == counter)
        .values(typed=typed, counter=counter + 1, saved_at=utcnow())
        .returning(Draft.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(draft)
    if saved is None:
        raise Conflict("Ce brouillon a été modifié dans un autre onglet. Rechargez-le avant de continuer.")
    return draft


def _check_storable(typed: dict[str, Any]) -> None:
    """NaN and infinity are not JSON (PostgreSQL refuses them), nor is a structure without end."""
    try:
        json.dumps(typed, allow_nan=False)
    except (ValueError, TypeError, RecursionError) as error:
        raise Invalid([Problem("draft", "Ce brouillon contient une valeur qui ne peut pas être gardée.")]) from error


def submit(session: Session, draft: Draft, *, actor: Account) -> Review:
    """Record the draft's content as a revision and open its review for the network in charge.

    Raises Invalid, with every problem at its field, when the content cannot be sent; the draft is kept as it is.
    """
    if not can_edit(actor, draft):
        raise Forbidden("Ce brouillon appartient à une autre personne.")
    try:
        content = from_json(draft.typed)
    except ValueError as error:
        raise Invalid([Problem("draft", f"Ce brouillon n’a pas la forme attendue ({error}).")]) from error
    initiative = session.get(Initiative, draft.initiative_id) if draft.initiative_id else None
    revision = record_revision(session, content, author=actor, initiative=initiative)
    draft.initiative_id = revision.initiative_id
    return open_review(session, revision)
