"""One JSON object a line: what happened, when, under which request; never who asked, what was searched, nor a token."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import time

from flask import Flask, Response, g, has_request_context, request
from flask.logging import wsgi_errors_stream

from config import Environment, Settings

log = logging.getLogger(__name__)
_SIGNED = re.compile(r"[\w-]{20,}\.[\w.-]*|[\w-]{121,}", re.ASCII)
"""A signed value, even cut or at a wrong address; the parts of our own addresses are shorter, or have no dot."""
_FIELDS = ("method", "path", "status", "milliseconds", "bytes")


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON, in UTC; JSON escapes line breaks, so no input can forge a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, object] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            line["request_id"] = g.get("request_id", "")
        line |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)


def init_app(app: Flask, settings: Settings) -> None:
    """Write the lines of the package on the standard error, and one at the end of each request.

    While developing they are plain lines, where a trace can be read.
    """
    is_developing = settings.environment is Environment.DEVELOPMENT
    formatter = logging.Formatter("%(levelname)s %(message)s") if is_developing else JsonFormatter()
    package = logging.getLogger("directory")
    if not package.handlers:
        package.addHandler(logging.StreamHandler(wsgi_errors_stream))  # type: ignore[call-overload]  # a proxy of a stream
    for handler in package.handlers:
        handler.setFormatter(formatter)
    package.setLevel(logging.INFO)
    app.before_request(_start_clock)
    app.after_request(_tell)


def _told_path() -> str:
    """The path less its tokens: who reads the log must not be able to use a mailed link."""
    if request.url_rule is not None and "<token>" in request.url_rule.rule:
        return request.url_rule.rule.replace("<token>", "…")
    return _SIGNED.sub("…", request.path)


def _start_clock() -> None:
    g.started = time.perf_counter()


def _tell(response: Response) -> Response:
    """The path without its query, which may hold what somebody searched; no address, no browser."""
    if request.endpoint != "static":
        path = _told_path()
        elapsed = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
        log.info(
            "%s %r %d",
            request.method,
            path,
            response.status_code,
            extra={
                "method": request.method,
                "path": path,
                "status": response.status_code,
                "milliseconds": round(elapsed, 1),
                "bytes": response.content_length,
            },
        )
    return response
