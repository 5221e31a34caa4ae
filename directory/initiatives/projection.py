"""From a revision to the rows that the public queries: anchors coarsened, unnamed partners left out, words folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from directory.core.database import point
from directory.core.text import fold
from directory.initiatives.analysis import indexed
from directory.initiatives.content import AnchorContent, InitiativeContent, PartnerContent
from directory.initiatives.models import (
    Anchor,
    Initiative,
    InitiativeGoal,
    InitiativeSector,
    Participation,
    SearchRow,
)
from directory.initiatives.rules import STORIES, Known, shown_as, shown_key
from directory.initiatives.vocabulary import Disclosure, Role
from directory.organisations.operations import find_or_create
from directory.reference.keys import Level, Side, level_of

PRECISIONS = {
    Level.COMMUNE: "commune",
    Level.TOWN: "commune",
    Level.EPCI: "epci",
    Level.DEPARTEMENT: "departement",
    Level.REGION: "region",
    Level.DIVISION: "region",
    Level.ZONE: "region",
    Level.COUNTRY: "country",
}


class NamedIn(NamedTuple):
    """An organisation named by an initiative, before it is found or made."""

    role: Role
    side: Side
    place_key: str
    name: str
    actor_type: str | None
    website: str


def write_facts(initiative: Initiative, content: InitiativeContent) -> None:
    """The columns of the initiative itself."""
    initiative.title, initiative.title_fold = content.title, fold(content.title)
    initiative.summary, initiative.description = content.summary, content.description
    initiative.meeting = content.meeting
    initiative.change_here, initiative.change_there = content.change_here, content.change_there
    initiative.language, initiative.origin = content.language, content.origin.value
    initiative.nature = content.nature.value if content.nature else None
    initiative.since_year, initiative.stage_on = content.since_year, content.stage_on
    initiative.stage = content.stage.value if content.stage else None
    initiative.main_sector, initiative.is_sector_by_site = content.main_sector, content.is_sector_by_site
    initiative.publics, initiative.needs = list(content.publics), list(content.needs)
    initiative.sources = [{"label": source.label, "url": source.url} for source in content.sources]


def make_anchors(content: InitiativeContent, known: Known, *, agrees_to_place: bool) -> list[Anchor]:
    """The anchors as the public may know them."""
    return [
        _make_anchor(anchor, side, position, shown_as(content, anchor, known, curator_agrees=agrees_to_place), known)
        for side, position, anchor in content.anchors
    ]


def _make_anchor(anchor: AnchorContent, side: Side, position: int, shown: Disclosure, known: Known) -> Anchor:
    # Withheld as soon as less than everything may be shown, even when the keys are coarse already: the label typed
    # and the pin could still tell a village.
    key = shown_key(anchor, shown)
    is_withheld = shown is not Disclosure.LOCALITY or key != anchor.keys[0]
    lon, lat = known.centres[key] if is_withheld else (anchor.lon, anchor.lat)
    level = level_of(key)
    return Anchor(
        side=side.value,
        position=position,
        key=key,
        keys=list(anchor.keys[anchor.keys.index(key) :]),
        label=known.names[key] if is_withheld else anchor.label,
        name=known.names[key] if is_withheld else anchor.name,
        context=_context(anchor, key, known, is_withheld=is_withheld),
        level=level.value,
        precision=PRECISIONS[level] if is_withheld else anchor.precision,
        is_withheld=is_withheld,
        found_by="" if is_withheld else anchor.found_by,
        geom=point(lon, lat),
    )


def _context(anchor: AnchorContent, key: str, known: Known, *, is_withheld: bool) -> str:
    """What stands beside the label: where it is, or what was found when the label is a village that no list holds."""
    if not is_withheld:
        is_its_own_name = fold(anchor.label) == fold(anchor.name)
        return anchor.context or ("" if is_its_own_name else anchor.name)
    coarsest = anchor.keys[-1]
    return "" if coarsest == key else known.names.get(coarsest, "")


def make_participations(
    session: Session, content: InitiativeContent, anchors: list[Anchor], partners: tuple[PartnerContent, ...]
) -> list[Participation]:
    """The carriers, and the partners that may be named, as organisations."""
    found: dict[int, Participation] = {}
    for position, named in enumerate(name_organisations(content, anchors, partners)):
        organisation = find_or_create(
            session,
            named.name,
            side=named.side.value,
            place_key=named.place_key,
            actor_type=named.actor_type,
            website=named.website,
        )
        found.setdefault(
            organisation.id, Participation(organisation_id=organisation.id, role=named.role.value, position=position)
        )
    return list(found.values())


def name_organisations(
    content: InitiativeContent, anchors: list[Anchor], partners: tuple[PartnerContent, ...]
) -> list[NamedIn]:
    """The carriers, then the partners that may be named, each with the territory that tells it from its namesakes."""
    here = next(anchor for anchor in anchors if anchor.side == Side.HERE)
    there = next(anchor for anchor in anchors if anchor.side == Side.THERE)
    home = next((key for key in here.keys if key.startswith("d:")), here.keys[-1])
    carriers = [
        NamedIn(Role.CARRIER, Side.HERE, home, one.name, one.actor_type, one.website) for one in content.carriers
    ]
    return carriers + [
        NamedIn(Role.PARTNER, Side.THERE, there.keys[-1], one.name, one.actor_type, one.website) for one in partners
    ]


def make_sectors(content: InitiativeContent) -> list[InitiativeSector]:
    """The main sector first."""
    chosen = (content.main_sector, *content.other_sectors)
    return [InitiativeSector(sector_id=sector, position=position) for position, sector in enumerate(chosen)]


def make_goals(content: InitiativeContent) -> list[InitiativeGoal]:
    """The sustainable development goals."""
    return [InitiativeGoal(goal=goal) for goal in content.goals]


def make_search_row(
    content: InitiativeContent, anchors: list[Anchor], names: Iterable[str], territories: Mapping[str, str]
) -> SearchRow:
    """The words by which the initiative is found: only those that the public may read.

    `names` are those of its organisations and the labels of its sectors; `territories` has those of public lists.
    """
    places = [Place(anchor.label, anchor.name, anchor.context, anchor.keys) for anchor in anchors]
    stories = (getattr(content, name) for name in STORIES)
    return search_row(content.title, (content.summary, content.description, *stories, *names), places, territories)


class Place(NamedTuple):
    """What the public may read of one end."""

    label: str
    name: str
    context: str
    keys: Sequence[str]


def search_row(title: str, prose: Iterable[str], places: Iterable[Place], territories: Mapping[str, str]) -> SearchRow:
    """The search row of these texts: the title and the places with all that they lie in, then the prose."""
    heading = [title]
    for place in places:
        heading += [place.label, place.name, place.context, *(territories.get(key, "") for key in place.keys)]
    return SearchRow(heading=indexed(heading), body=indexed(prose))
