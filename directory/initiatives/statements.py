"""The statements that read what a stranger may see of an initiative: itself and all its children at once."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ScalarSelect, Select, Text, bindparam, cast, func, or_, select
from sqlalchemy.orm import aliased

from directory.core.database import json_rows, stored_point_in_hex
from directory.initiatives.models import Anchor, Initiative, InitiativeGoal, InitiativeSector, Participation, Revision
from directory.initiatives.queries import published
from directory.networks.models import Curatorship, Network
from directory.organisations.models import Organisation


class End(NamedTuple):
    """One of the `ends` of a row, as its JSON text has it; sorted, they stand side by side in their order."""

    side: str
    position: int
    key: str
    keys: str
    label: str
    context: str
    level: str
    precision: str
    is_withheld: bool
    found_by: str
    point: str


def _of_it(asked: Select[Any], child: Any) -> ScalarSelect[str]:
    """What is asked of the children of the initiative of a row."""
    found: ScalarSelect[str] = asked.where(child.initiative_id == Initiative.id).correlate(Initiative).scalar_subquery()
    return found


_ENDS = select(
    json_rows(
        Anchor.side,
        Anchor.position,
        Anchor.key,
        cast(Anchor.keys, Text),
        Anchor.label,
        Anchor.context,
        Anchor.level,
        Anchor.precision,
        Anchor.is_withheld,
        Anchor.found_by,
        stored_point_in_hex(Anchor.geom),
    )
)
_ORGANISATIONS = select(
    json_rows(
        Participation.position,
        Organisation.id,
        Participation.role,
        Organisation.slug,
        Organisation.name,
        Organisation.actor_type,
        Organisation.website,
    )
).join(Organisation, Organisation.id == Participation.organisation_id)
_SECTORS = select(json_rows(InitiativeSector.position, InitiativeSector.sector_id))
_GOALS = select(json_rows(InitiativeGoal.goal))
_CARD = (
    Initiative.id,
    Initiative.slug,
    Initiative.title,
    Initiative.summary,
    Initiative.language,
    Initiative.main_sector,
    Initiative.stage,
    Initiative.stage_on,
    Initiative.since_year,
    Initiative.origin,
    Initiative.is_sector_by_site,
    Initiative.first_published_at,
    Initiative.published_at,
    cast(Initiative.publics, Text).label("publics"),
    cast(Initiative.needs, Text).label("needs"),
    _of_it(_ENDS, Anchor).label("ends"),
    _of_it(_ORGANISATIONS, Participation).label("organisations"),
    _of_it(_SECTORS, InitiativeSector).label("sectors"),
)
CARDS = published().where(Initiative.id.in_(bindparam("ids", expanding=True))).with_only_columns(*_CARD)
"""Cards of the published initiatives among `ids`."""
_WRITTEN = aliased(Revision)
# A correction made by a curator is not the structure's word.
_SENT_AT = (
    select(func.max(_WRITTEN.created_at))
    .where(
        _WRITTEN.initiative_id == Initiative.id,
        _WRITTEN.number <= Revision.number,
        or_(
            _WRITTEN.author_id.is_(None),
            _WRITTEN.author_id.not_in(
                select(Curatorship.account_id)
                .where(Curatorship.network_id == Initiative.network_id)
                .correlate(Initiative)
            ),
        ),
    )
    .correlate(Initiative, Revision)
    .scalar_subquery()
    .label("sent_at")
)
SHEET = (
    select(
        *_CARD,
        Initiative.state,
        Initiative.description,
        Initiative.meeting,
        Initiative.change_here,
        Initiative.change_there,
        Initiative.nature,
        Initiative.sources,
        _of_it(_GOALS, InitiativeGoal).label("goals"),
        Network.slug.label("network_slug"),
        Network.name.label("network_name"),
        Revision.number.label("revision_number"),
        _SENT_AT,
    )
    .join(Network, Network.id == Initiative.network_id)
    .outerjoin(Revision, Revision.id == Initiative.published_revision_id)
    .where(Initiative.slug == bindparam("slug"))
)
"""Everything shown of the initiative of a `slug`, whatever its state."""
