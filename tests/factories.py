"""Records for tests, made through the operations that people use."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts import operations as accounts
from directory.accounts.models import Account
from directory.contributions import operations as contributions
from directory.contributions.answers import answers_of
from directory.contributions.permissions import Holder
from directory.core.text import fold
from directory.initiatives.content import (
    AnchorContent,
    InitiativeContent,
    OrganisationContent,
    PartnerContent,
    to_json,
)
from directory.initiatives.models import Initiative
from directory.initiatives.vocabulary import Agreement, Disclosure, Stage
from directory.networks import operations as networks
from directory.networks.models import Network
from directory.reference.models import Territory
from directory.reviews import operations as reviews
from directory.reviews.models import Review
from directory.reviews.vocabulary import Decision

_NUMBERS = count(1)

MORLAIX = AnchorContent(
    label="Morlaix",
    keys=("c:29151", "e:242900835", "d:29", "r:53", "z:FX"),
    name="Morlaix",
    context="Finistère",
    lon=-3.82792,
    lat=48.57784,
    precision="commune",
    verdict="sûr",
)
QUIMPER = replace(
    MORLAIX,
    label="Quimper",
    keys=("c:29232", "e:200068120", "d:29", "r:53", "z:FX"),
    name="Quimper",
    lon=-4.09795,
    lat=47.99597,
)
BORDEAUX = replace(
    MORLAIX,
    label="Bordeaux",
    keys=("c:33063", "e:243300316", "d:33", "r:75", "z:FX"),
    name="Bordeaux",
    context="Gironde",
    lon=-0.58,
    lat=44.8378,
)
SAINT_DENIS = replace(
    MORLAIX,
    label="Saint-Denis",
    keys=("c:97411", "e:249740119", "d:974", "r:04", "z:04"),
    name="Saint-Denis",
    context="La Réunion",
    lon=55.4504,
    lat=-20.8823,
)
PUERTO_LOPEZ = AnchorContent(
    label="Puerto López",
    keys=("v:3652567", "a:EC.14", "p:EC"),
    name="Puerto López",
    context="Équateur",
    lon=-80.81125,
    lat=-1.55,
    precision="commune",
    verdict="sûr",
)
ANTSIRABE = replace(
    PUERTO_LOPEZ,
    label="Antsirabe",
    keys=("v:1069166", "a:MG.33", "p:MG"),
    name="Antsirabe",
    context="Madagascar",
    lon=47.03333,
    lat=-19.86586,
)
SEGOU = replace(
    PUERTO_LOPEZ,
    label="Ségou, Mali",
    keys=("v:2451185", "a:ML.05", "p:ML"),
    name="Ségou",
    context="Mali",
    lon=-6.2157,
    lat=13.4317,
)
SUVA = replace(
    PUERTO_LOPEZ,
    label="Suva",
    keys=("v:2198148", "a:FJ.01", "p:FJ"),
    name="Suva",
    context="Fidji",
    lon=178.44,
    lat=-18.14,
)


def make_content(**changes: Any) -> InitiativeContent:
    """A content that may be published, changed where the test says."""
    content = InitiativeContent(
        title=f"Écoles jumelles {next(_NUMBERS)}",
        summary="Deux écoles s’écrivent et se rendent visite.",
        description="Chaque année, les élèves préparent ensemble une exposition.",
        carriers=(OrganisationContent("Les Amis du monde", "association"),),
        partners=(PartnerContent("Escuela del Mar", agreement=Agreement.YES),),
        here=(MORLAIX,),
        there=(PUERTO_LOPEZ,),
        main_sector="education",
        stage=Stage.ONGOING,
        since_year=2015,
    )
    return replace(content, **changes)


def make_answers(content: InitiativeContent | None = None, **changes: Any) -> dict[str, Any]:
    """The answers to the ten questions that make a content, changed where the test says."""
    return {**answers_of(content or make_content()), **changes}


def make_account(session: Session, *, curates: str | None = None) -> Account:
    """A confirmed account, curator of the network of a slug."""
    account = accounts.create(session, f"personne{next(_NUMBERS)}@example.org")
    if curates is not None:
        network = session.scalars(select(Network).where(Network.slug == curates)).one()
        networks.appoint(session, account, network)
    return account


def make_review(session: Session, content: InitiativeContent | None = None, *, author: Account | None = None) -> Review:
    """A content sent, waiting for its network."""
    author = author or make_account(session)
    draft = contributions.start_from(session, to_json(content or make_content()), actor=author)
    review = contributions.send(session, draft, holder=Holder(author))
    assert review is not None
    return review


def make_initiative(session: Session, content: InitiativeContent | None = None, **changes: Any) -> Initiative:
    """A published initiative, through draft, submission, review and decision."""
    review = make_review(session, content or make_content(**changes))
    curator = make_account(session, curates=review.network.slug)
    reviews.decide(session, review, actor=curator, decision=Decision.PUBLISH)
    session.commit()
    return review.revision.initiative


def make_territory_anchor(session: Session, name: str, *, shown_as: Disclosure = Disclosure.LOCALITY) -> AnchorContent:
    """An anchor on a territory of the reference lists, found by its exact name (a country or a division there)."""
    territory = session.scalars(select(Territory).where(Territory.name_fold == fold(name))).first()
    assert territory is not None, name
    keys = (territory.key,) if territory.parent_key is None else (territory.key, territory.parent_key)
    return AnchorContent(
        label=name,
        keys=keys,
        name=territory.name,
        context="",
        lon=territory.lon,
        lat=territory.lat,
        precision="country",
        verdict="sûr",
        shown_as=shown_as,
    )
