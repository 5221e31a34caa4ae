"""Reads about initiatives that writers need; what the public reads is in `public` and `search`."""

from __future__ import annotations

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from directory.core.errors import NotFound
from directory.initiatives.content import InitiativeContent
from directory.initiatives.models import CorpusVersion, Initiative, Revision
from directory.initiatives.rules import Known
from directory.initiatives.vocabulary import State
from directory.networks.models import Network
from directory.networks.queries import networks_concerned
from directory.reference.models import ActorType, Goal, Sector, Territory, Vigilance

RAISED = "corpus versions raised by this session"
_VERSION = select(CorpusVersion.version)


def published() -> Select[Initiative]:
    """The published initiatives: every public query starts here."""
    return select(Initiative).where(Initiative.state == State.PUBLISHED.value)


def get_initiative(session: Session, slug: str) -> Initiative:
    """The initiative of a slug, published or withdrawn; raises NotFound."""
    initiative = session.scalar(select(Initiative).where(Initiative.slug == slug))
    if initiative is None:
        raise NotFound("Cette initiative n’existe pas, ou plus à cette adresse.")
    return initiative


def revision_count(session: Session, initiative_id: int) -> int:
    """How many revisions an initiative has."""
    return session.scalar(select(func.count()).where(Revision.initiative_id == initiative_id)) or 0


def is_concerned(session: Session, network: Network, content: InitiativeContent) -> bool:
    """A place here lies in the territory of the network, or it keeps the national queue."""
    concerned = networks_concerned(session, (anchor.keys for anchor in content.here))
    return network.id in {one.id for one in concerned}


def corpus_version(session: Session) -> int:
    """The version of everything public; 0 before the first migration's row."""
    return session.scalar(_VERSION) or 0


def has_raised(session: Session, version: int) -> bool:
    """This session raised the corpus to that version itself, and may still give it up."""
    return version in session.info.get(RAISED, ())


def known_lists(session: Session, content: InitiativeContent) -> Known:
    """The reference lists against which a content is checked, with centres and names of its own territories."""
    keys = {key for _, _, anchor in content.anchors for key in anchor.keys}
    territories = session.execute(
        select(Territory.key, Territory.lon, Territory.lat, Territory.name).where(Territory.key.in_(keys))
    ).all()
    return Known(
        sectors=frozenset(session.scalars(select(Sector.id))),
        goals=frozenset(session.scalars(select(Goal.number))),
        actor_types=frozenset(session.scalars(select(ActorType.id))),
        vigilance=frozenset(session.scalars(select(Vigilance.country))),
        centres={key: (lon, lat) for key, lon, lat, _ in territories},
        names={key: name for key, _, _, name in territories},
    )
