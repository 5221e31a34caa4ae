"""Initiatives that look like one another: ends, structures, names. A likeness is shown, never decided on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.core.text import words
from directory.initiatives.content import InitiativeContent
from directory.initiatives.index import Corpus
from directory.initiatives.models import Anchor, Initiative, Participation
from directory.initiatives.public import Card, cards
from directory.initiatives.vocabulary import Role
from directory.organisations.models import Organisation
from directory.reference.keys import Side

MOST = 5
CANDIDATES = 400
"""Published initiatives compared at most: those that share the most precise ends come first."""
ALIKE, CLOSE = 85, 60
"""Out of 100: words in any order, by edit distance. From ALIKE on, two names are one; CLOSE helps when places agree."""
_PLACES_HERE, _PLACES_THERE = "cedr", "vap"


@dataclass(frozen=True)
class Profile:
    """What of an initiative is compared: its name, its structures, the territory keys of its ends, finest first."""

    title: str
    carriers: tuple[str, ...]
    here: tuple[tuple[str, ...], ...]
    there: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Duplicate:
    """A published initiative that looks like another, and why."""

    slug: str
    title: str
    here: str
    there: str
    carrier: str
    reason: str


def profile_of(content: InitiativeContent) -> Profile:
    """The profile of what is told."""
    return Profile(
        content.title,
        tuple(one.name for one in content.carriers),
        tuple(anchor.keys for anchor in content.here),
        tuple(anchor.keys for anchor in content.there),
    )


def likeness(one: Profile, other: Profile) -> str:
    """Why two initiatives look alike, in French, or "": at least one région here and one country there are shared.

    Symmetric, and true of a profile and itself.
    """
    here = _finest_shared(one.here, other.here, _PLACES_HERE)
    there = _finest_shared(one.there, other.there, _PLACES_THERE)
    if not here or not there:
        return ""
    title = _alike([one.title], [other.title])
    carrier = _alike(one.carriers, other.carriers)
    is_same_link = here == "c" and there == "v"
    if not (title >= ALIKE or carrier >= ALIKE or (is_same_link and max(title, carrier) >= CLOSE)):
        return ""
    place = {"v": "même lieu là-bas", "a": "même région là-bas", "p": "même pays là-bas"}[there]
    reasons = ["même structure"] if carrier >= ALIKE else []
    reasons += ["nom très proche"] if title >= ALIKE else []
    reasons += [place, *(["même commune ici"] if here == "c" else [])]
    told = ", ".join(reasons)
    return f"{told[0].upper()}{told[1:]}."


def likely(
    corpus: Corpus, session: Session, content: InitiativeContent, *, except_id: int | None = None
) -> tuple[Duplicate, ...]:
    """The published initiatives that look like a content, those that share the finest ends first."""
    profile = profile_of(content)
    published = _profiles(corpus, session, _candidates(corpus, profile))
    reasons = {one: likeness(profile, other) for one, other in published.items() if one != except_id}
    alike = [one for one, reason in reasons.items() if reason][:MOST]
    # Only what is shown is read whole.
    return tuple(_duplicate(card, reasons[one]) for one, card in zip(alike, cards(corpus, session, alike), strict=True))


def _candidates(corpus: Corpus, profile: Profile) -> list[int]:
    """Rows of the corpus that share a région here and a country there; the more territories are shared, the sooner."""
    wide = {letter: _keys(profile.here if letter in _PLACES_HERE else profile.there, letter) for letter in "rpcva"}
    mask = corpus.lying_in(wide["r"]) & corpus.lying_in(wide["p"])
    shared = np.zeros(corpus.size, dtype=np.int64)
    for letter in "cva":
        shared += corpus.lying_in(wide[letter])
    rows = np.flatnonzero(mask)
    return [int(row) for row in rows[np.argsort(-shared[rows], kind="stable")][:CANDIDATES]]


def _profiles(corpus: Corpus, session: Session, rows: list[int]) -> dict[int, Profile]:
    """The profiles of rows of the corpus by the identifiers of their initiatives, in the order given."""
    ids = [int(one) for one in corpus.ids[rows]]
    told = session.execute(select(Initiative.id, Initiative.title).where(Initiative.id.in_(ids)))
    titles = {one: title for one, title in told}  # noqa: C416  # rows are typed so
    carriers: dict[int, list[str]] = {}
    named = select(Participation.initiative_id, Organisation.name).join(
        Organisation, Organisation.id == Participation.organisation_id
    )
    named = named.where(Participation.initiative_id.in_(ids), Participation.role == Role.CARRIER.value)
    for one, name in session.execute(named):
        carriers.setdefault(one, []).append(name)
    places: dict[tuple[int, bool], list[tuple[str, ...]]] = {}
    anchors = select(Anchor.initiative_id, Anchor.side, Anchor.keys).where(Anchor.initiative_id.in_(ids))
    for one, side, keys in session.execute(anchors.order_by(Anchor.initiative_id, Anchor.side, Anchor.position)):
        places.setdefault((one, side == Side.HERE), []).append(tuple(keys))
    return {
        one: Profile(titles[one], tuple(carriers.get(one, ())), tuple(places[one, True]), tuple(places[one, False]))
        for one in ids
        if one in titles
    }


def _keys(places: Iterable[tuple[str, ...]], letter: str) -> set[str]:
    return {key for keys in places for key in keys if key[0] == letter}


def _finest_shared(one: Iterable[tuple[str, ...]], other: Iterable[tuple[str, ...]], letters: str) -> str:
    """The letter of the finest level at which two sets of places meet, or ""."""
    one, other = tuple(one), tuple(other)
    return next((letter for letter in letters if _keys(one, letter) & _keys(other, letter)), "")


def _alike(one: Iterable[str], other: Iterable[str]) -> float:
    """How alike the nearest two names are, from 0 to 100."""
    folded = [[_folded(name) for name in names] for names in (one, other)]
    return max((fuzz.token_sort_ratio(a, b) for a in folded[0] for b in folded[1] if a and b), default=0.0)


@lru_cache(maxsize=30_000)
def _folded(name: str) -> str:
    """Kept from one content to the next: hundreds of names are compared each time, always the same."""
    return " ".join(words(name))


def _duplicate(card: Card, reason: str) -> Duplicate:
    carrier = card.carriers[0].name if card.carriers else ""
    return Duplicate(card.slug, card.title, card.here[0].name, card.there[0].name, carrier, reason)
