"""What a stranger may see of the initiatives: cards, sheets, lists, counts. Nothing else leaves the corpus."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from directory.core.database import points_of
from directory.core.errors import NotFound, Withdrawn
from directory.core.geography import distance_km
from directory.initiatives.content import SourceContent
from directory.initiatives.filters import KnownValues
from directory.initiatives.index import Corpus
from directory.initiatives.models import Anchor, Initiative
from directory.initiatives.queries import published
from directory.initiatives.statements import CARDS, SHEET, End
from directory.initiatives.vocabulary import (
    NATURE_LABELS,
    SHARED_ALIKE,
    STAGE_LABELS,
    LinkNature,
    Origin,
    Role,
    Stage,
    State,
)
from directory.reference import wording
from directory.reference.keys import Level, Side

T = TypeVar("T")


@dataclass(frozen=True)
class PublicPlace:
    """One end as it may be shown: point (lon, lat) in degrees, already coarsened where it is withheld."""

    side: Side
    key: str
    keys: tuple[str, ...]
    name: str
    context: str
    level: str
    lon: float
    lat: float
    precision: str
    is_withheld: bool
    is_open: bool = True
    """False where the position came from OpenStreetMap's services: shown on the site, left out of open exports."""

    @property
    def words(self) -> str:
        """The place inside a sentence: « la Bretagne », « Quimper »."""
        return wording.named(self.key, self.name)


@dataclass(frozen=True)
class NamedOrganisation:
    """An organisation that may be named."""

    slug: str
    name: str
    role: Role
    actor_type: str | None
    website: str
    id: int = 0


@dataclass(frozen=True)
class Card:
    """An initiative in a list."""

    slug: str
    title: str
    summary: str
    language: str
    here: tuple[PublicPlace, ...]
    there: tuple[PublicPlace, ...]
    carriers: tuple[NamedOrganisation, ...]
    main_sector: str
    sectors: tuple[str, ...]
    stage: str
    stage_on: int | None
    since_year: int | None
    origin: str
    is_sector_by_site: bool
    published_on: dt.date
    updated_on: dt.date
    publics: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def links(self) -> tuple[tuple[PublicPlace, PublicPlace], ...]:
        """The star: every end there with the first here, every further end here with the first there."""
        return tuple((self.here[0], end) for end in self.there) + tuple((end, self.there[0]) for end in self.here[1:])

    @property
    def distance_km(self) -> float:
        """Great-circle distance between the two ends of the main link, as shown."""
        here, there = self.here[0], self.there[0]
        return distance_km(here.lon, here.lat, there.lon, there.lat)

    @property
    def distance_words(self) -> str:
        """How far the two ends are, when both are precise enough for it to mean something: « à 9 100 km »."""
        ends = (self.here[0], self.there[0])
        is_known = not any(end.is_withheld or end.level in (Level.COUNTRY, Level.ZONE) for end in ends)
        return f"à {wording.distance(self.distance_km)}" if is_known else ""


@dataclass(frozen=True)
class NamedNetwork:
    """A network that reviews."""

    slug: str
    name: str


@dataclass(frozen=True)
class Sheet:
    """Everything shown of one initiative; `sent_on` is the day of the structure's last word, when it said anything."""

    card: Card
    description: str
    meeting: str
    change_here: str
    change_there: str
    partners: tuple[NamedOrganisation, ...]
    nature: str | None
    goals: tuple[tuple[int, str], ...]
    publics: tuple[tuple[str, str], ...]
    """Identifiers and labels, as chosen; so are needs."""
    needs: tuple[tuple[str, str], ...]
    sources: tuple[SourceContent, ...]
    network: NamedNetwork
    revision_number: int
    id: int = 0
    sent_on: dt.date | None = None


def cards(corpus: Corpus, session: Session, ids: Iterable[int]) -> list[Card]:
    """The cards of published initiatives, in the order of their identifiers given: one read for any number of them.

    Rows of columns rather than objects: nothing stays in the session, so that a stream of them keeps its memory flat.
    """
    wanted = [int(one) for one in ids]
    told = cards_by_id(corpus, session, wanted)
    return [told[one] for one in wanted if one in told]


def cards_by_id(corpus: Corpus, session: Session, ids: Sequence[int]) -> dict[int, Card]:
    """The cards of those of some identifiers that are published; what is not flushed yet is not seen."""
    # By the connection: rows of columns need nothing of what the session does beside, which costs as much as they do.
    rows = session.connection().execute(CARDS, {"ids": ids}).all() if ids else []
    return {row.id: card for row, card in zip(rows, _cards(corpus.known, rows), strict=True)}


