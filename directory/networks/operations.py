"""Writes about networks: loading the reference list, appointing curators."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.core.errors import InvalidText
from directory.core.text import clean_text
from directory.networks.models import Coverage, Curatorship, Network
from directory.reference.operations import raise_corpus


def load(session: Session, data_dir: Path) -> int:
    """Write the networks of data/networks.yaml and what they cover; returns how many networks changed.

    Called from the command line only. Networks that left the file are kept: their reviews refer to them.
    """
    records: list[dict[str, Any]] = yaml.safe_load((data_dir / "networks.yaml").read_text("utf-8"))["networks"]
    known = {network.slug: network for network in session.scalars(select(Network))}
    changed = 0
    for record in records:
        network = known.get(record["slug"])
        if network is None:
            network = Network(slug=record["slug"])
            session.add(network)
        wanted = set(record.get("covers", ()))
        present = {coverage.territory_key: coverage for coverage in network.coverages}
        changed += _describe(network, record) or wanted != present.keys()
        for key in sorted(present.keys() - wanted):
            network.coverages.remove(present[key])
        session.flush()
        network.coverages.extend(Coverage(territory_key=key) for key in sorted(wanted - present.keys()))
    session.flush()
    if changed:
        raise_corpus(session)
    return changed


def _describe(network: Network, record: dict[str, Any]) -> bool:
    values = {
        "name": clean_text(record["name"], 200),
        "website": record.get("website") or "",
        "source": clean_text(record.get("source") or "", 500),
        "is_national": bool(record.get("is_national", False)),
    }
    is_changed = any(getattr(network, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(network, name, value)
    return is_changed


def appoint(session: Session, account: Account, network: Network) -> Curatorship:
    """Make an account a curator of a network; appointing twice changes nothing.

    Called from the command line and the demonstration only: there, the shell is the permission.
    """
    found = session.scalar(
        select(Curatorship).where(Curatorship.account_id == account.id, Curatorship.network_id == network.id)
    )
    if found is not None:
        return found
    curatorship = Curatorship(account_id=account.id, network_id=network.id)
    session.add(curatorship)
    session.flush()
    return curatorship


def set_usual_days(session: Session, network: Network, days: int | None) -> Network:
    """Note how long a review usually takes, as the network says; None forgets it. Raises InvalidText past a year.

    Called from the command line only: there, the shell is the permission.
    """
    if days is not None and not 1 <= days <= 365:
        raise InvalidText("Un délai se compte en jours, de 1 à 365.")
    network.usual_days = days
    session.flush()
    raise_corpus(session)
    return network
