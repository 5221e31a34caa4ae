"""Who may touch a draft."""

from __future__ import annotations

from dataclasses import dataclass

from directory.accounts.models import Account
from directory.contributions.models import Draft


@dataclass(frozen=True)
class Holder:
    """Who is at the door: an account, and what this browser holds.

    `nonces` are those of drafts begun here or reached by their mailed link; `proven` the addresses that such a link
    has shown to be theirs.
    """

    account: Account | None = None
    nonces: frozenset[str] = frozenset()
    proven: frozenset[str] = frozenset()


def can_edit(holder: Holder, draft: Draft) -> bool:
    """The account that owns the draft; before it has one, the browser that holds it.

    Afterwards a browser in which nobody is signed in opens it only if a mailed link proved its address there.
    """
    if holder.account is not None and holder.account.active and draft.account_id == holder.account.id:
        return True
    if draft.nonce not in holder.nonces:
        return False
    return draft.account_id is None or (holder.account is None and draft.email in holder.proven)
