"""The organisations that a published initiative names, as a stranger may see them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.core.errors import NotFound
from directory.initiatives.filters import KnownValues
from directory.initiatives.index import Corpus
from directory.initiatives.models import Participation
from directory.organisations.models import Organisation


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
