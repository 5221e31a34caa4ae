"""`flask accounts`: create people from the command line."""

from __future__ import annotations

import click

from directory.accounts import operations
from directory.web.database import command_session

group = click.Group("accounts", help="Comptes des personnes.")


@group.command("create", help="Créer un compte confirmé, sans mot de passe.")
@click.argument("email")
@click.option("--admin", "is_administrator", is_flag=True, help="Donner le droit d’administrer.")
def create(email: str, is_administrator: bool) -> None:
    """Create an account and say its address."""
    with command_session() as session:
        account = operations.create(session, email, is_administrator=is_administrator)
        click.echo(f"Compte créé : {account.email}")
