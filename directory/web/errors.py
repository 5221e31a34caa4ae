"""Errors in French: a page for people, a problem document (RFC 9457) for programs; never a trace of the code."""

from __future__ import annotations

import json
import logging

from flask import Flask, Response, g, make_response, render_template, request
from markupsafe import escape
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from directory.core.errors import DirectoryError
from directory.web.typed import is_words, words_typed

log = logging.getLogger(__name__)

MACHINE_ENDPOINTS = frozenset(
    {
        "directory.csv",
        "directory.geojson",
        "directory.xlsx",
        "geocoding.further",
        "geocoding.suggestions",
        "health.show",
        "map.flows_json",
        "map.listing",
        "nearby.around",
        "syndication.feed",
        "syndication.territory",
        "suggestions.show",
    }
)
"""Endpoints read by programs: their errors are problem documents."""

MESSAGES = {
    400: ("Adresse ou saisie incomprise", "Cette adresse contient une valeur que le site ne sait pas lire."),
    403: ("Accès refusé", "Cette page n’est pas ouverte à votre compte."),
    404: ("Page introuvable", "Cette page n’existe pas, ou elle a changé d’adresse."),
    405: ("Action impossible ici", "Cette page ne permet pas cette action."),
    408: ("Attente trop longue", "La demande a mis trop de temps à arriver. Réessayez."),
    409: ("Déjà traité", "Quelqu’un a changé cette page entre-temps. Rechargez-la avant de recommencer."),
    410: ("Page retirée", "Cette page a été retirée. Elle ne reviendra pas à cette adresse."),
    413: ("Envoi trop lourd", "Ce que vous envoyez dépasse la taille acceptée."),
    414: ("Adresse trop longue", "Cette adresse est trop longue."),
    415: ("Format non accepté", "Ce format n’est pas accepté ici."),
    422: ("Saisie à corriger", "Certaines réponses sont à corriger."),
    429: ("Trop de demandes", "Trop de demandes en peu de temps. Patientez une minute, puis réessayez."),
    500: ("Erreur du site", "Une erreur est survenue de notre côté. Elle a été enregistrée."),
    503: ("Site momentanément indisponible", "Le site reprend son souffle. Réessayez dans un instant."),
}
RETRY_AFTER_SECONDS = "30"


def init_app(app: Flask) -> None:
    """Answer every error: expected, of HTTP, of the database, or unforeseen."""
    app.jinja_env.tests["words"] = is_words
    app.register_error_handler(DirectoryError, _answer_directory_error)
    app.register_error_handler(HTTPException, _answer_http_error)
    for unavailable in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(unavailable, _answer_unavailable)
    if not app.debug:  # where the settings allow it, the debugger shows the fault instead
        app.register_error_handler(Exception, _answer_unforeseen)


def problem(status: int, detail: str, title: str | None = None) -> Response:
    """A problem document: {"title", "detail", "status"}, the detail being a French sentence."""
    body = {"title": title or _words(status)[0], "detail": detail, "status": status}
    response = make_response(json.dumps(body, ensure_ascii=False), status)
    response.headers["Content-Type"] = "application/problem+json"
    return response


def wants_problem() -> bool:
    """The client is a program: by the address it asked for, or because it accepts JSON and not HTML."""
    accepted = request.accept_mimetypes
    return request.endpoint in MACHINE_ENDPOINTS or (accepted.accept_json and not accepted.accept_html)


def error_answer(status: int, message: str | None = None) -> Response:
    """The page or the problem document of a status, with a message or the usual one."""
    title, usual = _words(status)
    if wants_problem():
        answer = problem(status, message or usual, title)
    else:
        answer = make_response(_page(status, title, message or usual), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _words(status: int) -> tuple[str, str]:
    return MESSAGES.get(status) or MESSAGES[500 if status >= 500 else 400]


def _page(status: int, title: str, message: str) -> str:
    """The error page, with the words that a form of ours brought; a bare one when the page itself cannot be drawn."""
    context = {"status": status, "title": title, "message": message, "request_id": g.get("request_id", "")}
    try:
        return render_template("errors/error.html", **context, typed=words_typed())
    except Exception:
        log.exception("the error page could not be drawn")
        return (
            '<!doctype html><html lang="fr"><meta charset="utf-8">'
            f"<title>{escape(title)}</title><h1>{escape(title)}</h1><p>{escape(message)}</p>"
        )


def _answer_directory_error(error: DirectoryError) -> Response:
    return error_answer(error.status, error.message)


def _answer_http_error(error: HTTPException) -> Response:
    """Keep redirects, prepared responses and headers such as Allow; the words are ours."""
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    answer = error_answer(error.code)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


def _answer_unavailable(error: Exception) -> Response:
    log.error("the database does not answer", exc_info=error)
    answer = error_answer(503)
    answer.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return answer


def _answer_unforeseen(error: Exception) -> Response:
    log.error("unforeseen error", exc_info=error)
    return error_answer(500)
