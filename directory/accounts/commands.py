"""`flask accounts`: open and close accounts, say who administers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from directory.accounts import operations
from directory.accounts.queries import find_account, get_account
from directory.core.errors import DirectoryError
from directory.web.database import command_session

group = click.Group("accounts", help="Comptes des personnes.")


@contextmanager
def _session() -> Iterator[Session]:
    """The session of a command, whose refusals are sentences."""
    try:
        with command_session() as session:
            yield session
    except DirectoryError as error:
        raise click.ClickException(error.message) from error


@group.command("create", help="Créer un compte confirmé, sans mot de passe.")
@click.argument("email")
@click.option("--admin", "is_administrator", is_flag=True, help="Donner le droit d’administrer.")
def create(email: str, is_administrator: bool) -> None:
    """Create an account and say its address."""
    with _session() as session:
        account = operations.create(session, email, is_administrator=is_administrator)
        click.echo(f"Compte créé : {account.email}")


@group.command("create-admin", help="Donner le droit d’administrer, et un compte à qui n’en a pas.")
@click.argument("email")
def create_admin(email: str) -> None:
    """Make an administrator; somebody without password receives the link to choose one."""
    with _session() as session:
        account = find_account(session, email) or operations.create(session, email)
        operations.make_administrator(session, account)
        if account.password is None:
            operations.ask_reset(session, account.email)
            click.echo(f"{account.email} administre le site. Un courriel lui permet de choisir son mot de passe.")
        else:
            click.echo(f"{account.email} administre le site.")


@group.command("revoke-admin", help="Retirer le droit d’administrer ; refusé pour la dernière personne.")
@click.argument("email")
def revoke_admin(email: str) -> None:
    """Take the right back."""
    with _session() as session:
        operations.revoke_administrator(session, get_account(session, email))
        click.echo(f"{email} n’administre plus le site.")


@group.command("close", help="Fermer un compte et ses sessions.")
@click.argument("email")
def close(email: str) -> None:
    """Close an account."""
    with _session() as session:
        operations.close(session, get_account(session, email))
        click.echo(f"Le compte de {email} est fermé.")


@group.command("stop-code", help="Ne plus demander de code à qui a perdu son téléphone et ses codes de secours.")
@click.argument("email")
def stop_code(email: str) -> None:
    """Give up the second factor of an account, whose owner was recognised otherwise."""
    with _session() as session:
        operations.stop_two_factor(session, get_account(session, email))
        click.echo(f"Aucun code ne sera plus demandé à {email}.")
