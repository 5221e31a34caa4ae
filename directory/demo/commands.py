"""`flask demo`: load the demonstration, open its accounts."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click
from flask import current_app

from config import Settings
from directory.core.errors import DirectoryError
from directory.demo import corpus, generation, twin_towns
from directory.geocoding.gazetteer import Gazetteer
from directory.web.database import command_session

group = click.Group("demo", help="Démonstration : de vraies initiatives, lues dans des pages publiques citées.")


@group.command("load", help="Publier les fiches de démonstration ; sans effet la seconde fois, refusé en production.")
@click.option(
    "--twin-towns",
    "twins",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Publier plutôt, marqués comme tels, les jumelages de ce fichier CSV.",
)
def load(twins: Path | None) -> None:
    """Load the demonstration, or a list of twin towns, and say how many sheets were published."""
    gazetteer, data_dir, settings = _places()
    if twins is not None:
        _load_twin_towns(gazetteer, twins, is_production=settings.is_production)
        return
    try:
        with command_session() as session:
            published = corpus.load(session, gazetteer, data_dir, is_production=settings.is_production)
    except DirectoryError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"Démonstration : {published} fiches publiées." if published else "Démonstration : déjà chargée.")


def _load_twin_towns(gazetteer: Gazetteer, path: Path, *, is_production: bool) -> None:
    try:
        with command_session() as session:
            report = twin_towns.load(session, gazetteer, path, is_production=is_production)
    except DirectoryError as error:
        raise click.ClickException(error.message) from error
    click.echo("Jumelages : ce fichier est déjà là." if report is None else "\n".join(twin_towns.lines(report)))


@group.command("generate", help="Publier des fiches inventées, pour mesurer ; jamais sur une base qui en a de vraies.")
@click.option("--initiatives", type=click.IntRange(1, 2_000_000), required=True, help="Combien de fiches.")
@click.option("--seed", type=int, default=1, show_default=True, help="La même graine donne les mêmes fiches.")
def generate(initiatives: int, seed: int) -> None:
    """Publish invented sheets, by transactions, and say how fast."""
    _, data_dir, settings = _places()
    steps = generation.run(
        command_session,
        settings.gazetteer,
        data_dir,
        number=initiatives,
        seed=seed,
        is_production=settings.is_production,
    )
    started, published = time.perf_counter(), 0
    try:
        with click.progressbar(length=initiatives, label="Fiches inventées", file=sys.stderr) as bar:
            for count in steps:
                published += count
                bar.update(count)
    except DirectoryError as error:
        raise click.ClickException(error.message) from error
    seconds = time.perf_counter() - started
    click.echo(f"{published} fiches inventées, en {seconds:.0f} s." if published else "Ces fiches sont déjà là.")


def _places() -> tuple[Gazetteer, Path, Settings]:
    """The gazetteer, the folder of data and the settings; stops where the file of places is missing."""
    gazetteer = current_app.extensions["gazetteer"]
    if gazetteer is None:
        raise click.ClickException("le fichier des lieux manque ou est abîmé : flask geocoding build")
    return gazetteer, Path(current_app.root_path).parent / "data", current_app.extensions["settings"]


@group.command("accounts", help="Ouvrir les comptes de démonstration et dire leur mot de passe ; refusé en production.")
def accounts() -> None:
    """Open the ready accounts once, and print them each time."""
    settings = current_app.extensions["settings"]
    try:
        with command_session() as session:
            people = corpus.open_accounts(session, is_production=settings.is_production)
    except DirectoryError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"Comptes de démonstration, mot de passe « {corpus.PASSWORD} » :")
    width = max(len(person.email) for person in people)
    for person in people:
        click.echo(f"  {person.email:<{width}}  {person.role}")
