"""Reads about drafts."""

from __future__ import annotations

from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.contributions.models import Draft
from directory.contributions.permissions import can_edit
from directory.core.errors import NotFound


def get_draft(session: Session, draft_id: int, actor: Account) -> Draft:
    """The actor's draft; raises NotFound for another's too, so that nobody learns that it exists."""
    draft = session.get(Draft, draft_id)
    if draft is None or not can_edit(actor, draft):
        raise NotFound("Ce brouillon n’existe pas.")
    return draft
