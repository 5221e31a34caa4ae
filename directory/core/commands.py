"""`flask jobs`: what waits, what failed, try again, and the worker itself."""

from __future__ import annotations

import os

import click
from flask import Flask, current_app
from sqlalchemy import func, select

from config import Settings
from directory.core import jobs
from directory.core.jobs import Job
from directory.core.mail import open_transport
from directory.core.worker import Worker

STATES = {"waiting": "attend", "running": "en cours", "done": "fait", "failed": "a échoué"}

group = click.Group("jobs", help="Tâches et courriels : ce qui attend, ce qui a échoué, et l’ouvrier qui s’en charge.")


@group.command("list", help="Ce qui attend, ce qui est en cours, ce qui a échoué.")
@click.option("--state", type=click.Choice(list(STATES)), help="Un seul état ; « done » montre ce qui est fait.")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="Combien, les plus récentes."
)
def list_jobs(state: str | None, limit: int) -> None:
    """Print the jobs, a line each, then how many there are in each state."""
    chosen = select(Job).order_by(Job.id.desc()).limit(limit)
    chosen = chosen.where(Job.state == state) if state else chosen.where(Job.state != "done")
    with current_app.extensions["sessions"]() as session:
        for job in session.scalars(chosen):
            click.echo("\t".join(_cells(job)))
        counts = session.execute(select(Job.state, func.count()).group_by(Job.state).order_by(Job.state)).all()
        late = jobs.backlog(session).late
    click.echo(" · ".join(f"{STATES[name]} : {count}" for name, count in counts) or "Aucune tâche.")
    if late:
        click.echo(f"{late} auraient dû partir il y a plus de dix minutes : lancez « flask jobs work ».", err=True)
    _warn_of_files()


def _cells(job: Job) -> list[str]:
    payload = " ".join(f"{name}={value}" for name, value in sorted(job.payload.items()))
    when = f"prochain essai le {job.due_at:%d/%m/%Y à %H:%M} UTC" if job.state == "waiting" and job.attempts else ""
    tries = f"{job.attempts} essais" if job.attempts > 1 else f"{job.attempts} essai"
    return [str(job.id), job.kind, payload, STATES[job.state], tries, when, job.last_error]


def _warn_of_files() -> None:
    settings: Settings = current_app.extensions["settings"]
    if settings.is_production and not settings.mail_url:
        click.echo(
            f"DIRECTORY_MAIL_URL manque : aucun courriel ne part, ils vont dans {settings.instance}/outbox.", err=True
        )


@group.command("retry", help="Essayer de nouveau, tout de suite : ces tâches, ou toutes celles qui ont échoué.")
@click.argument("numbers", nargs=-1, type=int)
def retry(numbers: tuple[int, ...]) -> None:
    """Put jobs back as if they had never been tried, and wake the worker."""
    with current_app.extensions["sessions"].begin() as session:
        count = jobs.retry(session, numbers or None)
    current_app.extensions["queue"].wake()
    click.echo(f"Tâches remises en attente : {count}.")


@group.command("run", help="Faire une fois tout ce qui est dû, puis s’arrêter.")
def run() -> None:
    """Do what is due, in this process, and say how many."""
    click.echo(f"Tâches traitées : {make_worker(_this_app()).run_due()}.")
    _warn_of_files()


@group.command("work", help="L’ouvrier : fait ce qui est dû dès qu’on le réveille, et regarde toutes les 30 secondes.")
@click.option("--while", "server", type=int, metavar="PID", help="S’arrêter quand ce processus n’existe plus.")
def work(server: int | None) -> None:
    """Work until SIGTERM or Ctrl-C, after the mail being sent; ends too when its parent or the server is gone."""
    parent = os.getppid()
    worker = make_worker(_this_app())
    _warn_of_files()
    current_app.extensions["queue"].work(worker.run_due, lambda: os.getppid() != parent or _is_gone(server))


def make_worker(app: Flask) -> Worker:
    """A worker on the database, the handlers and the mail server of an application."""
    settings = app.extensions["settings"]
    return Worker(
        sessions=app.extensions["sessions"],
        handlers=app.extensions["job_handlers"],
        settings=settings,
        transport=open_transport(settings),
        context=app.app_context,
    )


def _this_app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # the documented way to keep it
    return app


def _is_gone(process: int | None) -> bool:
    if process is None:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
