"""What the worker does for drafts: mail their links, look further for their doubtful places."""

from __future__ import annotations

from flask import current_app
from sqlalchemy.orm import Session

from directory.contributions import mails
from directory.contributions.answers import is_doubtful
from directory.contributions.models import Draft
from directory.core.jobs import Handler
from directory.core.mail import Mail
from directory.geocoding.operations import look_further
from directory.geocoding.providers import asked_for
from directory.reference.keys import Side

PATIENCE = 20.0
"""Seconds that a turn is waited for, while mails wait behind."""


class ProvidersBusy(Exception):
    """People ask all the time: the job is tried again later."""


def draft_link(session: Session, *, draft_id: int) -> Mail | None:
    """The link that resumes a draft; nothing for one that was thrown away, or has reached its network meanwhile."""
    draft = session.get(Draft, draft_id)
    if draft is None or draft.email is None or draft.review_id is not None:
        return None
    return mails.link(draft, draft.email)


def draft_confirm(session: Session, *, draft_id: int) -> Mail | None:
    """The link that confirms the address of a draft; nothing for one confirmed or thrown away meanwhile."""
    draft = session.get(Draft, draft_id)
    if draft is None or draft.email is None or draft.review_id is not None or draft.sent_at is None:
        return None
    return mails.confirm(draft, draft.email)


def draft_place(session: Session, *, draft_id: int, is_there: bool, index: int) -> None:
    """Look further for a place that is still doubtful, so that the answer is there when somebody opens it again.

    The place stays as it is: choosing is for people. Providers that are down or paused are not asked again for it.
    """
    draft, side = session.get(Draft, draft_id), Side.THERE if is_there else Side.HERE
    lines = draft.typed.get("answers", {}).get(side.value, []) if draft is not None else []
    if index >= len(lines) or not is_doubtful(lines[index]):
        return
    providers = asked_for(current_app.extensions["place_providers"], side)
    found = look_further(
        session, providers, str(lines[index]["typed"]), current_app.extensions["gazetteer"], patience=PATIENCE
    )
    if found.state == "busy":
        raise ProvidersBusy


HANDLERS: dict[str, Handler] = {
    "draft_link": draft_link,
    "draft_confirm": draft_confirm,
    "draft_place": draft_place,
}
