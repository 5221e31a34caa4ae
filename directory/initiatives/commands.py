"""`flask initiatives`: withdraw from the command line."""

from __future__ import annotations

import click

from directory.accounts.queries import get_account
from directory.core.errors import DirectoryError
from directory.initiatives import operations
from directory.initiatives.queries import get_initiative
from directory.web.database import command_session

group = click.Group("initiatives", help="Initiatives publiées.")


@group.command("withdraw", help="Retirer une initiative publiée.")
@click.argument("slug")
@click.option("--as", "email", required=True, help="Adresse du compte qui retire.")
def withdraw(slug: str, email: str) -> None:
    """Take an initiative down and say so."""
    try:
        with command_session() as session:
            operations.withdraw(session, get_initiative(session, slug), actor=get_account(session, email))
    except DirectoryError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"Retirée : {slug}")
