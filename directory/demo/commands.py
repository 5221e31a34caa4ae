"""`flask demo`: load the demonstration, open its accounts."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app

from directory.core.errors import DirectoryError
from directory.demo import corpus
from directory.web.database import command_session

group = click.Group("demo", help="Démonstration : de vraies initiatives, lues dans des pages publiques citées.")


@group.command("load", help="Publier les fiches de démonstration ; sans effet la seconde fois, refusé en production.")
def load() -> None:
    """Load the demonstration and say how many sheets were published."""
    gazetteer = current_app.extensions["gazetteer"]
    if gazetteer is None:
        raise click.ClickException("le fichier des lieux manque ou est abîmé : flask geocoding build")
    settings = current_app.extensions["settings"]
    data_dir = Path(current_app.root_path).parent / "data"
    try:
        with command_session() as session:
            published = corpus.load(session, gazetteer, data_dir, is_production=settings.is_production)
    except DirectoryError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"Démonstration : {published} fiches publiées." if published else "Démonstration : déjà chargée.")


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
