"""A text cut for a page: its beginning, or what stands around the words that a query finds."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from directory.initiatives.analysis import Query, family, marked, words
from directory.initiatives.public import Card

Pieces = list[tuple[str, bool]]
"""A text in pieces, those that a query finds told True."""
LENGTH = 200
"""Characters shown around the words found, about."""
BEFORE = 60


@dataclass(frozen=True)
class Told:
    """The texts of a card in pieces, and what it does not show around the other words found, when it was read."""

    title: Pieces
    summary: Pieces
    carrier: Pieces
    shows_all: bool
    """The card itself shows every word found: it needs no extract."""
    extract: Pieces = field(default_factory=list)


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
    """What a card shows of what was searched: its texts, and its places, which are not marked."""
    title, summary = marked(card.title, query), marked(card.summary, query)
    carrier = marked(card.carriers[0].name, query) if card.carriers else []
    here, there = card.here[0], card.there[0]
    places = [marked(text, query) for text in (here.name, there.name, there.context)]
    shown = {one for pieces in (title, summary, carrier, *places) for one in _families(pieces)}
    return Told(title, summary, carrier, len(shown) >= len(query.wanted))


def _families(pieces: Pieces) -> set[str]:
    return {family(word) for text, is_found in pieces if is_found for word in words(text)}


def whole(text: str, query: Query) -> Pieces:
    """A short text, told whole if any of the words is found in it; none, no piece."""
    pieces = marked(text, query)
    return pieces if any(is_found for _, is_found in pieces) else []


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
