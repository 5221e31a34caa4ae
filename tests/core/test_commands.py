"""`flask jobs`: what waits, what failed, and another try."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from config import Environment, Settings
from directory.core.jobs import Job, enqueue


def run(app: Flask, *command: str) -> Result:
    result = app.test_cli_runner().invoke(args=["jobs", *command])
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture
def failed(app: Flask, session: Session) -> Job:
    """A job that no package handles, tried once."""
    job = enqueue(session, "inconnue", draft_id=7)
    session.commit()
    assert "Tâches traitées : 1." in run(app, "run").output
    session.refresh(job)
    job.state = "failed"
    session.commit()
    return job


def test_nothing_to_do_is_said(app: Flask) -> None:
    assert run(app, "list").output == "Aucune tâche.\n"
    assert run(app, "run").output == "Tâches traitées : 0.\n"


def test_what_failed_is_listed_with_its_reason_and_tried_again(app: Flask, session: Session, failed: Job) -> None:
    listed = run(app, "list").output
    assert f"{failed.id}\tinconnue\tdraft_id=7\ta échoué\t1 essai\t\tUnknownKind" in listed
    assert "a échoué : 1" in listed
    assert run(app, "retry", str(failed.id + 1)).output == "Tâches remises en attente : 0.\n"
    assert run(app, "retry").output == "Tâches remises en attente : 1.\n"
    session.refresh(failed)
    assert (failed.state, failed.attempts) == ("waiting", 0)
    run(app, "run")
    session.refresh(failed)
    assert failed.state == "waiting"
    assert "prochain essai le" in run(app, "list", "--state", "waiting").output


@pytest.mark.usefixtures("failed")
def test_what_is_done_is_listed_when_asked_for(app: Flask) -> None:
    assert "inconnue" not in run(app, "list", "--state", "done").output


def test_production_without_a_mail_server_is_warned(app: Flask, settings: Settings, tmp_path: Path) -> None:
    secret = "kJ8v-Qz4Lr0xN2pWf7Tb1YcHs9Gd6Me3Ua5Ro"
    production = replace(settings, environment=Environment.PRODUCTION, secret_key=secret, mail_url="")
    app.extensions["settings"] = production
    assert f"aucun courriel ne part, ils vont dans {tmp_path}/outbox" in run(app, "list").output
    app.extensions["settings"] = replace(production, mail_url="smtps://mail.example", mail_from="site@annuaire.example")
    assert "aucun courriel" not in run(app, "list").output
