"""What stands beside a sheet: initiatives that resemble it, with the reason in words, and what else its actors do.

Resemblance is read in the columns: the nearest kind of place in common decides (the same town there, then the same
division, then the same commune here…), then every other place and domain in common, then the words of title and
summary. Words cost a read of the database, so that only those that they could still put forward are compared by them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from directory.initiatives.actors import Participations
from directory.initiatives.analysis import families, family
from directory.initiatives.columns import Mask, Rows
from directory.initiatives.ends import Ends
from directory.initiatives.index import Corpus
from directory.initiatives.models import Initiative
from directory.initiatives.public import Card, NamedOrganisation, PublicPlace, Sheet, cards_by_id
from directory.initiatives.queries import published
from directory.reference import wording

CANDIDATES = 8
"""How many of one kind, at most, are compared by their words."""
KINDS = (
    ("v", 64, "même ville là-bas"),
    ("a", 24, "même région là-bas"),
    ("c", 20, "même commune ici"),
    ("p", 8, "même pays"),
    ("e", 6, "même intercommunalité"),
    ("d", 5, "même département"),
    ("r", 2, "même région ici"),
)
"""Kinds of place in common, nearest first: the letter of their keys, what one weighs, how it is said."""
DOMAIN, MAX_WORDS, NAMED = 4, 4, 2
"""What a domain in common weighs; how many words in common count, one each; how many others of an actor are named."""
MIN_LETTERS = 4
COMMON = frozenset(
    family(word)
    for word in """accompagnement action agit aide appui association chaque cette chez comme commune comite cooperation
    depuis deux donner echange ensemble entre etre faire france groupe initiative international jumelage jumele lien
    local mais mettre mise monde nouveau ouvre partenaire partenariat pays place plus programme projet sans solidaire
    solidarite sont soutien soutenir tous tout toute trois travail vers ville village""".split()
)
"""Families of words that two initiatives of this directory share without being any nearer for it."""


@dataclass(frozen=True)
class Similar:
    """Another initiative, and what it has in common with the sheet, in words: « même ville là-bas : Kayes »."""

    card: Card
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Named:
    """An initiative by its title and what it says in a sentence."""

    id: int
    slug: str
    title: str
    language: str
    summary: str


@dataclass(frozen=True)
class Elsewhere:
    """What else an organisation does: how many other initiatives, and two of them."""

    count: int
    named: tuple[Named, ...]


@dataclass(frozen=True)
class Beside:
    """What stands beside a sheet."""

    similar: tuple[Similar, ...]
    elsewhere: Mapping[str, Elsewhere]
    """By the slug of an organisation; those that do nothing else known are left out."""


def beside(corpus: Corpus, taking_part: Participations, session: Session, sheet: Sheet, limit: int) -> Beside:
    """What stands beside a sheet, with at most `limit` similar initiatives: never itself, nor one named by its actors.

    `limit` is at most CANDIDATES.

    The same corpus gives the same on both databases.
    """
    others = {actor.slug: _others(taking_part, actor, sheet) for actor in (*sheet.card.carriers, *sheet.partners)}
    newest = {number for found in others.values() for number in found[:NAMED]}
    ranked = _ranked(corpus, sheet, limit, newest)
    scores = dict(zip(corpus.ids[list(ranked)].tolist(), ranked.values(), strict=True))
    # What was withdrawn since these columns were read is not told any more, and is left out.
    titles = _titles(session, [*newest, *_in_the_running(scores, limit)])
    also = {
        slug: Elsewhere(len(found), tuple(titles[one] for one in found[:NAMED] if one in titles))
        for slug, found in others.items()
    }
    return Beside(
        tuple(_similar(corpus, session, sheet, {one: scores[one] for one in titles if one in scores}, titles, limit)),
        {slug: one for slug, one in also.items() if one.named},
    )


def _others(taking_part: Participations, actor: NamedOrganisation, sheet: Sheet) -> list[int]:
    """The other initiatives that name an organisation, the newest first."""
    found = taking_part.initiatives_of(actor.id)
    return sorted(found[found != sheet.id].tolist(), reverse=True)


def _similar(
    corpus: Corpus,
    session: Session,
    sheet: Sheet,
    scores: Mapping[int, tuple[int, int]],
    titles: Mapping[int, Named],
    limit: int,
) -> Iterator[Similar]:
    """The best of some candidates, words in common being counted too."""
    own = _own_words(sheet)
    shared = {one: _shared(own, titles[one]) for one in scores}
    weights = {one: (-kind, score + min(MAX_WORDS, len(shared[one])), one) for one, (kind, score) in scores.items()}
    best = sorted(weights, key=lambda one: weights[one], reverse=True)[:limit]
    told = cards_by_id(corpus, session, best)
    for one in best:
        if one in told:
            yield Similar(told[one], tuple(_reasons(corpus, sheet.card, told[one], shared[one])))


def _in_the_running(scores: Mapping[int, tuple[int, int]], limit: int) -> list[int]:
    """The identifiers that words in common, at most MAX_WORDS, could still put among the first: others are not read."""
    if len(scores) <= limit:
        return list(scores)
    last = sorted((-kind, score) for kind, score in scores.values())[-limit]
    return [one for one, (kind, score) in scores.items() if (-kind, score + MAX_WORDS) >= last]


def _own_words(sheet: Sheet) -> dict[str, str]:
    """The words that a sheet says of itself, without the names of its places."""
    own = _told(f"{sheet.card.title} {sheet.card.summary}")
    for end in (*sheet.card.here, *sheet.card.there):
        for family_of_place in _told(f"{end.name} {end.context}"):
            own.pop(family_of_place, None)
    return own


def _shared(own: Mapping[str, str], other: Named) -> list[str]:
    """The words of a sheet that another one says too, as the sheet writes them."""
    told = _told(f"{other.title} {other.summary}")
    return [written for shared, written in own.items() if shared in told]


def _ranked(corpus: Corpus, sheet: Sheet, limit: int, without: Collection[int]) -> dict[int, tuple[int, int]]:
    """Rows of the candidates with their kind (0 is nearest) and their weight by the columns."""
    seen = np.zeros(corpus.size, dtype=bool)
    left_out = np.array([sheet.id, *without])
    at = np.minimum(np.searchsorted(corpus.ids, left_out), max(0, corpus.size - 1))
    seen[at[corpus.ids[at] == left_out]] = True
    keys = _keys(sheet.card)
    found: dict[int, tuple[int, int]] = {}
    for kind, rows in enumerate(_by_kind(corpus, sheet, keys)):
        fresh = rows[~seen[rows]]
        seen[fresh] = True
        scores = _scores(corpus, sheet, keys, fresh)
        most = min(CANDIDATES, len(fresh))
        best = np.argpartition(scores << 32 | fresh, -most)[-most:] if most else fresh
        found |= {int(fresh[one]): (kind, int(scores[one])) for one in best}
        if len(found) >= limit:
            break
    return found


def _by_kind(corpus: Corpus, sheet: Sheet, keys: Mapping[str, list[str]]) -> Iterator[Rows]:
    """The rows that share a place of each kind, then those that share a domain; computed as they are asked for."""
    for letter, _, _ in KINDS:
        yield np.flatnonzero(_sharing(corpus, letter, keys[letter])) if keys[letter] else np.zeros(0, dtype=np.int64)
    domains = np.zeros(corpus.size, dtype=bool)
    for bit in _bits(corpus, sheet):
        domains |= (corpus.columns.sectors >> bit & 1).astype(bool)
    yield np.flatnonzero(domains)


def _sharing(corpus: Corpus, letter: str, keys: list[str]) -> Mask:
    """The rows with an end in one of the territories, all of one letter."""
    if letter not in "cv":
        return corpus.lying_in(keys)
    side, links = _side(corpus, letter)
    found = np.zeros(len(links), dtype=bool)
    for code in _codes(side, keys):
        # Places are sorted by the territory shown: those of a town follow one another, and need no table of flags.
        first, last = np.searchsorted(side.own, [code, code + 1])
        found |= (links >= first) & (links < last)
    return corpus.columns.rows_having(found)


def _scores(corpus: Corpus, sheet: Sheet, keys: Mapping[str, list[str]], rows: Rows) -> Rows:
    """Of each row, the nearest kind of place in common on each side, and the domains in common, weighed together."""
    owners, links = _links(corpus, rows)
    total = np.zeros(len(rows), dtype=np.int64)
    for letters in ("vap", "cedr"):
        side, column = _side(corpus, letters[0])
        places = column[links]
        nearest = np.zeros(len(links), dtype=np.int64)
        for letter, weight, _ in reversed(KINDS):
            if letter in letters:
                for code in _codes(side, keys[letter]):
                    nearest[side.column(letter)[places] == code] = weight
        best = np.zeros(len(rows), dtype=np.int64)
        np.maximum.at(best, owners, nearest)
        total += best
    for bit in _bits(corpus, sheet):
        total += DOMAIN * (corpus.columns.sectors[rows] >> bit & 1)
    return total


def _links(corpus: Corpus, rows: Rows) -> tuple[Rows, Rows]:
    """Every link of some rows, with the place of its row among them."""
    columns = corpus.columns
    first, last = (np.searchsorted(columns.extra_row, rows, side) for side in ("left", "right"))
    counts = last - first
    own = np.arange(len(rows))
    extra = np.repeat(first - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))
    return np.concatenate([own, np.repeat(own, counts)]), np.concatenate([rows, columns.size + extra])


def _side(corpus: Corpus, letter: str) -> tuple[Ends, Rows]:
    """The places of the side of a letter, and where each link ends there."""
    return (corpus.here, corpus.columns.here) if letter in "cedr" else (corpus.there, corpus.columns.there)


def _codes(side: Ends, keys: Iterable[str]) -> list[int]:
    return [code for key in keys if (code := side.territories.code(key)) is not None]


def _bits(corpus: Corpus, sheet: Sheet) -> list[int]:
    labels = set(sheet.card.sectors)
    return [bit for bit, sector in enumerate(corpus.lists.sectors) if corpus.known.sectors[sector] in labels]


def _keys(card: Card) -> dict[str, list[str]]:
    """The territories of a card by the letter of their keys, in the order of its places."""
    keys = dict.fromkeys(key for end in (*card.here, *card.there) for key in end.keys)
    return {letter: [key for key in keys if key[0] == letter] for letter in "vapcedrz"}


def _titles(session: Session, ids: list[int]) -> dict[int, Named]:
    """The titles of the published initiatives among some identifiers; by the connection, as cards are."""
    if not ids:
        return {}
    return {
        row.id: Named(row.id, row.slug, row.title, row.language, row.summary)
        for row in session.connection().execute(_NAMED, {"ids": ids})
    }


_NAMED = (
    published()
    .with_only_columns(Initiative.id, Initiative.slug, Initiative.title, Initiative.language, Initiative.summary)
    .where(Initiative.id.in_(bindparam("ids", expanding=True)))
)


def _told(text: str) -> dict[str, str]:
    """The words that say something, as they are written, by their family."""
    found: dict[str, str] = {}
    for shared, written in families(text):
        if len(written) >= MIN_LETTERS and shared not in COMMON and not written.isdigit():
            found.setdefault(shared, written.lower())
    return found


def _reasons(corpus: Corpus, card: Card, other: Card, shared: list[str]) -> Iterator[str]:
    """What two cards have in common: on each side the nearest kind of place, then domains, then words."""
    mine, theirs = _keys(card), _keys(other)
    for letters in ("vap", "cedr"):
        common = (
            (words, [key for key in mine[letter] if key in theirs[letter]])
            for letter, _, words in KINDS
            if letter in letters
        )
        words, keys = next((one for one in common if one[1]), ("", []))
        if keys:
            yield f"{words}{wording.NBSP}: {wording.listing([_name(corpus, key, card) for key in keys])}"
    domains = [label for label in card.sectors if label in other.sectors]
    if domains:
        yield f"même domaine{wording.NBSP}: {domains[0].lower()}"
    if shared:
        words = "mot en commun" if len(shared) == 1 else "mots en commun"
        yield f"{words}{wording.NBSP}: {', '.join(shared[:MAX_WORDS])}"


def _name(corpus: Corpus, key: str, card: Card) -> str:
    """The name of a territory, a town there being known by its end itself."""
    ends: tuple[PublicPlace, ...] = (*card.here, *card.there)
    return corpus.known.territories.get(key) or next(end.name for end in ends if key in end.keys)
