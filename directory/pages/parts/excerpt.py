"""A text cut for a page: its beginning, or what stands around the words that a query finds."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from directory.initiatives.analysis import Query, Unit, marked
from directory.initiatives.public import Card

Pieces = list[tuple[str, bool]]
"""A text in pieces, those that a query finds told True."""
LENGTH = 200
"""Characters shown around the words found, about."""
BEFORE = 60


@dataclass(frozen=True)
class Told:
    """The texts of a card in pieces, and where the words stand that it does not show."""

    title: Pieces
    summary: Pieces
    carrier: Pieces
    lacking: Query
    """What is searched and that the card does not show."""
    extract: Pieces = field(default_factory=list)
    """Of the story, around what is lacking."""
    place: Pieces = field(default_factory=list)
    """Where one of its places lies, when what is lacking is there."""


def excerpt(text: str, length: int) -> str:
    """The beginning of a text: whole sentences where they fit, else whole words and an ellipsis."""
    flat = " ".join(text.split())
    if len(flat) <= length:
        return flat
    start = flat[:length]
    sentences = max(start.rfind(mark) for mark in (". ", "! ", "? ", "… "))
    if sentences > length // 2:
        return start[: sentences + 1]
    return f"{start[: start.rfind(' ')] if ' ' in start else start} …"


def told(card: Card, query: Query) -> Told:
    """What a card shows of what was searched: its texts, marked, its places and its domain."""
    here, there = card.here[0], card.there[0]
    carrier = card.carriers[0].name if card.carriers else ""
    texts = (card.title, card.summary, carrier, here.name, there.name, there.context, card.main_sector)
    shown = [marked(text, query) for text in texts]
    title, summary, named, *_ = shown
    return Told(title, summary, named, Query(_lacking(texts, shown, query)))


def _lacking(texts: Sequence[str], shown: Sequence[Pieces], query: Query) -> tuple[Unit, ...]:
    """What none of some texts shows of a query; `shown` are the same texts in pieces."""
    if not any(map(_is_found, shown)):
        return query.wanted
    if len(query.wanted) == 1:
        return ()
    return tuple(unit for unit in query.wanted if not any(whole(text, Query((unit,))) for text in texts))


def _is_found(pieces: Pieces) -> bool:
    return any(is_found for _, is_found in pieces)


def whole(text: str, query: Query) -> Pieces:
    """A short text, told whole if any of the words is found in it; none, no piece."""
    pieces = marked(text, query)
    return pieces if _is_found(pieces) else []


def around(text: str, query: Query) -> Pieces:
    """About LENGTH characters, cut between words, where most of the words found stand together; none, no piece."""
    pieces = marked(" ".join(text.split()), query)
    at, places = 0, []
    for piece, is_found in pieces:
        if is_found:
            places.append(at)
        at += len(piece)
    if not places:
        return []
    near = LENGTH - BEFORE
    centre = max(places, key=lambda place: bisect_left(places, place + near) - bisect_left(places, place))
    return _cut(pieces, max(0, centre - BEFORE), centre + LENGTH - BEFORE, at)


def _cut(pieces: Pieces, first: int, last: int, length: int) -> Pieces:
    """The pieces between two places, whole words only, with an ellipsis where something is left out."""
    found: Pieces = []
    at = 0
    for text, is_found in pieces:
        start, end = max(first - at, 0), min(last - at, len(text))
        if start < end:
            part = text if is_found else text[start:end]
            if not is_found and start and " " in part:
                part = part[part.index(" ") + 1 :]
            if not is_found and end < len(text) and " " in part:
                part = part[: part.rindex(" ")]
            found.append((part, is_found))
        at += len(text)
    before = [("… ", False)] if first else []
    after = [(" …", False)] if last < length else []
    return [*before, *(piece for piece in found if piece[0]), *after]
