"""`flask reference`: load the reference lists of data/."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app

from directory.reference import operations
from directory.web.database import command_session

group = click.Group("reference", help="Listes de référence : territoires, domaines, objectifs, types d’acteurs.")


@group.command("load", help="Charger les listes de data/ ; sans effet si elles n’ont pas changé.")
def load() -> None:
    """Load the lists and say how many rows were added and changed."""
    with command_session() as session:
        report = operations.load(session, Path(current_app.root_path).parent / "data")
    if report.is_unchanged:
        click.echo("Listes de référence : déjà à jour.")
    else:
        added, changed = sum(report.added.values()), sum(report.changed.values())
        click.echo(f"Listes de référence : {added} lignes ajoutées, {changed} changées.")
