"""Public answers that a browser keeps and asks about again: an ETag, and 304 without doing the work twice.

The ETag holds all that the answer depends on. Nothing is purged, nothing is kept without asking:
what is withdrawn disappears at the next request.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, current_app, make_response, request
from flask.typing import ResponseReturnValue

from config import Settings
from directory.core.time import utcnow

_BUILT_FROM = ("directory/**/*.py", "templates/**/*.*", "static/css/*.css", "static/js/**/*.js")


def init_app(app: Flask, settings: Settings) -> None:
    """Name this build; while debugging nothing is kept, since templates change under a running process."""
    root = Path(app.root_path).parent
    app.extensions["build"] = build_of(root)
    # Pages name the publisher and the host: other settings are another edition. Secrets are not in their repr.
    app.extensions["edition"] = f"{app.extensions['build']} {settings!r}"
    app.extensions["keeps_answers"] = not settings.debug
    app.jinja_env.globals["build"] = app.extensions["build"]


def build_of(root: Path) -> str:
    """Twelve hexadecimal digits that change with any file of the code, the templates, the styles or the scripts."""
    digest = hashlib.sha256()
    for pattern in _BUILT_FROM:
        for path in sorted(root.glob(pattern)):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def public_answer(version: int | str, render: Callable[[], ResponseReturnValue]) -> Response:
    """The answer of `render`, or 304 without calling it when the client already has the same one.

    `version` is the corpus version, or whatever else the answer depends on beside the address, the build and the day.
    Only an answer of status 200 gets the ETag.
    """
    if not current_app.extensions["keeps_answers"]:
        return make_response(render())
    tag = _tag(version)
    if request.if_none_match.contains_weak(tag):
        return _public(Response(status=304), tag)
    response = make_response(render())
    return _public(response, tag) if response.status_code == 200 else response


def _public(response: Response, tag: str) -> Response:
    response.set_etag(tag, weak=True)  # weak: compression changes the bytes, not the meaning
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _tag(version: int | str) -> str:
    parameters = sorted(request.args.items(multi=True))
    day: dt.date = utcnow().date()
    parts = (current_app.extensions["edition"], version, "fr", day.isoformat(), request.path, parameters)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]
