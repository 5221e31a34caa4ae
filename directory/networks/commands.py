"""`flask networks`: load the list, appoint curators."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app

from directory.accounts.queries import get_account
from directory.core.errors import DirectoryError
from directory.networks import operations
from directory.networks.queries import get_network
from directory.web.database import command_session

group = click.Group("networks", help="Réseaux régionaux.")


@group.command("load", help="Charger data/networks.yaml.")
def load() -> None:
    """Load the networks and say how many changed."""
    with command_session() as session:
        changed = operations.load(session, Path(current_app.root_path).parent / "data")
    click.echo(f"Réseaux : {changed} ajoutés ou changés.")


@group.command("appoint", help="Confier un réseau à un compte.")
@click.argument("email")
@click.argument("network")
def appoint(email: str, network: str) -> None:
    """Appoint the account of an address as a curator of the network of a slug."""
    with command_session() as session:
        operations.appoint(session, get_account(session, email), get_network(session, network))
    click.echo(f"{email} anime {network}.")


@group.command("delay", help="Noter le délai habituel de relecture d’un réseau, en jours (0 : l’oublier).")
@click.argument("network")
@click.argument("days", type=click.IntRange(0, 365))
def delay(network: str, days: int) -> None:
    """Note the usual delay that a network announces."""
    try:
        with command_session() as session:
            operations.set_usual_days(session, get_network(session, network), days or None)
    except DirectoryError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"{network} : {days} jours." if days else f"{network} : délai non annoncé.")
