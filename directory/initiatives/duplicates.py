"""Initiatives that look like one another: ends, structures, names. A likeness is shown, never decided on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cdist
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
MOST_READ = 20_000
"""Names that the marks of one page read at most; the widest territories are left without a mark first."""
_PLACES_HERE, _PLACES_THERE = "cedr", "vap"

Rows = NDArray[np.int64]
LyingIn = Callable[[frozenset[str]], NDArray[np.bool_]]
"""`Corpus.lying_in`, or the same with a memory."""


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


@dataclass(frozen=True)
class Nearest:
    """What a proposal may repeat: a published initiative, or another that waits."""

    title: str
    is_published: bool


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
    candidates = _candidates(corpus.lying_in, profile, np.flatnonzero(_around(corpus.lying_in, profile)))
    published = _profiles(corpus, session, candidates)
    reasons = {one: likeness(profile, other) for one, other in published.items() if one != except_id}
    alike = [one for one, reason in reasons.items() if reason][:MOST]
    # Only what is shown is read whole.
    return tuple(_duplicate(card, reasons[one]) for one, card in zip(alike, cards(corpus, session, alike), strict=True))


def nearest(
    corpus: Corpus, session: Session, told: Mapping[int, InitiativeContent], waiting: Mapping[int, InitiativeContent]
) -> dict[int, Nearest]:
    """What each content told repeats first, by initiative: what `likely` finds, else what waits; one read in all."""
    profiles = {one: profile_of(content) for one, content in told.items()}
    found = {one: Nearest(title, is_published=True) for one, title in _published(corpus, session, profiles).items()}
    rest = {one: profile for one, profile in profiles.items() if one not in found}
    others = {one: profiles.get(one) or profile_of(content) for one, content in waiting.items()}
    return found | {one: Nearest(title, is_published=False) for one, title in _among(rest, others).items()}


def _published(corpus: Corpus, session: Session, profiles: Mapping[int, Profile]) -> dict[int, str]:
    """The title of the first published initiative that looks like each profile.

    Rows and names are compared by tables, one for each pair of région and country: places are read in the columns.
    """
    lying_in = cache(corpus.lying_in)
    groups: dict[tuple[frozenset[str], frozenset[str]], list[int]] = {}
    for one, profile in profiles.items():
        groups.setdefault((_keys(profile.here, "r"), _keys(profile.there, "p")), []).append(one)
    around = [(np.flatnonzero(_around(lying_in, profiles[group[0]])), group) for group in groups.values()]
    around.sort(key=lambda one: len(one[0]))
    read, compared = np.zeros(corpus.size, dtype=bool), []
    for rows, group in around:
        wider = read.copy()
        wider[rows] = True
        if np.count_nonzero(wider) > MOST_READ:
            break
        read = wider
        compared.append((rows, group))
    names = _names(session, [int(one) for one in corpus.ids[read]])
    found = {}
    for rows, group in compared:
        known = rows[[int(one) in names for one in corpus.ids[rows]]]
        table = _likeness([profiles[one] for one in group], [names[int(one)] for one in corpus.ids[known]])
        for one, scores in zip(group, table, strict=True):
            first = _first(lying_in, profiles[one], known, scores)
            if first is not None:
                found[one] = names[int(corpus.ids[first])][0]
    return found


def _first(lying_in: LyingIn, profile: Profile, rows: Rows, scores: NDArray[np.float32]) -> int | None:
    """Of rows that share a région and a country, the one that `likely` would show first."""
    alike = scores >= ALIKE
    if np.any((scores >= CLOSE) & ~alike):
        is_same_link = lying_in(_keys(profile.here, "c")) & lying_in(_keys(profile.there, "v"))
        alike |= (scores >= CLOSE) & is_same_link[rows]
    found = set(rows[alike].tolist())
    if len(found) > 1 or (found and len(rows) > CANDIDATES):
        return next((row for row in _candidates(lying_in, profile, rows) if row in found), None)
    return next(iter(found), None)


def _among(profiles: Mapping[int, Profile], others: Mapping[int, Profile]) -> dict[int, str]:
    """The title of the first of the others that looks like each profile; never itself."""
    numbers, told = list(others), list(others.values())
    table = _likeness(profiles.values(), [(one.title, one.carriers) for one in told])
    regions = [_keys(one.here, "r") for one in told]
    countries = [_keys(one.there, "p") for one in told]
    found = {}
    for (one, profile), scores in zip(profiles.items(), table, strict=True):
        region, country = _keys(profile.here, "r"), _keys(profile.there, "p")
        close = (int(at) for at in np.flatnonzero(scores >= CLOSE) if numbers[at] != one)
        near = (told[at] for at in close if region & regions[at] and country & countries[at])
        title = next((other.title for other in near if likeness(profile, other)), None)
        if title is not None:
            found[one] = title
    return found


def _likeness(profiles: Iterable[Profile], others: Sequence[tuple[str, tuple[str, ...]]]) -> NDArray[np.float32]:
    """How alike the nearest names are, title or carrier: a row for each profile; 0 below CLOSE."""
    profiles = list(profiles)
    titles = _table([(one.title,) for one in profiles], [(title,) for title, _ in others])
    return np.maximum(titles, _table([one.carriers for one in profiles], [carriers for _, carriers in others]))


def _table(some: Sequence[tuple[str, ...]], others: Sequence[tuple[str, ...]]) -> NDArray[np.float32]:
    """`_alike` of every pair of lists of names, 0 below CLOSE."""
    table = np.zeros((len(some), len(others)), dtype=np.float32)
    sides = [[(at, _folded(name)) for at, names in enumerate(side) for name in names] for side in (some, others)]
    mine, theirs = ([(at, name) for at, name in side if name] for side in sides)
    if mine and theirs:
        scores = cdist([name for _, name in mine], [name for _, name in theirs], scorer=fuzz.ratio, score_cutoff=CLOSE)
        at = np.ix_([at for at, _ in mine], [at for at, _ in theirs])
        np.maximum.at(table, at, scores)
    return table


def _around(lying_in: LyingIn, profile: Profile) -> NDArray[np.bool_]:
    """The initiatives that share a région here and a country there."""
    return lying_in(_keys(profile.here, "r")) & lying_in(_keys(profile.there, "p"))


def _candidates(lying_in: LyingIn, profile: Profile, rows: Rows) -> list[int]:
    """Of rows, CANDIDATES at most; the more territories are shared, the sooner."""
    shared = np.zeros(len(rows), dtype=np.int64)
    for letter in "cva":
        shared += lying_in(_keys(profile.here if letter in _PLACES_HERE else profile.there, letter))[rows]
    return [int(row) for row in rows[np.argsort(-shared, kind="stable")][:CANDIDATES]]


def _names(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, tuple[str, ...]]]:
    """The title and the carriers of initiatives; one read, none for none."""
    if not ids:
        return {}
    carries = (Participation.initiative_id == Initiative.id) & (Participation.role == Role.CARRIER.value)
    told = select(Initiative.id, Initiative.title, Organisation.name).outerjoin(Participation, carries)
    told = told.outerjoin(Organisation, Organisation.id == Participation.organisation_id)
    names: dict[int, tuple[str, tuple[str, ...]]] = {}
    for one, title, name in session.execute(told.where(Initiative.id.in_(ids))):
        carriers = names[one][1] if one in names else ()
        names[one] = title, (*carriers, name) if name else carriers
    return names


def _profiles(corpus: Corpus, session: Session, rows: list[int]) -> dict[int, Profile]:
    """The profiles of rows of the corpus by the identifiers of their initiatives, in the order given."""
    ids = [int(one) for one in corpus.ids[rows]]
    names = _names(session, ids)
    places: dict[tuple[int, bool], list[tuple[str, ...]]] = {}
    anchors = select(Anchor.initiative_id, Anchor.side, Anchor.keys).where(Anchor.initiative_id.in_(ids))
    for one, side, keys in session.execute(anchors.order_by(Anchor.initiative_id, Anchor.side, Anchor.position)):
        places.setdefault((one, side == Side.HERE), []).append(tuple(keys))
    return {
        one: Profile(*names[one], tuple(places[one, True]), tuple(places[one, False])) for one in ids if one in names
    }


def _keys(places: Iterable[tuple[str, ...]], letter: str) -> frozenset[str]:
    return frozenset(key for keys in places for key in keys if key[0] == letter)


def _finest_shared(one: Iterable[tuple[str, ...]], other: Iterable[tuple[str, ...]], letters: str) -> str:
    """The letter of the finest level at which two sets of places meet, or ""."""
    one, other = tuple(one), tuple(other)
    return next((letter for letter in letters if _keys(one, letter) & _keys(other, letter)), "")


def _alike(one: Iterable[str], other: Iterable[str]) -> float:
    """How alike the nearest two names are, from 0 to 100."""
    folded = [[_folded(name) for name in names] for names in (one, other)]
    return max((fuzz.ratio(a, b) for a in folded[0] for b in folded[1] if a and b), default=0.0)


@lru_cache(maxsize=30_000)
def _folded(name: str) -> str:
    """Words in one order; kept from one content to the next: hundreds of names are compared, always the same."""
    return " ".join(sorted(words(name)))


def _duplicate(card: Card, reason: str) -> Duplicate:
    carrier = card.carriers[0].name if card.carriers else ""
    return Duplicate(card.slug, card.title, card.here[0].name, card.there[0].name, carrier, reason)
