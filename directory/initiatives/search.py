"""Words → initiatives, on both engines: every word must be there, whole or as a beginning. Text is folded before."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.core.text import words

MAX_WORDS = 12

_ON_SQLITE = text("SELECT rowid FROM initiative_fts WHERE initiative_fts MATCH :query")
_ON_POSTGRESQL = text(
    "SELECT id FROM initiative_search"
    " WHERE to_tsvector('simple', heading || ' ' || body) @@ to_tsquery('simple', :query)"
)
_HEADING_ON_POSTGRESQL = text(
    "SELECT id FROM initiative_search WHERE to_tsvector('simple', heading) @@ to_tsquery('simple', :query)"
)


def matching_ids(session: Session, query: str) -> Sequence[int]:
    """The initiatives that hold every word of the query; none when the query has no letter or digit."""
    return _run(session, query, in_heading=False)


def heading_ids(session: Session, query: str) -> Sequence[int]:
    """Those that hold every word in their title or places: they come first."""
    return _run(session, query, in_heading=True)


def _run(session: Session, query: str, *, in_heading: bool) -> Sequence[int]:
    wanted = list(dict.fromkeys(words(query)))[:MAX_WORDS]
    if not wanted:
        return ()
    # Words hold letters and digits only, so nothing of either query language can come in.
    if session.get_bind().dialect.name == "sqlite":
        column = "heading : " if in_heading else ""
        expression = " AND ".join(f'{column}"{word}"*' for word in wanted)
        statement = _ON_SQLITE
    else:
        expression = " & ".join(f"'{word}':*" for word in wanted)
        statement = _HEADING_ON_POSTGRESQL if in_heading else _ON_POSTGRESQL
    return session.scalars(statement, {"query": expression}).all()
