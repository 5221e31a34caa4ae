"""Public answers that a browser keeps and asks about again: an ETag, and 304 without doing the work twice.

The ETag holds all that the answer depends on. Nothing is purged, nothing is kept without asking:
what is withdrawn disappears at the next request. A worker keeps its last answers under the same tag, compressed as
they left: the second reader of a page waits for no template.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cachetools import LRUCache
from flask import Flask, Response, current_app, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import Headers

from config import Settings
from directory.core.time import utcnow

MAX_KEPT_BYTES = 16 << 20
"""Of all the answers that a worker keeps: some fourteen hundred pages, at 12 kB a list and 7 kB a sheet."""
MAX_ANSWER_BYTES = 64 << 10
_OVERHEAD_BYTES = 1500
"""Of a kept answer beside its body: its headers and its place."""
_BUILT_FROM = ("directory/**/*.py", "templates/**/*.*", "static/css/*.css", "static/js/**/*.js")


@dataclass(frozen=True)
class Kept:
    """An answer as its view gave it, with its body as it was compressed."""

    body: bytes
    headers: Headers
    encoding: str | None


class Answers:
    """The last answers that a worker gave; those that were asked for least recently leave first."""

    def __init__(self) -> None:
        self._kept: LRUCache[tuple[str, str], Kept] = LRUCache(MAX_KEPT_BYTES, _weight)
        self._lock = threading.Lock()

    def get(self, key: tuple[str, str]) -> Kept | None:
        """The answer to a tag and to what the client reads; None when it is not kept."""
        with self._lock:
            return self._kept.get(key)

    def keep(self, key: tuple[str, str], kept: Kept) -> None:
        """Keep an answer, unless it is too heavy."""
        if len(kept.body) <= MAX_ANSWER_BYTES:
            with self._lock:
                self._kept[key] = kept


def _weight(kept: Kept) -> int:
    return len(kept.body) + _OVERHEAD_BYTES


def init_app(app: Flask, settings: Settings) -> None:
    """Name this build; while debugging nothing is kept, since templates change under a running process."""
    root = Path(app.root_path).parent
    app.extensions["build"] = build_of(root)
    # Pages name the publisher and the host: other settings are another edition. Secrets are not in their repr.
    app.extensions["edition"] = f"{app.extensions['build']} {settings!r}"
    app.extensions["keeps_answers"] = not settings.debug
    app.extensions["answers"] = Answers()
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
    answers: Answers = current_app.extensions["answers"]
    key = tag, request.headers.get("Accept-Encoding", "")
    kept = answers.get(key)
    if kept is not None:
        return _again(kept)
    response = make_response(render())
    if response.status_code != 200:
        return response
    _keep_later(answers, key, _public(response, tag))
    return response


def _keep_later(answers: Answers, key: tuple[str, str], response: Response) -> None:
    """Keep an answer once it has left, when it is whole and turned out to be for everybody."""
    given, is_whole = response.headers.copy(), request.method == "GET" and not response.is_streamed

    def keep() -> None:
        is_private = "Set-Cookie" in response.headers or "cookie" in response.vary
        if is_whole and not is_private:
            answers.keep(key, Kept(response.get_data(), given, response.headers.get("Content-Encoding")))

    response.call_on_close(keep)


def _again(kept: Kept) -> Response:
    response = Response(kept.body, headers=kept.headers.copy())
    if kept.encoding:
        response.headers["Content-Encoding"] = kept.encoding
    return response


def _public(response: Response, tag: str) -> Response:
    response.set_etag(tag, weak=True)  # weak: compression changes the bytes, not the meaning
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _tag(version: int | str) -> str:
    parameters = sorted(request.args.items(multi=True))
    day: dt.date = utcnow().date()
    parts = (current_app.extensions["edition"], version, "fr", day.isoformat(), request.path, parameters)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]
