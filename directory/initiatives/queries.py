"""Reads about initiatives that writers need; what the public reads is in `public` and `search`."""

from __future__ import annotations

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.core.errors import NotFound
from directory.initiatives.content import InitiativeContent
from directory.initiatives.models import CorpusVersion, Initiative, Participation, Revision
from directory.initiatives.rules import Known
from directory.initiatives.vocabulary import Origin, Role, State
from directory.networks.models import Curatorship, Network
from directory.networks.queries import networks_concerned
from directory.organisations.models import Membership
from directory.reference.models import ActorType, Goal, Need, PublicGroup, Sector, Territory, Vigilance

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
        publics=frozenset(session.scalars(select(PublicGroup.id))),
        needs=frozenset(session.scalars(select(Need.id))),
        centres={key: (lon, lat) for key, lon, lat, _ in territories},
        names={key: name for key, _, _, name in territories},
    )


def people_of(session: Session, initiative: Initiative) -> tuple[Account, ...]:
    """The members of the carriers of a published sheet, and whoever wrote it, unless after a public source."""
    members = (
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .join(Participation, Participation.organisation_id == Membership.organisation_id)
        .where(Participation.initiative_id == initiative.id, Participation.role == Role.CARRIER.value)
        .where(Membership.granted_at.is_not(None))
        .order_by(Account.id)
    )
    found = {account.id: account for account in session.scalars(members)}
    author = _author(session, initiative)
    if author is not None and initiative.origin == Origin.CARRIER.value:
        found.setdefault(author.id, author)
    return tuple(account for account in found.values() if account.active)


def _author(session: Session, initiative: Initiative) -> Account | None:
    """Who last wrote what is published; a correction made by a curator leaves the sheet to whoever wrote before."""
    curators = select(Curatorship.account_id).where(Curatorship.network_id == initiative.network_id)
    published = select(Revision.number).where(Revision.id == initiative.published_revision_id).scalar_subquery()
    wrote = (
        select(Account)
        .join(Revision, Revision.author_id == Account.id)
        .where(Revision.initiative_id == initiative.id, Account.id.not_in(curators))
        .order_by(Revision.number.desc())
    )
    if initiative.published_revision_id is not None:
        wrote = wrote.where(Revision.number <= published)
    return session.scalars(wrote.limit(1)).first()
