"""`flask initiatives`: withdraw from the command line; search rows and columns checked, search rows mended."""

from __future__ import annotations

import sys
import time

import click
from click._termui_impl import ProgressBar
from sqlalchemy.orm import Session

from directory.accounts.queries import get_account
from directory.core.errors import DirectoryError
from directory.initiatives import operations, rebuilding, verifying
from directory.initiatives.queries import get_initiative
from directory.initiatives.rebuilding import OutOfStep
from directory.web.database import command_session, reader

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


@group.command(
    "check", help="Comparer la recherche et les comptes à ce qui est publié. Code 1 si quelque chose diffère."
)
def check() -> None:
    """Say what differs, a line each, and answer 1 to a machine when something does."""
    with reader()() as session:
        found = _compared(session)
        lines = [*verifying.lines(found), *verifying.columns(session)]
    for line in lines:
        click.echo(line)
    if lines:
        click.echo("Pour refaire les lignes de recherche : flask initiatives reindex", err=True)
        raise SystemExit(1)
    click.echo("Tout correspond.")


@group.command("reindex", help="Refaire les lignes de recherche fausses, par petits lots, pendant que le site sert.")
def reindex() -> None:
    """Mend every search row that is out of step, then the words offered."""
    began, mended, last = time.perf_counter(), 0, 0
    with _bar() as bar:
        while True:
            with command_session() as session:
                ids = next(rebuilding.batches(session, after=last), [])
                mended += verifying.mend_rows(session, ids) if ids else 0
            if not ids:
                break
            last = ids[-1]
            bar.update(len(ids))
    with reader()() as session:
        found = _compared(session)
    if found.is_index_damaged:
        click.echo("L’index des mots est refait : personne ne peut publier pendant ce temps.", err=True)
    with command_session() as session:
        rebuilding.mend_words(session, found)
        if found.is_index_damaged:
            rebuilding.rebuild_index(session)
    click.echo(f"{mended} lignes de recherche refaites, en {time.perf_counter() - began:.1f} s.")


def _compared(session: Session) -> OutOfStep:
    with _bar() as bar:
        return verifying.search_rows(session, bar.update)


def _bar() -> ProgressBar[int]:
    with reader()() as session:
        return click.progressbar(length=rebuilding.size(session), label="Initiatives", file=sys.stderr)
