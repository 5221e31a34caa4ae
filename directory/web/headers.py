"""Headers on every response, whoever made it: what protects the reader, and no keeping without asking again.

An answer that read or wrote a cookie is for one person: it is never kept, whatever its view says.

A WSGI layer rather than an after_request function: a failing after_request function would skip the following ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from flask import Flask, Response
from werkzeug.datastructures import Headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "manifest-src 'self'",
    )
)
"""No nonce: a page answered by 304 keeps its old headers, and a stale nonce would block its scripts."""

HEADERS = {
    "Cache-Control": "no-cache",  # asked about again, so that what is withdrawn disappears at once
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=(), payment=(), usb=()",
}
STRICT_TRANSPORT = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}


def framable(response: Response) -> Response:
    """Any site may frame this public answer."""
    return _with_policy(response, "frame-ancestors 'none'", "frame-ancestors *")


def framing(response: Response) -> Response:
    """This answer may frame our own pages."""
    return _with_policy(response, "frame-ancestors 'none'", "frame-ancestors 'none'; frame-src 'self'")


def showing_tiles(response: Response, origin: str) -> Response:
    """This page may show images of one other host; `origin` is its scheme and name."""
    return _with_policy(response, "img-src 'self' data:", f"img-src 'self' data: {origin}")


def _with_policy(response: Response, before: str, after: str) -> Response:
    if response.status_code == 304:
        return response  # what the page showed is not known here: it keeps the policy that it came with
    policy = response.headers.get("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers["Content-Security-Policy"] = policy.replace(before, after)
    return response


class SecureHeaders:
    """Adds to each response the headers that its view did not choose itself."""

    def __init__(self, application: WSGIApplication, headers: dict[str, str]) -> None:
        self.application = application
        self.headers = headers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer through the application, completing the headers it starts its response with."""

        def start(
            status: str,
            headers: list[tuple[str, str]],
            exc_info: tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None] | None = None,
        ) -> Any:
            completed = Headers(headers)
            if _is_private(completed):
                completed["Cache-Control"] = "no-store"
            for name, value in self.headers.items():
                # A page kept by the browser keeps the policy that it came with: 304 does not know which it was.
                if name != "Content-Security-Policy" or not status.startswith("304"):
                    completed.setdefault(name, value)
            completed.remove("Server")
            return start_response(status, completed.to_wsgi_list(), exc_info)

        return self.application(environ, start)


def _is_private(headers: Headers) -> bool:
    """The answer gives a cookie, or depends on one: Flask says so in Vary when the session was looked at."""
    depends_on = {name.strip().casefold() for name in ",".join(headers.getlist("Vary")).split(",")}
    return "Set-Cookie" in headers or "cookie" in depends_on


def init_app(app: Flask, *, strict_transport: bool) -> None:
    """Put the security headers around the application."""
    headers = HEADERS | STRICT_TRANSPORT if strict_transport else HEADERS
    app.wsgi_app = SecureHeaders(app.wsgi_app, headers)  # type: ignore[method-assign]  # the way Flask documents