def _cards(known: KnownValues, rows: Sequence[Row[*tuple[Any, ...]]]) -> Iterator[Card]:
    ends = [[End(*values) for values in sorted(json.loads(row.ends))] for row in rows]
    points = iter(points_of([bytes.fromhex(end.point) for one in ends for end in one]).tolist())
    for row, of_row in zip(rows, ends, strict=True):
        yield _card(known, row, [place_of(end, *next(points)) for end in of_row])


def _card(known: KnownValues, row: Row[*tuple[Any, ...]], places: list[PublicPlace]) -> Card:
    return Card(
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        language=row.language,
        here=tuple(place for place in places if place.side is Side.HERE),
        there=tuple(place for place in places if place.side is Side.THERE),
        carriers=tuple(one for one in _organisations(known, row) if one.role is Role.CARRIER),
        main_sector=known.sectors[row.main_sector],
        sectors=tuple(known.sectors[sector] for _, sector in sorted(json.loads(row.sectors))),
        stage=STAGE_LABELS[Stage(row.stage)],
        stage_on=row.stage_on,
        since_year=row.since_year,
        origin=row.origin,
        is_sector_by_site=row.is_sector_by_site,
        published_on=row.first_published_at.date(),
        updated_on=row.published_at.date(),
        publics=tuple(known.publics[one] for one in _listed(row.publics)),
        needs=tuple(known.needs[one] for one in _listed(row.needs)),
    )


def _told(value: T | None) -> T:
    """A column that a constraint of the table keeps filled while the initiative is published."""
    if value is None:
        raise RuntimeError("a published initiative is complete")
    return value


@lru_cache(maxsize=10_000)
def _listed(text: str) -> tuple[str, ...]:
    """A stored list of words: few differ, and reading them again is what a card costs most."""
    return tuple(json.loads(text))


def place_of(anchor: Anchor | End, lon: float, lat: float) -> PublicPlace:
    """An anchor, as it stands or as it was read, as it is shown, with its point in degrees."""
    return PublicPlace(
        side=Side(anchor.side),
        key=anchor.key,
        keys=tuple(_listed(anchor.keys) if isinstance(anchor.keys, str) else anchor.keys),
        name=anchor.label,
        context=anchor.context,
        level=anchor.level,
        lon=lon,
        lat=lat,
        precision=anchor.precision,
        is_withheld=bool(anchor.is_withheld),
        is_open=anchor.found_by not in SHARED_ALIKE,
    )


def _organisations(known: KnownValues, row: Row[*tuple[Any, ...]]) -> list[NamedOrganisation]:
    return [
        NamedOrganisation(slug, name, Role(role), known.actor_types.get(kind or ""), website, number)
        for _, number, role, slug, name, kind, website in sorted(json.loads(row.organisations))
    ]


def sheet(corpus: Corpus, session: Session, slug: str) -> Sheet:
    """The sheet of a slug; raises NotFound, or Withdrawn when it was taken down."""
    row = session.connection().execute(SHEET, {"slug": slug}).first()
    if row is None or row.state == State.UNPUBLISHED:
        raise NotFound("Cette initiative n’existe pas, ou plus à cette adresse.")
    if row.state == State.WITHDRAWN:
        raise Withdrawn("Cette initiative a été retirée par la structure ou par son réseau.")
    known = corpus.known
    return Sheet(
        id=row.id,
        card=next(_cards(known, [row])),
        description=row.description,
        meeting=row.meeting,
        change_here=row.change_here,
        change_there=row.change_there,
        partners=tuple(one for one in _organisations(known, row) if one.role is Role.PARTNER),
        nature=NATURE_LABELS[LinkNature(row.nature)] if row.nature else None,
        goals=tuple((goal, known.goals[str(goal)]) for (goal,) in sorted(json.loads(row.goals))),
        publics=_labelled(_listed(row.publics), known.publics),
        needs=_labelled(_listed(row.needs), known.needs),
        sources=tuple(SourceContent(source["label"], source["url"]) for source in row.sources),
        network=NamedNetwork(row.network_slug, row.network_name),
        revision_number=row.revision_number,
        sent_on=row.sent_at.date() if row.sent_at and row.origin == Origin.CARRIER else None,
    )


def _labelled(chosen: Iterable[str], labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((one, labels[one]) for one in chosen if one in labels)


def story(corpus: Corpus, session: Session) -> Sheet | None:
    """The sheet that tells most among those whose places are shown: the one that the home page puts forward."""
    withheld = select(Anchor.initiative_id).where(Anchor.is_withheld)
    longest = published().where(Initiative.id.not_in(withheld), Initiative.origin != Origin.TWIN_TOWNS.value)
    chosen = session.scalar(longest.order_by(func.length(Initiative.description).desc(), Initiative.id).limit(1))
    return sheet(corpus, session, _told(chosen.slug)) if chosen else None
