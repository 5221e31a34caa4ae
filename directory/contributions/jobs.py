"""What the worker does for drafts: mail their links."""

from __future__ import annotations

from sqlalchemy.orm import Session

from directory.contributions import mails
from directory.contributions.models import Draft
from directory.core.jobs import Handler
from directory.core.mail import Mail


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


HANDLERS: dict[str, Handler] = {"draft_link": draft_link, "draft_confirm": draft_confirm}
