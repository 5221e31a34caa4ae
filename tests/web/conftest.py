"""An application of the test's own: the real plumbing around a few faulty views."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, make_response, redirect, request
from flask import session as cookie
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from sqlalchemy import delete as sa_delete
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from config import Settings
from directory import create_app
from directory.core import errors
from directory.core.jobs import Job, enqueue
from directory.web.caching import public_answer
from directory.web.database import session
from directory.web.requests import query_text

SECRET_OF_THE_CODE = "secret-of-the-code"


class ClosingClient(FlaskClient):
    """A browser that reads each answer to its end, so that served files are closed."""

    def open(self, *args: Any, buffered: bool = True, **kwargs: Any) -> TestResponse:
        """Ask, and read all."""
        return super().open(*args, buffered=buffered, **kwargs)


@pytest.fixture(scope="session")
def plumbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with views that fail in every way."""
    folder: Path = tmp_path_factory.mktemp("plumbing")
    app = create_app(Settings(environment="test", instance=folder))  # type: ignore[arg-type]  # parsed by Settings
    app.config["WTF_CSRF_ENABLED"] = False  # these views have no form whose token could be sent back
    _add_views(app)
    engine = app.extensions["engine"]
    Job.__table__.create(engine)  # type: ignore[attr-defined]  # no geometry here: the table alone is enough
    yield app
    engine.dispose()


@pytest.fixture
def visitor(plumbed: Flask) -> FlaskClient:
    """A browser on the faulty views."""
    plumbed.test_client_class = ClosingClient
    return plumbed.test_client()


def _add_views(app: Flask) -> None:
    """One route a failure."""
    statuses = {
        "introuvable": errors.NotFound("Pas ici."),
        "retiree": errors.Withdrawn("Plus ici."),
        "interdite": errors.Forbidden("Pas à vous."),
        "conflit": errors.Conflict("Déjà fait."),
        "filtre": errors.BadFilter("pays", "Le pays « <XX> » n’existe pas."),
        "saisie": errors.Invalid([errors.Problem("titre", "Donnez un titre.")]),
        "panne": RuntimeError(SECRET_OF_THE_CODE),
        "base": OperationalError(f"SELECT {SECRET_OF_THE_CODE}", {}, Exception("no")),
    }

    def fail(name: str) -> ResponseReturnValue:
        raise statuses[name]

    def write(name: str) -> ResponseReturnValue:
        enqueue(session(), name)
        session().flush()
        if name == "panne":
            raise RuntimeError("after a write")
        return name, 400 if name == "refus" else 201

    def delete() -> ResponseReturnValue:
        session().execute(sa_delete(Job))
        return ""

    def count(name: str) -> ResponseReturnValue:
        return str(session().execute(text("SELECT count(*) FROM job WHERE kind = :kind"), {"kind": name}).scalar_one())

    def kept() -> ResponseReturnValue:
        return public_answer(request.args.get("version", ""), lambda: "réponse " * 200)

    drawings = itertools.count(1)

    def drawn() -> ResponseReturnValue:
        def draw() -> Response:
            if request.args.get("pour") == "une personne":
                cookie["seen"] = True
            body = f"dessin {next(drawings)} " + request.args.get("signes", "") + "·" * int(request.args.get("de", 900))
            return make_response(body, int(request.args.get("statut", 200)), {"X-Dessin": "oui"})

        return public_answer("", draw)

    app.add_url_rule("/essai/erreur/<name>", "essai.fail", fail)
    app.add_url_rule("/essai/ecrire/<name>", "essai.write", write, methods=["GET", "POST"])
    app.add_url_rule("/essai/effacer", "essai.delete", delete)
    app.add_url_rule("/essai/compter/<name>", "essai.count", count)
    app.add_url_rule("/essai/recevoir", "essai.receive", lambda: request.form.get("x", ""), methods=["POST"])
    app.add_url_rule("/essai/ailleurs", "essai.away", lambda: redirect("/essai/texte"))
    app.add_url_rule("/essai/texte", "essai.text", lambda: query_text("q", 100))
    app.add_url_rule("/essai/adresse", "essai.address", lambda: request.remote_addr or "")
    app.add_url_rule("/essai/gardee", "essai.kept", kept)
    app.add_url_rule("/essai/dessinee", "essai.drawn", drawn)
