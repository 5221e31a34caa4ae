"""What a stranger may see of the initiatives: cards, sheets, lists, counts. Nothing else leaves the corpus."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from directory.core.database import distance_m, in_bbox
from directory.core.errors import NotFound, Withdrawn
from directory.core.geography import Box, distance_km
from directory.initiatives.columns import Mask, Rows
from directory.initiatives.content import SourceContent
from directory.initiatives.filters import NAMES, Filters, KnownValues, Sort, label_of
from directory.initiatives.index import Corpus
from directory.initiatives.models import Anchor, Initiative, Participation, Revision
from directory.initiatives.published import Selection
from directory.initiatives.queries import published
from directory.initiatives.search import heading_ids
from directory.initiatives.vocabulary import NATURE_LABELS, SHARED_ALIKE, STAGE_LABELS, LinkNature, Role, Stage, State
from directory.networks.models import Network
from directory.organisations.models import Organisation
from directory.reference import wording
from directory.reference.keys import Level, Side

T = TypeVar("T")

PER_PAGE = 20
FACETS = ("regions", "departements", "countries", "sectors", "stages", "actor_types", "networks", "goals")
"""Attributes of Filters that are counted, in the order of the page."""
KM_PER_DEGREE = 110.5
"""Length of a degree of latitude, at its shortest."""
SEARCH_DEGREES = (0.5, 2.0, 8.0, 30.0, 90.0)
"""Half sides of the boxes tried to find the nearest places."""


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
    """Everything shown of one initiative."""

    card: Card
    description: str
    meeting: str
    change_here: str
    change_there: str
    partners: tuple[NamedOrganisation, ...]
    nature: str | None
    goals: tuple[tuple[int, str], ...]
    sources: tuple[SourceContent, ...]
    network: NamedNetwork
    revision_number: int


@dataclass(frozen=True)
class Facet:
    """One value of one facet, with how many initiatives it would give."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Results:
    """One page of a selection; facets by their name in addresses."""

    filters: Filters
    known: KnownValues
    total: int
    page: int
    pages: int
    cards: tuple[Card, ...]
    facets: dict[str, tuple[Facet, ...]]


@dataclass(frozen=True)
class Figures:
    """Distinct initiatives, countries there and territories here of a selection."""

    initiatives: int
    countries: int
    territories: int


