"""Loading the demonstration as people would: a draft, its submission, its review, its publication."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts import operations as accounts
from directory.accounts.models import Account
from directory.accounts.queries import find_account, get_account
from directory.contributions import memberships
from directory.contributions import operations as contributions
from directory.contributions.permissions import Holder
from directory.core.errors import Conflict, Forbidden, Invalid, Problem
from directory.demo import mark, records
from directory.demo.records import InitiativeRecord, PlaceRecord
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.places import Verdict
from directory.initiatives.content import AnchorContent, to_json
from directory.initiatives.models import Initiative, Participation
from directory.initiatives.vocabulary import Role, State
from directory.networks import operations as networks
from directory.networks.models import Network
from directory.networks.queries import get_network
from directory.organisations.models import Organisation
from directory.reviews import operations as reviews
from directory.reviews.vocabulary import Decision

AUTHOR = f"ecriture@{mark.DOMAIN}"
PASSWORD = "la barque relie les deux rives"  # noqa: S105  # told by script/server, for a base that production refuses
CURATED = ("reseau-bretagne-solidaire", "so-cooperation")
ACCEPTED = frozenset({Verdict.SURE, Verdict.PROBABLE})


@dataclass(frozen=True)
class Person:
    """A ready account: its address, and what one can try with it."""

    email: str
    role: str


def load(session: Session, gazetteer: Gazetteer, data_dir: Path, *, is_production: bool) -> int:
    """Publish every record of the demonstration; returns how many, 0 when it was already loaded.

    Called from the command line only: there, the shell is the permission. Raises Forbidden in production, Conflict
    when another version of the demonstration is there, Invalid when a place is not found where the record says.
    """
    mark.refuse_production(is_production)
    digest = records.digest_of(data_dir)
    loaded = mark.found(session)
    if loaded:
        if loaded != digest:
            raise Conflict("Une autre version de la démonstration est déjà là : recommencez sur une base neuve.")
        return 0
    told = records.read(data_dir)
    author = find_account(session, AUTHOR) or accounts.create(session, AUTHOR)
    for record in told:
        _publish(session, record, locator(gazetteer), author)
    mark.put(session, digest=digest)
    return len(told)


def locator(gazetteer: Gazetteer) -> Callable[[PlaceRecord], AnchorContent]:
    """How the places of records are found: the gazetteer answers, and the key confirmed by hand must agree."""

    def locate(record: PlaceRecord) -> AnchorContent:
        found = gazetteer.find(record.place, side=record.side, limit=1)
        if not found or found[0].key != record.key or found[0].verdict not in ACCEPTED:
            answer = f"{found[0].label}, {found[0].verdict}" if found else "rien"
            raise Invalid(
                [Problem(record.side.value, f"« {record.place} » : le répertoire des lieux répond {answer}.")]
            )
        place = found[0]
        return AnchorContent(
            label=record.label,
            keys=place.keys,
            name=place.name,
            context=place.context,
            lon=place.lon,
            lat=place.lat,
            precision=place.precision.value,
            verdict=str(place.verdict),
            shown_as=record.shown_as,
        )

    return locate


def _publish(
    session: Session, record: InitiativeRecord, locate: Callable[[PlaceRecord], AnchorContent], author: Account
) -> None:
    draft = contributions.start_from(session, to_json(record.to_content(locate)), actor=author)
    review = contributions.send(session, draft, holder=Holder(author))
    if review is None:
        raise RuntimeError("an account needs no confirmation")
    reviews.decide(session, review, actor=_curator(session, review.network), decision=Decision.PUBLISH)


def _curator(session: Session, network: Network) -> Account:
    address = f"{network.slug}@{mark.DOMAIN}"
    account = find_account(session, address) or accounts.create(session, address)
    networks.appoint(session, account, network)
    return account


def open_accounts(session: Session, *, is_production: bool) -> tuple[Person, ...]:
    """The ready accounts of a base that holds the demonstration, each with the password of the demonstration.

    Called from the command line only. Raises Forbidden in production, Conflict where the demonstration is not loaded:
    production refuses a base that holds it, so these accounts can never be there.
    """
    if is_production:
        raise Forbidden("La démonstration n’a pas de compte en production.")
    if not mark.found(session):
        raise Conflict("La démonstration n’est pas chargée : flask demo load")
    people = [_member(session)]
    for slug in CURATED:
        network = get_network(session, slug)
        _curator(session, network)
        people.append(Person(f"{slug}@{mark.DOMAIN}", f"relit pour {network.name}"))
    administrator = find_account(session, f"administration@{mark.DOMAIN}")
    if administrator is None:
        administrator = accounts.create(session, f"administration@{mark.DOMAIN}", is_administrator=True)
    people.append(Person(administrator.email, "administre le site"))
    for person in people:
        accounts.give_first_password(session, get_account(session, person.email), PASSWORD)
    return tuple(people)


def _member(session: Session) -> Person:
    """The account of an association: a member of the one that carries the first sheet of the first network."""
    email = f"association@{mark.DOMAIN}"
    account = find_account(session, email) or accounts.create(session, email)
    network = get_network(session, CURATED[0])
    organisation = session.scalars(
        select(Organisation)
        .join(Participation, Participation.organisation_id == Organisation.id)
        .join(Initiative, Initiative.id == Participation.initiative_id)
        .where(Initiative.network_id == network.id, Initiative.state == State.PUBLISHED)
        .where(Participation.role == Role.CARRIER)
        .order_by(Initiative.id, Participation.position)
        .limit(1)
    ).one()
    membership = memberships.ask(session, organisation, actor=account)
    memberships.grant(session, membership, actor=_curator(session, network))
    return Person(email, f"écrit pour {organisation.name}")
