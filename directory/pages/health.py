"""Whether the site works, for machines."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from directory.initiatives.queries import corpus_version
from directory.web.database import session

blueprint = Blueprint("health", __name__)


@blueprint.get("/sante")
def show() -> Response:
    """200 when the database answers, 503 otherwise; a missing gazetteer is told but stops nothing."""
    version: int | None
    try:
        version = corpus_version(session())
    except SQLAlchemyError:
        version = None
    has_gazetteer = current_app.extensions["gazetteer"] is not None
    response = jsonify(
        status="ok" if version is not None else "unavailable",
        database="ok" if version is not None else "unavailable",
        gazetteer="ok" if has_gazetteer else "missing",
        corpus_version=version,
        build=current_app.extensions["build"],
    )
    response.status_code = 200 if version is not None else 503
    response.headers["Cache-Control"] = "no-store"
    return response
