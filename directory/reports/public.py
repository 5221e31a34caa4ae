"""What a stranger may see of reports: the replies published under a sheet. Nothing else leaves this package."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
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


def replies(session: Session, slug: str) -> list[PublicReply]:
    """The replies under a published sheet, the oldest first; none under any other."""
    sheets = published().with_only_columns(Initiative.id).where(Initiative.slug == slug)
    chosen = select(PublishedReply).where(PublishedReply.initiative_id.in_(sheets))
    ordered = chosen.order_by(PublishedReply.published_at, PublishedReply.report_id)
    return [PublicReply(one.text, one.signature, one.published_at.date()) for one in session.scalars(ordered)]
