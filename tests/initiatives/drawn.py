"""Initiatives drawn at random, the same from one run to the next, and what SQL alone says of a selection."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, exists, or_, select
from sqlalchemy.orm import Session

from directory.accounts import operations as accounts
from directory.accounts.models import Account
from directory.core.database import in_bbox
from directory.core.geography import Box
from directory.initiatives.content import AnchorContent, InitiativeContent, OrganisationContent
from directory.initiatives.filters import Filters
from directory.initiatives.models import Anchor, Initiative, InitiativeGoal, InitiativeSector, Participation
from directory.initiatives.operations import publish, record_revision
from directory.initiatives.vocabulary import STAGE_SLUGS, Disclosure, Role, Stage
from directory.networks import operations as networks
from directory.networks.models import Network
from directory.organisations.models import Organisation
from directory.reference.keys import Side
from tests.factories import (
    ANTSIRABE,
    BORDEAUX,
    MORLAIX,
    PUERTO_LOPEZ,
    QUIMPER,
    SAINT_DENIS,
    SEGOU,
    SUVA,
    make_content,
    make_territory_anchor,
)

HERE = (MORLAIX, QUIMPER, BORDEAUX, SAINT_DENIS)
THERE = (ANTSIRABE, PUERTO_LOPEZ, SEGOU, SUVA)
PUBLICS = ("jeunes", "femmes", "ecoles", "aines")
NEEDS = ("benevoles", "financement", "partenaire-labas")
SECTORS = ("education", "sante", "culture-patrimoine", "eau-assainissement")
CARRIERS = (
    OrganisationContent("Les Amis du monde", "association"),
    OrganisationContent("Les Amis du monde", "commune"),
    OrganisationContent("Lycée des Deux Rives", "association"),
)
"""The same name with another type: a publication corrects the type of an organisation known already."""
BOXES = (
    Box(-6, 47, 0, 49),
    Box(-10, -30, 60, 50),
    Box.parse("170,-30,190,0"),
    Box.parse("100,-60,300,60"),
    Box(-180, -90, 180, 90),
    Box(10, 60, 11, 61),
)
"""Brittany, Africa and Europe, the Pacific across ±180° twice, the world, nowhere."""


def editor(session: Session) -> Account:
    """Somebody who may publish everywhere."""
    account = accounts.create(session, "partout@example.org")
    for network in session.query(Network):
        networks.appoint(session, account, network)
    return account


def content(session: Session, drawn: random.Random) -> InitiativeContent:
    """One to three places a side, some moved by a few hundred metres, some coarse, some shown coarsely."""
    countries = [make_territory_anchor(session, name) for name in ("Madagascar", "Équateur")]
    there = drawn.sample(THERE, drawn.randint(1, 3)) + (countries[:1] if drawn.random() < 0.3 else [])
    return make_content(
        title=f"{drawn.choice('École Étang Zèbre abri'.split())} {drawn.randint(1, 9)}",
        here=tuple(_placed(drawn, place) for place in drawn.sample(HERE, drawn.randint(1, 3))),
        there=tuple(_placed(drawn, place) for place in there),
        main_sector=drawn.choice(SECTORS[:2]),
        other_sectors=tuple(drawn.sample(SECTORS[2:], drawn.randint(0, 2))),
        goals=tuple(drawn.sample(range(1, 18), drawn.randint(0, 3))),
        stage=drawn.choice(list(Stage)),
        since_year=drawn.choice([None, 1999, 2010, 2020]),
        carriers=(drawn.choice(CARRIERS),),
        publics=tuple(drawn.sample(PUBLICS, drawn.randint(0, 3))),
        needs=tuple(drawn.sample(NEEDS, drawn.choice([0, 0, 1, 2]))),
        partners=(),
    )


def _placed(drawn: random.Random, place: AnchorContent) -> AnchorContent:
    chance = drawn.random()
    if chance < 0.3:
        lon, lat = (round(value + drawn.uniform(-0.01, 0.01), 6) for value in (place.lon, place.lat))
        return replace(place, lon=lon, lat=lat)
    shown = Disclosure.COUNTRY if chance > 0.92 else Disclosure.REGION if chance > 0.84 else place.shown_as
    return replace(place, shown_as=shown)


def published(
    session: Session, actor: Account, drawn: random.Random, initiative: Initiative | None = None
) -> Initiative:
    """A new initiative, or a new version of one."""
    revision = record_revision(session, content(session, drawn), author=actor, initiative=initiative)
    return publish(session, revision, actor=actor, agrees_to_place=True)


def fill(session: Session, number: int, seed: int) -> Account:
    """So many published initiatives; gives who may go on."""
    actor, drawn = editor(session), random.Random(seed)  # noqa: S311  # a repeatable draw
    for _ in range(number):
        published(session, actor, drawn)
    session.commit()
    return actor


def filters(drawn: random.Random) -> Filters:
    """Up to four choices at once, some of which nothing holds."""
    offered: dict[str, Any] = {
        "q": drawn.choice(["école", "etang morlaix", "girafe"]),
        "sectors": tuple(drawn.sample(SECTORS, 2)),
        "goals": (str(drawn.randint(1, 17)),),
        "countries": (drawn.choice(["MG", "EC", "ML", "FJ", "SN"]),),
        "regions": tuple(drawn.sample(["53", "75", "04", "11"], 2)),
        "departements": (drawn.choice(["29", "33", "974", "75"]),),
        "networks": ("reseau-bretagne-solidaire",),
        "actor_types": (drawn.choice(["association", "commune"]),),
        "organisations": (drawn.choice(["les-amis-du-monde", "lycee-des-deux-rives"]),),
        "stages": tuple(drawn.sample(sorted(STAGE_SLUGS.values()), 2)),
        "publics": tuple(drawn.sample(PUBLICS, 2)),
        "needs": (drawn.choice([*NEEDS, "traduction"]),),
        "since": drawn.choice([1999, 2005, 2021]),
        "here": (drawn.choice(["c:29151", "e:242900835", "d:29", "r:53", "z:04", "c:75056"]),),
        "there": (drawn.choice(["v:1069166", "a:MG.33", "p:MG", "v:1", "a:EC.14"]),),
        "bbox": drawn.choice(BOXES),
    }
    return Filters(
        **{name: offered[name] for name in drawn.sample(sorted(offered), drawn.choice([0, 1, 1, 2, 2, 3, 4]))}
    )


def ids_in_sql(session: Session, chosen: Filters, words: Iterable[int]) -> set[int]:
    """The initiatives of a selection, asked of the tables without the index; `words` are those that hold the words."""
    stages = [stage.value for stage, slug in STAGE_SLUGS.items() if slug in chosen.stages]
    carried = exists().where(
        Participation.initiative_id == Initiative.id,
        Participation.role == Role.CARRIER.value,
        Participation.organisation_id == Organisation.id,
        Organisation.actor_type.in_(chosen.actor_types),
    )
    named = exists().where(
        Participation.initiative_id == Initiative.id,
        Participation.organisation_id == Organisation.id,
        Organisation.slug.in_(chosen.organisations),
    )
    within = exists().where(Anchor.initiative_id == Initiative.id, in_bbox(Anchor.geom, chosen.bbox or BOXES[0]))
    in_sector = exists().where(
        InitiativeSector.initiative_id == Initiative.id, InitiativeSector.sector_id.in_(chosen.sectors)
    )
    has_goal = exists().where(
        InitiativeGoal.initiative_id == Initiative.id, InitiativeGoal.goal.in_([int(goal) for goal in chosen.goals])
    )
    asked: list[tuple[Any, ColumnElement[bool]]] = [
        (chosen.q, Initiative.id.in_([int(one) for one in words])),
        (chosen.sectors, in_sector),
        (chosen.goals, has_goal),
        (chosen.countries, _lies_in(f"p:{one}" for one in chosen.countries)),
        (chosen.regions, _lies_in(f"r:{one}" for one in chosen.regions)),
        (chosen.departements, _lies_in(f"d:{one}" for one in chosen.departements)),
        (chosen.networks, Initiative.network_id.in_(select(Network.id).where(Network.slug.in_(chosen.networks)))),
        (chosen.actor_types, carried),
        (chosen.organisations, named),
        (chosen.stages, Initiative.stage.in_(stages)),
        (chosen.publics, _tells(Initiative.publics, chosen.publics)),
        (chosen.needs, _tells(Initiative.needs, chosen.needs)),
        (chosen.since, Initiative.since_year >= (chosen.since or 0)),
        (chosen.here, _lies_in(chosen.here)),
        (chosen.there, _lies_in(chosen.there)),
        (chosen.bbox, within),
    ]
    conditions = [condition for is_asked, condition in asked if is_asked]
    return set(session.scalars(select(Initiative.id).where(and_(Initiative.state == "published", *conditions))))


def _tells(column: Any, values: Iterable[str]) -> ColumnElement[bool]:
    return or_(False, *(cast(column, Text).contains(f'"{value}"', autoescape=True) for value in values))


def _lies_in(keys: Iterable[str]) -> ColumnElement[bool]:
    told = [cast(Anchor.keys, Text).contains(f'"{key}"', autoescape=True) for key in keys]
    return exists().where(Anchor.initiative_id == Initiative.id, or_(False, *told))


def ends_of(session: Session, ids: Iterable[int]) -> dict[int, tuple[list[Anchor], list[Anchor]]]:
    """The anchors of initiatives, here and there, in their order."""
    found: dict[int, tuple[list[Anchor], list[Anchor]]] = {one: ([], []) for one in ids}
    anchors = select(Anchor).where(Anchor.initiative_id.in_(found))
    for anchor in session.scalars(anchors.order_by(Anchor.initiative_id, Anchor.side, Anchor.position)):
        found[anchor.initiative_id][anchor.side != Side.HERE].append(anchor)
    return found
