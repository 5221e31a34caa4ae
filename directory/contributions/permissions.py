"""Who may touch a draft."""

from __future__ import annotations

from directory.accounts.models import Account
from directory.contributions.models import Draft


def can_edit(actor: Account, draft: Draft) -> bool:
    """Only the person who started the draft."""
    return actor.active and draft.account_id == actor.id
