"""Whether the site works, for machines."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from directory.core.jobs import Backlog, backlog
from directory.initiatives.queries import corpus_version
from directory.web.database import session

blueprint = Blueprint("health", __name__)


@blueprint.get("/sante")
def show() -> Response:
    """200 when the database answers, 503 otherwise; a missing gazetteer or late mails are told but stop nothing."""
    version: int | None
    queue: Backlog | None
    try:
        version, queue = corpus_version(session()), backlog(session())
    except SQLAlchemyError:
        version, queue = None, None
    response = jsonify(
        status="ok" if version is not None else "unavailable",
        database="ok" if version is not None else "unavailable",
        gazetteer=_of_gazetteer(),
        corpus_version=version,
        jobs=_of_jobs(queue),
        mail="server" if current_app.extensions["settings"].mail_url else "files",
        build=current_app.extensions["build"],
    )
    response.status_code = 200 if version is not None else 503
    response.headers["Cache-Control"] = "no-store"
    return response


def _of_gazetteer() -> str:
    """ "missing" when no file was built, "damaged" when it cannot be read: places are then typed and pinned by hand."""
    if current_app.extensions["gazetteer"] is not None:
        return "ok"
    return "damaged" if current_app.extensions["settings"].gazetteer.exists() else "missing"


def _of_jobs(queue: Backlog | None) -> str:
    """ "late" when no worker takes what is due, "failed" when a job waits for somebody."""
    if queue is None:
        return "unavailable"
    if queue.late:
        return "late"
    return "failed" if queue.failed else "ok"
