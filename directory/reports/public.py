"""What a stranger may see of reports: the replies published under a sheet. Nothing else leaves this package."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from directory.initiatives.models import Initiative
from directory.initiatives.queries import published
from directory.reports.models import PublishedReply


@dataclass(frozen=True)
class PublicReply:
    """A reply as its author wished it: its words, how it is signed, the day it appeared."""

    text: str
    signature: str
    published_on: dt.date


_REPLIES = (
    published()
    .join(PublishedReply, PublishedReply.initiative_id == Initiative.id)
    .with_only_columns(PublishedReply.text, PublishedReply.signature, PublishedReply.published_at)
    .where(Initiative.slug == bindparam("slug"))
    .order_by(PublishedReply.published_at, PublishedReply.report_id)
)


def replies(session: Session, slug: str) -> list[PublicReply]:
    """The replies under a published sheet, the oldest first; none under any other."""
    rows = session.execute(_REPLIES, {"slug": slug})
    return [PublicReply(text, signature, published_at.date()) for text, signature, published_at in rows]
