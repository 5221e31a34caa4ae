"""`flask drafts`: start and submit from the command line, as a person would."""

from __future__ import annotations

import json
from pathlib import Path

import click

from directory.accounts.queries import get_account
from directory.contributions import operations
from directory.contributions.permissions import Holder
from directory.contributions.queries import get_draft
from directory.core.errors import DirectoryError
from directory.web.database import command_session

MAX_BYTES = 1_000_000

group = click.Group("drafts", help="Brouillons et envois.")


@group.command("start", help="Commencer un brouillon à partir d’un fichier JSON.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "email", required=True, help="Adresse du compte qui écrit.")
def start(file: Path, email: str) -> None:
    """Keep a JSON file as a draft and print its number."""
    if file.stat().st_size > MAX_BYTES:
        raise click.ClickException("Ce fichier dépasse un million d’octets.")
    try:
        typed = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise click.ClickException("Ce fichier n’est pas du JSON lisible.") from error
    if not isinstance(typed, dict):
        raise click.ClickException("Ce fichier doit contenir un objet JSON.")
    try:
        with command_session() as session:
            draft = operations.start_from(session, typed, actor=get_account(session, email))
            click.echo(draft.id)
    except DirectoryError as error:
        raise click.ClickException(error.message) from error


@group.command("submit", help="Envoyer un brouillon au réseau.")
@click.argument("draft_id", type=int)
@click.option("--as", "email", required=True, help="Adresse du compte qui écrit.")
def submit(draft_id: int, email: str) -> None:
    """Submit a draft and print the number of its review and the network's name."""
    try:
        with command_session() as session:
            account = get_account(session, email)
            holder = Holder(account)
            review = operations.send(session, get_draft(session, draft_id, holder), holder=holder)
            if review is None:
                raise click.ClickException("Ce brouillon attend que son adresse soit confirmée.")
            click.echo(f"{review.id}\t{review.network.name}")
    except DirectoryError as error:
        raise click.ClickException(error.message) from error
