"""What the search box proposes while somebody types: places, countries, sectors, organisations, networks, initiatives.

Only what a published initiative gives, and the communes of the lists that have none yet. Every look has a limit, so
that two letters cost what twelve do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, zip_longest
from typing import Any, Protocol

from sqlalchemy import ColumnElement, collate, func, select, text
from sqlalchemy.orm import Session

from directory.core.text import fold, words
from directory.geocoding.places import Place
from directory.initiatives.analysis import SMALL_WORDS
from directory.initiatives.atlas import Atlas, Found, Listed, names_of
from directory.initiatives.index import Corpus
from directory.initiatives.models import Anchor, Initiative, Participation
from directory.initiatives.names import typed
from directory.initiatives.queries import published
from directory.organisations.models import Organisation
from directory.reference.keys import Side, side_of

SHORTEST, LONGEST = 2, 80
"""Letters from which, and up to which, something is proposed."""
MOST = 20
"""Highest number of suggestions that may be asked."""
LOOKED_AT = 60
"""Rows of the database looked at by one question: the first that hold the words."""
MAX_WORDS = 6
FEW = 3
"""With fewer suggestions than this, the gazetteer is asked: it forgives spelling, and knows what is not linked yet."""

_ORGANISATIONS = {
    "sqlite": text("SELECT rowid FROM organisation_fts WHERE organisation_fts MATCH :wanted LIMIT :most"),
    "postgresql": text(
        "SELECT id FROM organisation"
        " WHERE to_tsvector('simple', translate(name_fold, '-/.@_:+&#', '         ')) @@ to_tsquery('simple', :wanted)"
        " LIMIT :most"
    ),
}
_HEADINGS = {
    "sqlite": text("SELECT rowid FROM initiative_fts WHERE initiative_fts MATCH :wanted LIMIT :most"),
    "postgresql": text(
        "SELECT id FROM initiative_search WHERE to_tsvector('simple', heading) @@ to_tsquery('simple', :wanted)"
        " LIMIT :most"
    ),
}


class Kind(StrEnum):
    """What is proposed, in the order in which it is shown."""

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
        names = wanted.split()[:MAX_WORDS]
        territories = _territories(atlas, corpus, wanted)
        groups = [
            [one for one in territories if one.kind is Kind.PLACE],
            [one for one in territories if one.kind is Kind.COUNTRY],
            _labelled(Kind.SECTOR, corpus.known.sectors, atlas.sectors, names),
            _organisations(corpus, session, asked, names, limit),
            _labelled(Kind.NETWORK, corpus.known.networks, atlas.networks, names),
            _initiatives(session, asked, names, limit),
        ]
        if places is not None and sum(map(len, groups)) < min(limit, FEW):
            groups[0] += _looked_up(atlas, corpus, places, asked, known={one.value for one in territories})
        return _shared_out(groups, limit)

    def atlas(self, corpus: Corpus) -> Atlas:
        """The names and counts of this corpus, made again when it changed."""
        atlas = self._atlas
        if atlas is None or not atlas.is_of(corpus):
            self._listed = names_of(corpus, self._listed)
            atlas = self._atlas = Atlas.of(corpus, self._listed, atlas)
        return atlas


def _shared_out(groups: Sequence[list[Suggestion]], limit: int) -> list[Suggestion]:
    """One of each kind in turn until there are enough, then kind by kind."""
    turns = chain.from_iterable(zip_longest(*groups))
    kept = [one for one in turns if one is not None][:limit]
    order = list(Kind)
    return sorted(kept, key=lambda one: order.index(one.kind))


def _territories(atlas: Atlas, corpus: Corpus, wanted: str) -> list[Suggestion]:
    """The territories that hold the words: those with initiatives, then communes of the lists that have none yet."""
    return [_territory(atlas, corpus, found) for found in atlas.find(wanted)]


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


def _looked_up(atlas: Atlas, corpus: Corpus, places: Places, asked: str, *, known: set[str]) -> list[Suggestion]:
    """The places that the gazetteer understands and that are not proposed yet, those with initiatives first."""
    found = []
    for place in places.suggest(asked, FEW * 2):
        if place.key in known:
            continue
        known.add(place.key)
        count = atlas.count(place.key)
        around = next((one for key in place.keys[1:] if (one := atlas.found(key)) and one.count), None)
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


def _labelled(kind: Kind, labels: Any, counts: dict[str, int], names: list[str]) -> list[Suggestion]:
    """The few values of a list whose words begin as those typed, and that some initiative has."""
    found = [
        Suggestion(kind, value, label, count=counts[value])
        for value, label in labels.items()
        if counts.get(value) and holds(label, names)
    ]
    return sorted(found, key=lambda one: (not _begins(one.label, names), -one.count, one.label))


def _organisations(corpus: Corpus, session: Session, asked: str, names: list[str], limit: int) -> list[Suggestion]:
    """The organisations that a published initiative names: first those whose name begins so, then the most active."""
    ids = _beginning_ids(session, Organisation.id, Organisation.name_fold, asked)
    ids |= _worded_ids(session, _ORGANISATIONS, names)
    if not ids:
        return []
    rows = session.execute(
        select(
            Organisation.slug, Organisation.name, Organisation.side, Organisation.place_key, Organisation.actor_type,
            func.count(Participation.initiative_id).label("initiatives"),
        )
        .join(Participation, Participation.organisation_id == Organisation.id)
        .where(Organisation.id.in_(ids))
        .group_by(Organisation.id)
    )  # fmt: skip
    known = corpus.known
    found = [
        Suggestion(
            kind=Kind.ORGANISATION,
            value=row.slug,
            label=row.name,
            context=", ".join(
                part
                for part in (known.actor_types.get(row.actor_type or ""), known.territories.get(row.place_key, ""))
                if part
            ),
            side=row.side,
            count=row.initiatives,
        )
        for row in rows
        if holds(row.name, names)
    ]
    return sorted(found, key=lambda one: (not _begins(one.label, names), -one.count, one.label, one.value))[:limit]


def _initiatives(session: Session, asked: str, names: list[str], limit: int) -> list[Suggestion]:
    """The published initiatives whose title holds the words; first those whose title begins so."""
    ids = _beginning_ids(session, Initiative.id, Initiative.title_fold, asked)
    ids |= _worded_ids(session, _HEADINGS, names, column="heading : ")
    if not ids:
        return []
    rows = session.execute(
        published().where(Initiative.id.in_(ids)).with_only_columns(Initiative.id, Initiative.slug, Initiative.title)
    )
    found = sorted(
        (row for row in rows if holds(row.title, names)), key=lambda row: (not _begins(row.title, names), -row.id)
    )[:limit]
    ends = _ends(session, [row.id for row in found])
    return [Suggestion(Kind.INITIATIVE, row.slug, row.title, ends=ends.get(row.id)) for row in found]


def _ends(session: Session, ids: list[int]) -> dict[int, tuple[str, str]]:
    """Where each initiative begins here and ends there, in words."""
    rows = session.execute(
        select(Anchor.initiative_id, Anchor.side, Anchor.label)
        .where(Anchor.initiative_id.in_(ids), Anchor.position == 0)
        .order_by(Anchor.initiative_id)
    )
    told: dict[int, dict[str, str]] = {}
    for row in rows:
        told.setdefault(row.initiative_id, {})[row.side] = row.label
    return {one: (sides.get(Side.HERE, ""), sides.get(Side.THERE, "")) for one, sides in told.items()}


def _beginning_ids(session: Session, identifier: Any, column: Any, asked: str) -> set[int]:
    """The rows whose folded text begins with what was typed, by a range of the index."""
    first = fold(asked)
    ordered: ColumnElement[Any] = collate(column, "C") if session.get_bind().dialect.name == "postgresql" else column
    chosen = select(identifier).where(ordered >= first, ordered < first + "\U0010ffff")
    return set(session.scalars(chosen.order_by(ordered).limit(LOOKED_AT // 3)))


def _worded_ids(session: Session, statements: dict[str, Any], names: list[str], *, column: str = "") -> set[int]:
    """The first rows that hold the words, each as a beginning; none when all that is typed is « de la »."""
    telling = [name for name in names if name not in SMALL_WORDS and len(name) >= SHORTEST]
    if not telling:
        return set()
    dialect = session.get_bind().dialect.name
    # Words hold letters and digits only, so nothing of either query language can come in.
    if dialect == "sqlite":
        wanted = " AND ".join(f'{column}"{name}"*' for name in telling)
    else:
        wanted = " & ".join(f"'{name}':*" for name in telling)
    return set(session.scalars(statements[dialect], {"wanted": wanted, "most": LOOKED_AT}))


def holds(label: str, names: Iterable[str]) -> bool:
    """Whether each of the folded words begins a word of the label."""
    present = words(label)
    return all(any(word.startswith(name) for word in present) for name in names)


def _begins(label: str, names: Sequence[str]) -> bool:
    return " ".join(words(label)).startswith(" ".join(names))
