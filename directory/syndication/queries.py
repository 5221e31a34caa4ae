"""Reads for feeds: the newest of a selection, with the instants at which each was published."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.initiatives.columns import Mask
from directory.initiatives.index import Corpus
from directory.initiatives.models import CorpusVersion, Initiative
from directory.initiatives.portrait import newest
from directory.initiatives.public import Card, cards

MAX_ENTRIES = 50


def last_published(corpus: Corpus, session: Session, mask: Mask) -> list[tuple[Card, dt.datetime, dt.datetime]]:
    """The newest cards of a selection, with the instants of their first and of their last publication."""
    ids = corpus.ids[newest(corpus, mask, MAX_ENTRIES)].tolist()
    asked = select(Initiative.slug, Initiative.first_published_at, Initiative.published_at).where(
        Initiative.id.in_(ids)
    )
    instants = {slug: (first, last) for slug, first, last in session.execute(asked) if first and last}
    return [(card, *instants[card.slug]) for card in cards(corpus, session, ids) if card.slug in instants]


def changed_at(session: Session) -> dt.datetime:
    """When anything public last changed."""
    return session.scalars(select(CorpusVersion.changed_at)).one()
