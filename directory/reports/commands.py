"""`flask reports`: forget old names by hand; each decision also brings its own end, which the worker carries out."""

from __future__ import annotations

import datetime as dt

import click
from flask import current_app

from directory.reports import operations
from directory.web.database import command_session

group = click.Group("reports", help="Signalements et droits de réponse.")


@group.command("forget", help="Effacer les noms et adresses gardés depuis DIRECTORY_REPORT_DAYS jours.")
def forget() -> None:
    """Forget the names kept long enough and say how many; words, decisions and dates stay."""
    days = current_app.extensions["settings"].report_days
    with command_session() as session:
        count = operations.forget_names(session, kept=dt.timedelta(days=days))
    click.echo(f"Signalements dont le nom et l’adresse sont effacés : {count}.")
