"""Words → initiatives, on both engines: every word must be there, whole or as a beginning. Text is folded before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.core.text import words

MAX_WORDS = 12

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


def matching_ids(session: Session, query: str) -> NDArray[np.int64]:
    """The initiatives that hold every word of the query; none when the query has no letter or digit."""
    return _run(session, query, in_heading=False)


def heading_ids(session: Session, query: str) -> NDArray[np.int64]:
    """Those that hold every word in their title or places: they come first."""
    return _run(session, query, in_heading=True)


def _run(session: Session, query: str, *, in_heading: bool) -> NDArray[np.int64]:
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
