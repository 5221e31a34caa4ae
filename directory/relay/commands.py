"""`flask relay`: forget old messages by hand; each message also brings its own end, which the worker carries out."""

from __future__ import annotations

import click

from directory.relay import operations
from directory.relay.rules import KEPT
from directory.web.database import command_session

group = click.Group("relay", help="Messages aux structures.")


@group.command("purge", help=f"Effacer les messages gardés depuis {KEPT.days} jours.")
def purge() -> None:
    """Forget the messages kept long enough and say how many."""
    with command_session() as session:
        count = operations.purge(session)
    click.echo(f"Messages effacés : {count}.")
