"""What any request must pass before a view sees it: a readable address, a body of reasonable size, an identifier."""

from __future__ import annotations

import re
import secrets
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask, Response, abort, current_app, g, request

from config import Settings
from directory.core.errors import BadFilter, InvalidText
from directory.core.text import clean_text

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
MAX_QUERY = 8_000
"""Bytes of a query string: some hundreds of filters, far more than any page writes."""


def init_app(app: Flask, settings: Settings) -> None:
    """Number each request, then refuse what is not for this site and what nobody could read."""
    app.extensions["hosts"] = settings.hosts
    app.before_request(_number)
    app.before_request(_check_host)
    app.before_request(_check_address)
    app.before_request(_check_body)
    app.after_request(_tell_number)


def query_text(name: str, limit: int) -> str:
    """The first value of a query parameter, cleaned ("" when absent); raises BadFilter when it cannot be kept."""
    try:
        return clean_text(request.args.get(name, ""), limit)
    except InvalidText as error:
        raise BadFilter(name, error.message) from error


def _number() -> None:
    g.request_id = secrets.token_hex(6)


def _tell_number(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    return response


def _check_host() -> None:
    """400 on a name that is not ours: links and caches would repeat it. Own check: Flask's knows no IPv6 address."""
    host = request.headers.get("Host", "")
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        abort(400)
    if host and name not in current_app.extensions["hosts"]:
        abort(400)


def _check_address() -> None:
    """400 on bytes that are not UTF-8 and on control characters, raw or percent-encoded."""
    raw = request.query_string
    if len(raw) > MAX_QUERY:
        abort(414)
    try:
        query = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        abort(400)
    # The server decoded the path already, each bad byte having become U+FFFD.
    if _CONTROLS.search(query) or _CONTROLS.search(request.path) or "\ufffd" in request.path:
        abort(400)


def _check_body() -> None:
    """413 before a byte of the body is read, when its announced length is too great."""
    limit = current_app.config["MAX_CONTENT_LENGTH"]
    if request.content_length is not None and request.content_length > limit:
        abort(413)