def search(corpus: Corpus, session: Session, filters: Filters, *, per_page: int = PER_PAGE) -> Results:
    """The page of the selection that its filters ask for, with the counts of every facet."""
    chosen = corpus.choose(session, filters)
    rows = _sorted_rows(corpus, session, filters, chosen.mask())
    first = (filters.page - 1) * per_page
    return Results(
        filters=filters,
        known=corpus.known,
        total=len(rows),
        page=filters.page,
        pages=max(1, -(-len(rows) // per_page)),
        cards=tuple(cards(corpus, session, corpus.ids[rows[first : first + per_page]])),
        facets=facets(corpus, filters, chosen),
    )


def everything(corpus: Corpus, session: Session, filters: Filters) -> list[Card]:
    """The whole selection, in the order asked, for exports."""
    return cards(corpus, session, corpus.ids[_sorted_rows(corpus, session, filters, corpus.select(session, filters))])


def facets(corpus: Corpus, filters: Filters, selection: Selection) -> dict[str, tuple[Facet, ...]]:
    """Every facet with its counts, most frequent first; chosen values are kept even at zero."""
    found = {}
    everything = selection.mask()
    for attribute in FACETS:
        mask = selection.mask(without=attribute) if attribute in selection.parts else everything
        counts = corpus.count(mask, attribute)
        chosen = set(getattr(filters, attribute))
        values = [
            Facet(value, label_of(attribute, value, corpus.known), counts.get(value, 0), value in chosen)
            for value in counts.keys() | chosen
        ]
        found[NAMES[attribute]] = tuple(sorted(values, key=lambda facet: (-facet.count, facet.label)))
    return found


def figures(corpus: Corpus, session: Session, filters: Filters) -> Figures:
    """The three numbers of a selection."""
    mask = corpus.select(session, filters)
    return Figures(int(mask.sum()), *corpus.reach(mask))


def _sorted_rows(corpus: Corpus, session: Session, filters: Filters, mask: Mask) -> Rows:
    """Selected rows in order; relevance puts words found in the title or places first, then the newest."""
    sort = filters.sort or (Sort.RELEVANCE if filters.q else Sort.NEWEST)
    if sort is Sort.TITLE:
        return corpus.alphabetical[mask[corpus.alphabetical]]
    if sort is Sort.NEAREST:
        return _nearest_first(corpus, filters, mask)
    rows = corpus.newest[mask[corpus.newest]]
    if sort is Sort.RELEVANCE and filters.q:
        is_heading = np.isin(corpus.ids[rows], heading_ids(session, filters.q))
        rows = np.concatenate([rows[is_heading], rows[~is_heading]])
    return rows


def _nearest_first(corpus: Corpus, filters: Filters, mask: Mask) -> Rows:
    """Nearest to the middle of the box, or to the first territory chosen; alphabetical when there is none."""
    origin = _origin(corpus, filters)
    if origin is None:
        return corpus.alphabetical[mask[corpus.alphabetical]]
    best = corpus.kilometres(*origin)
    order = np.argsort(best, kind="stable")
    return order[mask[order]]


def _origin(corpus: Corpus, filters: Filters) -> tuple[float, float] | None:
    if filters.bbox is not None:
        west, east = filters.bbox.west, filters.bbox.east
        middle = (west + east) / 2 if west <= east else (west + east) / 2 + 180
        return (middle + 180) % 360 - 180, (filters.bbox.south + filters.bbox.north) / 2
    chosen = (*filters.here, *filters.there, *(f"d:{code}" for code in filters.departements))
    return next((centre for key in chosen if (centre := corpus.centre(key)) is not None), None)


def cards(corpus: Corpus, session: Session, ids: Iterable[int]) -> list[Card]:
    """The cards of published initiatives, in the order of their identifiers given."""
    wanted = [int(one) for one in ids]
    found: dict[int, Initiative] = {}
    for start in range(0, len(wanted), 500):
        part = published().where(Initiative.id.in_(wanted[start : start + 500]))
        loaded = part.options(selectinload(Initiative.participations), selectinload(Initiative.sectors))
        found.update((initiative.id, initiative) for initiative in session.scalars(loaded))
    places = _places(session, list(found))
    organisations = _organisations(corpus.known, session, list(found))
    return [_card(corpus.known, found[one], places[one], organisations.get(one, [])) for one in wanted if one in found]


def _card(
    known: KnownValues, initiative: Initiative, places: list[PublicPlace], organisations: list[NamedOrganisation]
) -> Card:
    main_sector = _told(initiative.main_sector)
    return Card(
        slug=_told(initiative.slug),
        title=initiative.title,
        summary=initiative.summary,
        language=initiative.language,
        here=tuple(place for place in places if place.side is Side.HERE),
        there=tuple(place for place in places if place.side is Side.THERE),
        carriers=tuple(one for one in organisations if one.role is Role.CARRIER),
        main_sector=known.sectors[main_sector],
        sectors=tuple(known.sectors[sector.sector_id] for sector in initiative.sectors),
        stage=STAGE_LABELS[Stage(_told(initiative.stage))],
        stage_on=initiative.stage_on,
        since_year=initiative.since_year,
        origin=initiative.origin,
        is_sector_by_site=initiative.is_sector_by_site,
        published_on=_told(initiative.first_published_at).date(),
        updated_on=_told(initiative.published_at).date(),
    )


def _told(value: T | None) -> T:
    """A column that a constraint of the table keeps filled while the initiative is published."""
    if value is None:
        raise RuntimeError("a published initiative is complete")
    return value


def _places(session: Session, ids: Sequence[int]) -> dict[int, list[PublicPlace]]:
    found: dict[int, list[PublicPlace]] = {one: [] for one in ids}
    rows = session.execute(
        select(Anchor, func.ST_X(Anchor.geom), func.ST_Y(Anchor.geom))
        .where(Anchor.initiative_id.in_(ids))
        .order_by(Anchor.initiative_id, Anchor.side, Anchor.position)
    )
    for anchor, lon, lat in rows:
        found[anchor.initiative_id].append(place_of(anchor, lon, lat))
    return found


def place_of(anchor: Anchor, lon: float, lat: float) -> PublicPlace:
    """An anchor as it is shown, with its point in degrees."""
    return PublicPlace(
        side=Side(anchor.side),
        key=anchor.key,
        keys=tuple(anchor.keys),
        name=anchor.label,
        context=anchor.context,
        level=anchor.level,
        lon=lon,
        lat=lat,
        precision=anchor.precision,
        is_withheld=anchor.is_withheld,
        is_open=anchor.found_by not in SHARED_ALIKE,
    )


def _organisations(known: KnownValues, session: Session, ids: Sequence[int]) -> dict[int, list[NamedOrganisation]]:
    found: dict[int, list[NamedOrganisation]] = {}
    rows = session.execute(
        select(Participation.initiative_id, Participation.role, Organisation)
        .join(Organisation, Organisation.id == Participation.organisation_id)
        .where(Participation.initiative_id.in_(ids))
        .order_by(Participation.initiative_id, Participation.position)
    )
    for initiative_id, role, organisation in rows:
        kind = known.actor_types.get(organisation.actor_type or "")
        named = NamedOrganisation(organisation.slug, organisation.name, Role(role), kind, organisation.website)
        found.setdefault(initiative_id, []).append(named)
    return found


def sheet(corpus: Corpus, session: Session, slug: str) -> Sheet:
    """The sheet of a slug; raises NotFound, or Withdrawn when it was taken down."""
    initiative = session.scalar(
        select(Initiative).where(Initiative.slug == slug).options(selectinload(Initiative.goals))
    )
    if initiative is None or initiative.state == State.UNPUBLISHED:
        raise NotFound("Cette initiative n’existe pas, ou plus à cette adresse.")
    if initiative.state == State.WITHDRAWN:
        raise Withdrawn("Cette initiative a été retirée par la structure ou par son réseau.")
    network = session.get_one(Network, initiative.network_id)
    revision = session.get_one(Revision, initiative.published_revision_id)
    organisations = _organisations(corpus.known, session, [initiative.id]).get(initiative.id, [])
    goals = tuple((goal.goal, corpus.known.goals[str(goal.goal)]) for goal in initiative.goals)
    return Sheet(
        card=cards(corpus, session, [initiative.id])[0],
        description=initiative.description,
        meeting=initiative.meeting,
        change_here=initiative.change_here,
        change_there=initiative.change_there,
        partners=tuple(one for one in organisations if one.role is Role.PARTNER),
        nature=NATURE_LABELS[LinkNature(initiative.nature)] if initiative.nature else None,
        goals=goals,
        sources=tuple(SourceContent(source["label"], source["url"]) for source in initiative.sources),
        network=NamedNetwork(network.slug, network.name),
        revision_number=revision.number,
    )


def story(corpus: Corpus, session: Session) -> Sheet | None:
    """The sheet that tells most among those whose places are shown: the one that the home page puts forward."""
    withheld = select(Anchor.initiative_id).where(Anchor.is_withheld)
    longest = published().where(Initiative.id.not_in(withheld))
    chosen = session.scalar(longest.order_by(func.length(Initiative.description).desc(), Initiative.id).limit(1))
    return sheet(corpus, session, _told(chosen.slug)) if chosen else None


@dataclass(frozen=True)
class OrganisationLine:
    """An organisation of the public list, with how many initiatives name it."""

    slug: str
    name: str
    side: str
    place: str
    actor_type: str | None
    website: str
    initiatives: int


def organisations(corpus: Corpus, session: Session) -> list[OrganisationLine]:
    """Every organisation that a published initiative names, in alphabetical order."""
    rows = session.execute(
        select(Organisation, func.count(Participation.initiative_id))
        .join(Participation, Participation.organisation_id == Organisation.id)
        .group_by(Organisation.id)
        .order_by(Organisation.name_fold, Organisation.id)
    )
    return [_organisation_line(corpus.known, organisation, count) for organisation, count in rows]


def organisation(corpus: Corpus, session: Session, slug: str) -> OrganisationLine:
    """One organisation of the public list; raises NotFound, also when no published initiative names it any more."""
    row = session.execute(
        select(Organisation, func.count(Participation.initiative_id))
        .join(Participation, Participation.organisation_id == Organisation.id)
        .where(Organisation.slug == slug)
        .group_by(Organisation.id)
    ).first()
    if row is None:
        raise NotFound("Cette organisation n’existe pas, ou plus à cette adresse.")
    return _organisation_line(corpus.known, *row)


def _organisation_line(known: KnownValues, organisation: Organisation, count: int) -> OrganisationLine:
    return OrganisationLine(
        slug=organisation.slug,
        name=organisation.name,
        side=organisation.side,
        place=known.territories.get(organisation.place_key, ""),
        actor_type=known.actor_types.get(organisation.actor_type or ""),
        website=organisation.website,
        initiatives=count,
    )


def nearest(
    corpus: Corpus, session: Session, lon: float, lat: float, *, limit: int = 3
) -> list[tuple[Card, PublicPlace, float]]:
    """The initiatives whose end here is nearest to a point, with that end and its distance in kilometres."""
    distance = distance_m(Anchor.geom, lon, lat)
    found: dict[int, tuple[int, float]] = {}
    for half in SEARCH_DEGREES:
        wide = min(179.9, half / max(0.05, math.cos(math.radians(lat))))
        box = Box.parse(f"{lon - wide},{max(lat - half, -90)},{lon + wide},{min(lat + half, 90)}")
        rows = session.execute(
            select(Anchor.initiative_id, Anchor.position, distance)
            .where(Anchor.side == Side.HERE.value, in_bbox(Anchor.geom, box))
            .order_by(distance)
            .limit(limit * 10)
        ).all()
        found = {}
        for initiative_id, position, metres in rows:
            found.setdefault(initiative_id, (position, metres / 1000))
        # Only what is nearer than the side of the box is surely the nearest: its corners are farther.
        if sum(km <= half * KM_PER_DEGREE for _, km in found.values()) >= limit:
            break
    chosen = list(found)[:limit]
    listed = dict(zip(chosen, cards(corpus, session, chosen), strict=True))
    return [(listed[one], listed[one].here[found[one][0]], found[one][1]) for one in chosen]
