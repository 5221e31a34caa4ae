"""Publishing many contents at once: the rows that a publication would write, a batch at a time, in bulk.

What each row holds is decided by `initiatives.projection`, as for everybody; only the way to the database differs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from directory.core.database import Base, claim_ids
from directory.core.text import fold, slugify
from directory.initiatives import projection, spelling
from directory.initiatives.content import SCHEMA, InitiativeContent, to_json
from directory.initiatives.models import (
    Anchor,
    Initiative,
    InitiativeGoal,
    InitiativeSector,
    Participation,
    Revision,
    SearchRow,
)
from directory.initiatives.operations import raise_versions
from directory.initiatives.projection import NamedIn
from directory.initiatives.rules import Known, named_partners
from directory.initiatives.vocabulary import State
from directory.networks.models import Coverage, Network
from directory.organisations.models import Organisation
from directory.reference.queries import sectors as all_sectors

Row = dict[str, Any]
SLUG = 70
"""Characters of a slug before its number."""


@dataclass(frozen=True)
class Told:
    """A content ready to be public, since when, and whether a curator would agree to show its places."""

    content: InitiativeContent
    first_published_at: dt.datetime
    published_at: dt.datetime
    agrees_to_place: bool = False


class Named(NamedTuple):
    """An organisation named: what tells it apart, the beginning of its address, what is known of it."""

    identity: tuple[str, str, str]
    slug: str
    told: NamedIn


@dataclass(frozen=True)
class Projected:
    """The rows of one initiative, without the identifiers that the database gives."""

    row: Row
    revision: Row
    named: list[Named]
    anchors: list[Row]
    sectors: list[Row]
    goals: list[Row]
    search: Row


@dataclass(frozen=True)
class Publisher:
    """What every batch needs: the account that writes, the lists, who is in charge of which territory."""

    author_id: int
    known: Known
    labels: Mapping[str, str]
    in_charge: Mapping[str, int]
    national_id: int

    @classmethod
    def open(cls, session: Session, known: Known, *, author_id: int) -> Publisher:
        """Read what the batches share; raises NoResultFound when the networks are not loaded."""
        charges = select(Coverage.territory_key, Coverage.network_id)
        return cls(
            author_id=author_id,
            known=known,
            labels={sector.id: sector.label for sector in all_sectors(session)},
            in_charge={row.territory_key: row.network_id for row in session.execute(charges)},
            national_id=session.scalars(select(Network.id).where(Network.is_national)).one(),
        )

    def project(self, told: Told) -> Projected:
        """The rows of one initiative; no database is asked."""
        content, agrees = told.content, told.agrees_to_place
        anchors = projection.make_anchors(content, self.known, agrees_to_place=agrees)
        named = projection.name_organisations(
            content, anchors, named_partners(content, self.known, curator_agrees=agrees)
        )
        facts = Initiative()
        projection.write_facts(facts, content)
        sectors = projection.make_sectors(content)
        names = [*(one.name for one in named), *(self.labels[sector.sector_id] for sector in sectors)]
        keys = content.here[0].keys
        row = _columns(facts) | {
            "network_id": next((self.in_charge[key] for key in keys if key in self.in_charge), self.national_id),
            "created_at": told.first_published_at,
            "first_published_at": told.first_published_at,
            "published_at": told.published_at,
            "slug": slugify(content.title, SLUG),
        }
        return Projected(
            row=row,
            revision={
                "number": 1,
                "schema": SCHEMA,
                "content": to_json(content),
                "author_id": self.author_id,
                "created_at": told.first_published_at,
            },
            named=[Named(_identity(one), slugify(one.name, SLUG), one) for one in named],
            anchors=[_columns(anchor) for anchor in anchors],
            sectors=[_columns(sector) for sector in sectors],
            goals=[_columns(goal) for goal in projection.make_goals(content)],
            search=_columns(projection.make_search_row(content, anchors, names, self.known.names)),
        )


def publish(session: Session, projected: Sequence[Projected]) -> list[int]:
    """Write the rows of a batch and raise the corpus version; the identifiers, in the order given."""
    organisations = _find_or_make(session, [named for one in projected for named in one.named])
    ids = claim_ids(session, table_of(Initiative), len(projected))
    pairs = list(zip(ids, projected, strict=True))
    _insert_initiatives(session, pairs)
    _insert_revisions(session, pairs)
    for model, name in ((Anchor, "anchors"), (InitiativeSector, "sectors"), (InitiativeGoal, "goals")):
        rows = [{**row, "initiative_id": identifier} for identifier, one in pairs for row in getattr(one, name)]
        _insert(session, model, rows)
    _insert(session, Participation, [row for pair in pairs for row in _parts(*pair, organisations)])
    _insert(session, SearchRow, [{**one.search, "id": identifier} for identifier, one in pairs])
    raise_versions(session, ids)
    spelling.learn(session, [text for one in projected for text in (one.search["heading"], one.search["body"])])
    return list(ids)


def _columns(instance: Base) -> Row:
    """What was set on an instance that no session holds."""
    return {name: value for name, value in vars(instance).items() if name[0] != "_"}


def table_of(model: type[Base]) -> Table:
    """The table of a model."""
    return model.metadata.tables[model.__tablename__]


def _insert(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    if rows:
        session.execute(insert(table_of(model)), rows)


def _insert_initiatives(session: Session, pairs: Sequence[tuple[int, Projected]]) -> None:
    """Unpublished at first: a published initiative has a revision, which needs its initiative."""
    rows = [
        {
            **one.row,
            "id": number,
            "state": State.UNPUBLISHED.value,
            "slug": f"{one.row['slug']}-{number}",
        }
        for number, one in pairs
    ]
    _insert(session, Initiative, rows)


def _insert_revisions(session: Session, pairs: Sequence[tuple[int, Projected]]) -> None:
    """And now that each initiative has its revision, the public sees it."""
    numbers = claim_ids(session, table_of(Revision), len(pairs))
    owned = list(zip(numbers, pairs, strict=True))
    _insert(session, Revision, [{**one.revision, "id": number, "initiative_id": ref} for number, (ref, one) in owned])
    session.execute(
        update(Initiative)
        .where(Initiative.id.between(pairs[0][0], pairs[-1][0]))
        .values(
            state=State.PUBLISHED.value,
            published_revision_id=Initiative.id + (numbers.start - pairs[0][0]),
        )
        .execution_options(synchronize_session=False)
    )


def _identity(named: NamedIn) -> tuple[str, str, str]:
    return fold(named.name), named.side.value, named.place_key


def _find_or_make(session: Session, named: Sequence[Named]) -> dict[tuple[str, str, str], int]:
    """The organisations of a batch by identity: those of the database, then the new ones."""
    wanted = {one.identity: one for one in named}
    folds = {identity[0] for identity in wanted}
    rows = session.execute(
        select(Organisation.id, Organisation.name_fold, Organisation.side, Organisation.place_key).where(
            Organisation.name_fold.in_(folds)
        )
    )
    found = {(row.name_fold, row.side, row.place_key): row.id for row in rows}
    missing = [(identity, one) for identity, one in wanted.items() if identity not in found]
    if missing:
        numbers = claim_ids(session, table_of(Organisation), len(missing))
        made = [
            {
                "id": number,
                "name": one.told.name,
                "name_fold": identity[0],
                "side": identity[1],
                "place_key": identity[2],
                "slug": f"{one.slug}-{number}",
                "actor_type": one.told.actor_type,
                "website": one.told.website,
            }
            for number, (identity, one) in zip(numbers, missing, strict=True)
        ]
        _insert(session, Organisation, made)
        found |= zip((identity for identity, _ in missing), numbers, strict=True)
    return found


def _parts(identifier: int, one: Projected, organisations: Mapping[tuple[str, str, str], int]) -> list[Row]:
    rows: dict[int, Row] = {}
    for position, named in enumerate(one.named):
        organisation = organisations[named.identity]
        part = {"initiative_id": identifier, "organisation_id": organisation}
        rows.setdefault(organisation, part | {"role": named.told.role.value, "position": position})
    return list(rows.values())
