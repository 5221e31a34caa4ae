"""The sheet as it would be published today: for whoever sends it and for whoever reviews it, never for the public.

Made by the same rules and the same projection as a publication, without writing anything.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from directory.core.database import coordinates
from directory.core.time import utcnow
from directory.initiatives.content import InitiativeContent, OrganisationContent, PartnerContent
from directory.initiatives.filters import KnownValues
from directory.initiatives.models import Anchor
from directory.initiatives.projection import make_anchors
from directory.initiatives.public import Card, NamedNetwork, NamedOrganisation, Sheet, place_of
from directory.initiatives.queries import known_lists
from directory.initiatives.rules import named_partners
from directory.initiatives.vocabulary import NATURE_LABELS, STAGE_LABELS, Role
from directory.networks.queries import network_in_charge
from directory.reference.keys import Side


def preview(
    session: Session, lists: KnownValues, content: InitiativeContent, *, agrees_to_place: bool = False
) -> Sheet | None:
    """The sheet that a content would make; None while an end is missing or lies in a territory no list holds.

    Neither the sheet nor its organisations have an address yet: their slug is "".
    """
    known = known_lists(session, content)
    keys = [key for _, _, anchor in content.anchors for key in anchor.keys if not key.startswith("v:")]
    if not content.here or not content.there or any(key not in known.names for key in keys):
        return None
    anchors = make_anchors(content, known, agrees_to_place=agrees_to_place)
    partners = named_partners(content, known, curator_agrees=agrees_to_place)
    network = network_in_charge(session, content.here[0].keys)
    return Sheet(
        card=_card(lists, content, anchors),
        description=content.description,
        meeting=content.meeting,
        change_here=content.change_here,
        change_there=content.change_there,
        partners=tuple(_named(lists, one, Role.PARTNER) for one in partners),
        nature=NATURE_LABELS[content.nature] if content.nature else None,
        goals=tuple((number, lists.goals.get(str(number), "")) for number in sorted(content.goals)),
        publics=tuple((one, lists.publics.get(one, "")) for one in content.publics),
        needs=tuple((one, lists.needs.get(one, "")) for one in content.needs),
        sources=content.sources,
        network=NamedNetwork(network.slug, network.name),
        revision_number=0,
    )


def _card(lists: KnownValues, content: InitiativeContent, anchors: Iterable[Anchor]) -> Card:
    places = {
        side: tuple(place_of(one, *coordinates(one.geom)) for one in anchors if one.side == side) for side in Side
    }
    chosen = (content.main_sector, *content.other_sectors)
    today = utcnow().date()
    return Card(
        slug="",
        title=content.title,
        summary=content.summary,
        language=content.language,
        here=places[Side.HERE],
        there=places[Side.THERE],
        carriers=tuple(_named(lists, one, Role.CARRIER) for one in content.carriers),
        main_sector=lists.sectors.get(content.main_sector, ""),
        sectors=tuple(lists.sectors[one] for one in chosen if one in lists.sectors),
        stage=STAGE_LABELS[content.stage] if content.stage else "",
        stage_on=content.stage_on,
        since_year=content.since_year,
        origin=content.origin.value,
        is_sector_by_site=content.is_sector_by_site,
        published_on=today,
        updated_on=today,
        publics=tuple(lists.publics[one] for one in content.publics if one in lists.publics),
        needs=tuple(lists.needs[one] for one in content.needs if one in lists.needs),
    )


def _named(lists: KnownValues, one: OrganisationContent | PartnerContent, role: Role) -> NamedOrganisation:
    return NamedOrganisation("", one.name, role, lists.actor_types.get(one.actor_type or ""), one.website)
