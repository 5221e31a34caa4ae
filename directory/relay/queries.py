"""Who reads a message sent to the structure of a sheet; nothing here leaves an address to a page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.core.errors import Withdrawn
from directory.core.time import utcnow
from directory.initiatives.models import Initiative, Participation
from directory.initiatives.queries import get_initiative, people_of
from directory.initiatives.vocabulary import Origin, Role, State
from directory.networks.models import Curatorship, Network
from directory.organisations.models import Organisation
from directory.relay.models import RelayMessage
from directory.relay.rules import A_DAY, is_reachable


class Reader(StrEnum):
    """Who will read the message, and why it is not the structure when it is not."""

    STRUCTURE = "structure"
    NETWORK_FOR_SOURCE = "network_for_source"
    NETWORK_FOR_SILENCE = "network_for_silence"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Destination:
    """The accounts that receive a message, and what a page may say of them."""

    reader: Reader
    accounts: tuple[Account, ...]
    network: Network


def open_sheet(session: Session, slug: str) -> Initiative:
    """The published initiative of a slug; raises NotFound, or Withdrawn when it was taken down."""
    initiative = get_initiative(session, slug)
    if initiative.state != State.PUBLISHED:
        raise Withdrawn("Cette initiative a été retirée par la structure ou par son réseau.")
    return initiative


def carrier_names(session: Session, initiative: Initiative) -> list[str]:
    """The structures that carry it, as the sheet names them."""
    return list(
        session.scalars(
            select(Organisation.name)
            .join(Participation, Participation.organisation_id == Organisation.id)
            .where(Participation.initiative_id == initiative.id, Participation.role == Role.CARRIER.value)
            .order_by(Participation.position)
        )
    )


def destination(session: Session, initiative: Initiative) -> Destination:
    """The structure's own people when one can be reached, else the network in charge, else the national queue."""
    network = session.get_one(Network, initiative.network_id)
    people = tuple(one for one in people_of(session, initiative) if is_reachable(one.email))
    if people:
        return Destination(Reader.STRUCTURE, people, network)
    reader = Reader.NETWORK_FOR_SOURCE if initiative.origin != Origin.CARRIER.value else Reader.NETWORK_FOR_SILENCE
    national = session.scalars(select(Network).where(Network.is_national)).all()
    for one in (network, *national):
        curators = tuple(session.scalars(_curators(one.id)))
        if curators:
            return Destination(reader, curators, one)
    return Destination(Reader.NOBODY, (), network)


def sent_lately(session: Session, email: str) -> int:
    """How many messages an address sent within a day."""
    recent = select(func.count()).where(RelayMessage.sender_email == email, RelayMessage.created_at > utcnow() - A_DAY)
    return session.scalar(recent) or 0


def find_same(session: Session, initiative: Initiative, email: str, body: str) -> RelayMessage | None:
    """The same words from the same address to the same structure within a day: the form sent twice."""
    same = select(RelayMessage).where(
        RelayMessage.initiative_id == initiative.id,
        RelayMessage.sender_email == email,
        RelayMessage.body == body,
        RelayMessage.created_at > utcnow() - A_DAY,
    )
    return session.scalars(same.limit(1)).first()


def _curators(network_id: int) -> Select[Account]:
    return (
        select(Account)
        .join(Curatorship, Curatorship.account_id == Account.id)
        .where(Curatorship.network_id == network_id, Account.active)
        .order_by(Account.id)
    )
