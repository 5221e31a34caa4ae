"""What the search box proposes while somebody types: places, countries, sectors, organisations, networks, initiatives.

Only what a published initiative gives, and the communes of the lists that have none yet. Every look has a limit, so
that two letters cost what twelve do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import chain, zip_longest
from typing import Any, Protocol

from sqlalchemy import Row, TextClause, bindparam, select, text
from sqlalchemy.orm import Session

from directory.core.text import fold
from directory.geocoding.places import Place
from directory.initiatives.analysis import SMALL_WORDS
from directory.initiatives.atlas import Atlas, Found, Labelled, Listed, names_of
from directory.initiatives.filters import KnownValues
from directory.initiatives.index import Corpus
from directory.initiatives.models import Anchor
from directory.initiatives.names import holds, spaced, typed
from directory.initiatives.vocabulary import State
from directory.reference.keys import Side, side_of

SHORTEST, LONGEST = 2, 80
"""Letters from which, and up to which, something is proposed."""
MOST = 20
"""Highest number of suggestions that may be asked."""
LOOKED_AT = 60
"""Rows of the database looked at by one question: the first that hold the words."""
MAX_WORDS = 6
FEW = 3
"""With fewer suggestions than this for one word, or none for several, the gazetteer is asked: it forgives spelling."""

_LAST = "\U0010ffff"
_NO_WORD = "zzzzzzzzzzzz"
"""Asked where all that is typed is « de la »: no name holds it."""
LIKELY, CERTAIN = 0.5, 0.7
"""How sure the gazetteer must be of a place that has some initiative around, and of one that has none."""

# The rows whose folded text begins with what was typed, then those that hold its words, each as a beginning.
_FOUND = {
    "sqlite": """WITH found AS (
        SELECT id FROM (SELECT id FROM {table} WHERE {fold} >= :first AND {fold} < :last ORDER BY {fold} LIMIT :few)
        UNION SELECT id FROM (SELECT rowid AS id FROM {words} WHERE {words} MATCH :wanted LIMIT :most))""",
    "postgresql": """WITH found AS (
        (SELECT id FROM {table} WHERE {fold} COLLATE "C" >= :first AND {fold} COLLATE "C" < :last
         ORDER BY {fold} COLLATE "C" LIMIT :few)
        UNION (SELECT id FROM {words} @@ to_tsquery('simple', :wanted) LIMIT :most))""",
}
_ORGANISATIONS = """
    SELECT slug, name, name_fold, side, place_key, actor_type,
        (SELECT count(*) FROM participation WHERE organisation_id = organisation.id) AS initiatives
    FROM found JOIN organisation ON organisation.id = found.id"""
_INITIATIVES = """
    SELECT initiative.id, slug, title, title_fold, state
    FROM found JOIN initiative ON initiative.id = found.id"""
# The state is read, not asked: its index would be taken for a short way to the rows.
_WORDS = {
    "sqlite": {"organisation": "organisation_fts", "initiative": "initiative_fts"},
    "postgresql": {
        # As the index of migrations/versions/20261122_suggestions.py writes it.
        "organisation": "organisation WHERE to_tsvector('simple', translate(name_fold, '-/.@_:+&#', '         '))",
        "initiative": "initiative_search WHERE search_terms(heading)",
    },
}
_FOLDS = {"organisation": "name_fold", "initiative": "title_fold"}
_SELECTED = {"organisation": _ORGANISATIONS, "initiative": _INITIATIVES}


def _statement(dialect: str, table: str) -> TextClause:
    found = _FOUND[dialect].format(table=table, fold=_FOLDS[table], words=_WORDS[dialect][table])
    # Names of the house's tables, whose colons are those of words to put in.
    return text(f"{found} {_SELECTED[table]}".replace("'-/.@_:+", "'-/.@_\\:+"))


_STATEMENTS = {(dialect, table): _statement(dialect, table) for dialect in _FOUND for table in _FOLDS}
_ENDS = (
    select(Anchor.initiative_id, Anchor.side, Anchor.label)
    .where(Anchor.initiative_id.in_(bindparam("ids", expanding=True)), Anchor.position == 0)
    .order_by(Anchor.initiative_id)
)


class Kind(StrEnum):
    """What is proposed."""

    PLACE = "place"
    COUNTRY = "country"
    SECTOR = "sector"
    ORGANISATION = "organisation"
    NETWORK = "network"
    INITIATIVE = "initiative"


@dataclass(frozen=True)
class Suggestion:
    """One line under the field: `value` is a territory key, the identifier of a sector or a slug."""

    kind: Kind
    value: str
    label: str
    context: str = ""
    side: str = ""
    count: int = 0
    """Published initiatives that it gives."""
    wider: Found | None = None
    """For a place without any initiative, the finest territory around it that has some."""
    ends: tuple[str, str] | None = None
    """For an initiative, where it begins here and where it ends there."""


class Places(Protocol):
    """What is asked of the gazetteer."""

    def suggest(self, text: str, limit: int = 5, scope: Side | None = None) -> list[Place]:
        """The places whose name starts like, or nearly like, what is being typed."""

    def __hash__(self) -> int:
        """Each is one of its own."""


class Suggester:
    """The suggestions of one process; what it knows of the corpus follows its versions."""

    def __init__(self) -> None:
        self._listed: Listed | None = None
        self._atlas: Atlas | None = None

    def suggest(
        self, corpus: Corpus, session: Session, places: Places | None, asked: str, *, limit: int
    ) -> list[Suggestion]:
        """The suggestions for what was typed, at most `limit`, in the order of the kinds; none for too short a text."""
        wanted = typed(asked)
        if len(wanted) < SHORTEST or len(asked) > LONGEST:
            return []
        atlas = self.atlas(corpus)
        names = _telling(wanted)
        territories = [_territory(atlas, corpus, found) for found in atlas.find(wanted)]
        others = [
            _labelled(Kind.SECTOR, atlas.sectors, names),
            _organisations(corpus, session, asked, names, limit),
            _labelled(Kind.NETWORK, atlas.networks, names),
            _initiatives(session, asked, names, limit),
        ]
        number = len(territories) + sum(map(len, others))
        if number < FEW:
            territories += [_territory(atlas, corpus, found) for found in atlas.find_without(wanted)]
        is_open = not number or (number < FEW and len(names) == 1)
        if places is not None and is_open and not any(one.count for one in territories):
            known = {one.value for one in territories}
            territories += _looked_up(atlas, places, asked, known=known, is_alone=not territories and not number)
        return _shared_out(territories, others, limit)

    def atlas(self, corpus: Corpus) -> Atlas:
        """The names and counts of this corpus, made again when it changed."""
        atlas = self._atlas
        if atlas is None or not atlas.is_of(corpus):
            self._listed = names_of(corpus, self._listed)
            atlas = self._atlas = Atlas.of(corpus, self._listed, atlas)
        return atlas


def _telling(wanted: str) -> list[str]:
    """The folded words that what is proposed must hold; a last letter alone says too little yet."""
    names = wanted.split()[:MAX_WORDS]
    return names[:-1] if len(names) > 1 and len(names[-1]) == 1 else names


def _shared_out(territories: list[Suggestion], others: list[list[Suggestion]], limit: int) -> list[Suggestion]:
    """Two territories, then one of each other kind, in turn until there are enough; shown kind by kind."""
    turns = chain.from_iterable(zip_longest(territories[::2], territories[1::2], *others))
    kept = {id(one) for one in [one for one in turns if one is not None][:limit]}
    return [one for one in chain(territories, *others) if id(one) in kept]


def _territory(atlas: Atlas, corpus: Corpus, found: Found) -> Suggestion:
    return Suggestion(
        kind=Kind.COUNTRY if found.key.startswith("p:") else Kind.PLACE,
        value=found.key,
        label=found.name,
        context=atlas.context(corpus, found.key),
        side=side_of(found.key).value,
        count=found.count,
        wider=None if found.count else atlas.around(corpus, found.key),
    )


def _looked_up(atlas: Atlas, places: Places, asked: str, *, known: set[str], is_alone: bool) -> list[Suggestion]:
    """The places that the gazetteer understands and that are not proposed yet, those with initiatives first.

    One with no initiative, nor any around, is worth a line only where nothing else is proposed.
    """
    found = []
    for place in _understood(places, asked):
        if place.key in known:
            continue
        known.add(place.key)
        count = atlas.count(place.key)
        around = next((one for key in place.keys[1:] if (one := atlas.found(key)) and one.count), None)
        is_told = count or around is not None or (is_alone and place.confidence >= CERTAIN)
        if not is_told or place.confidence < LIKELY:
            continue
        found.append(
            Suggestion(
                kind=Kind.COUNTRY if place.key.startswith("p:") else Kind.PLACE,
                value=place.key,
                label=place.name,
                context=", ".join(part for part in (place.kind, place.context) if part and part != place.name),
                side=place.side.value,
                count=count,
                wider=None if count else around,
            )
        )
    return sorted(found, key=lambda one: -one.count)[:FEW]


@lru_cache(maxsize=4096)
def _understood(places: Places, asked: str) -> tuple[Place, ...]:
    """What the gazetteer says, which never changes while it is open."""
    return tuple(places.suggest(asked, FEW * 2))


def _labelled(kind: Kind, labels: Sequence[Labelled], names: list[str]) -> list[Suggestion]:
    """The few values of a list whose words begin as those typed, and that some initiative has."""
    found = [one for one in labels if holds(one.folded, names)]
    found.sort(key=lambda one: (not one.folded.startswith(" ".join(names)), -one.initiatives, one.label))
    return [Suggestion(kind, one.value, one.label, count=one.initiatives) for one in found]


def _organisations(corpus: Corpus, session: Session, asked: str, names: list[str], limit: int) -> list[Suggestion]:
    """The organisations that a published initiative names: first those whose name begins so, then the most active."""
    known = corpus.known
    found = [
        (not folded.startswith(" ".join(names)), -row.initiatives, row.name, row.slug, row)
        for row in _rows(session, "organisation", asked, names)
        if row.initiatives and holds(folded := spaced(row.name_fold), names)
    ]
    return [
        Suggestion(
            kind=Kind.ORGANISATION,
            value=row.slug,
            label=row.name,
            context=", ".join(
                filter(None, (known.actor_types.get(row.actor_type or ""), _place(known, row.place_key)))
            ),
            side=row.side,
            count=row.initiatives,
        )
        for *_, row in sorted(found)[:limit]
    ]


def _place(known: KnownValues, key: str) -> str:
    return known.territories.get(key, "") if key else ""


def _initiatives(session: Session, asked: str, names: list[str], limit: int) -> list[Suggestion]:
    """The published initiatives whose title holds the words; first those whose title begins so, then the newest."""
    found = [
        (not folded.startswith(" ".join(names)), -row.id, row)
        for row in _rows(session, "initiative", asked, names)
        if row.state == State.PUBLISHED.value and holds(folded := spaced(row.title_fold), names)
    ]
    rows = [row for *_, row in sorted(found)[:limit]]
    ends = _ends(session, [row.id for row in rows]) if rows else {}
    return [Suggestion(Kind.INITIATIVE, row.slug, row.title, ends=ends.get(row.id)) for row in rows]


def _ends(session: Session, ids: list[int]) -> dict[int, tuple[str, str]]:
    """Where each initiative begins here and ends there, in words."""
    told: dict[int, dict[str, str]] = {}
    for row in session.execute(_ENDS, {"ids": ids}):
        told.setdefault(row.initiative_id, {})[row.side] = row.label
    return {one: (sides.get(Side.HERE, ""), sides.get(Side.THERE, "")) for one, sides in told.items()}


def _rows(session: Session, table: str, asked: str, names: list[str]) -> Sequence[Row[Any]]:
    """The first rows of a table whose folded text begins with what was typed or holds its words."""
    dialect, first = session.get_bind().dialect.name, fold(asked)
    telling = [name for name in names if name not in SMALL_WORDS and len(name) >= SHORTEST]
    # Words hold letters and digits only, so nothing of either query language can come in.
    if dialect == "sqlite":
        column = "heading : " if table == "initiative" else ""
        wanted = " AND ".join(f'{column}"{name}"*' for name in telling) or f'{column}"{_NO_WORD}"'
    else:
        wanted = " & ".join(f"'{name}':*" for name in telling) or _NO_WORD
    values = {"first": first, "last": first + _LAST, "few": LOOKED_AT // 3, "wanted": wanted, "most": LOOKED_AT}
    return session.connection().execute(_STATEMENTS[dialect, table], values).all()
