"""`flask geocoding`: build the gazetteer's file, measure its answers."""

import json
from pathlib import Path

import click
from flask import current_app

from .build import BuildError, Progress
from .build import build as build_file
from .evaluation import evaluate as measure_file
from .evaluation import report
from .gazetteer import open_gazetteer

BAR = 20
group = click.Group("geocoding", help="Répertoire des lieux.")


def _path() -> Path:
    path: Path = current_app.extensions["settings"].gazetteer
    return path


def show(progress: Progress) -> None:
    """Print a line with a bar for each step done."""
    done = round(BAR * progress.share)
    bar = f"[{'#' * done}{'.' * (BAR - done)}] {round(100 * progress.share):3d} %"
    click.echo(f"{bar}  {progress.seconds:5.1f} s  {progress.words}")


@group.command("build", help="Construire le fichier des lieux.")
def build() -> None:
    """Build the file named by the settings, saying each step; the old file stays when the new one is not right."""
    try:
        build_file(_path(), Path(current_app.root_path).parent / "data", show)
    except (BuildError, OSError) as error:
        raise click.ClickException(f"le fichier des lieux n’a pas été construit : {error}") from error


@group.command("evaluate", help="Mesurer les réponses sur un fichier de demandes dont le lieu est connu.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Répondre en JSON.")
def evaluate(file: Path, as_json: bool) -> None:
    """Print the figures of each side."""
    gazetteer = open_gazetteer(_path())
    if gazetteer is None:
        raise click.ClickException("le fichier des lieux manque ou est abîmé : flask geocoding build")
    try:
        figures = measure_file(gazetteer, file)
    except (KeyError, ValueError) as error:
        raise click.ClickException(f"ce fichier n’est pas une liste de demandes : {error}") from error
    if as_json:
        click.echo(json.dumps(figures, indent=2, ensure_ascii=False))
        return
    for line in report(figures):
        click.echo(line)
