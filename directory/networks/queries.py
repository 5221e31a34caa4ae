"""Reads about networks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from directory.accounts.models import Account
from directory.core.errors import NotFound
from directory.networks.models import Coverage, Curatorship, Network


def all_networks(session: Session) -> Sequence[Network]:
    """Every network in alphabetical order, the national queue last, with coverages."""
    ordered = select(Network).order_by(Network.is_national, Network.name).options(selectinload(Network.coverages))
    return session.scalars(ordered).all()


def get_network(session: Session, slug: str) -> Network:
    """The network of a slug; raises NotFound."""
    network = session.scalar(select(Network).where(Network.slug == slug).options(selectinload(Network.coverages)))
    if network is None:
        raise NotFound("Ce réseau n’existe pas, ou plus à cette adresse.")
    return network


def network_in_charge(session: Session, keys: Sequence[str]) -> Network:
    """The network covering the finest of the keys (finest first), else the national queue; raises NotFound."""
    rows = session.execute(
        select(Coverage.territory_key, Network).join(Network).where(Coverage.territory_key.in_(keys))
    ).all()
    covering: dict[str, Network] = {row.territory_key: row.Network for row in rows}
    for key in keys:
        if key in covering:
            return covering[key]
    national = session.scalar(select(Network).where(Network.is_national))
    if national is None:
        raise NotFound("La file nationale manque : lancez « flask networks load ».")
    return national


def networks_concerned(session: Session, places: Iterable[Sequence[str]]) -> list[Network]:
    """The networks in charge of places here (each by its keys, finest first), in their order, then the national queue.

    Only these may review an initiative, or be handed its review.
    """
    found = [network_in_charge(session, keys) for keys in places]
    found.append(network_in_charge(session, ()))
    return list({network.id: network for network in found}.values())


def curated_network_ids(session: Session, account_id: int) -> frozenset[int]:
    """The networks for which an account may act."""
    return frozenset(session.scalars(select(Curatorship.network_id).where(Curatorship.account_id == account_id)))


def curated_networks(session: Session, account_id: int) -> Sequence[Network]:
    """The networks for which an account may act, by name."""
    mine = select(Network).join(Curatorship).where(Curatorship.account_id == account_id)
    return session.scalars(mine.order_by(Network.is_national, Network.name)).all()


def curators_of(session: Session, network_id: int) -> Sequence[Account]:
    """Who may act for a network, in the order of their appointment."""
    acting = select(Account).join(Curatorship).where(Curatorship.network_id == network_id, Account.active)
    return session.scalars(acting.order_by(Curatorship.id)).all()
