"""How often one may ask: by address for visitors, by account for who has signed in.

Counts live in the memory of each worker process: with two workers, at most twice as much passes. That is enough to slow
guessing and flooding down; a shared store is a setting of the library when several machines serve the site.
"""

from __future__ import annotations

from flask import Flask, request
from flask import session as cookie
from flask_limiter import Limiter


def _who() -> str:
    """The account that the signed cookie names, or the address, as the proxies that we trust tell it."""
    account = cookie.get("_user_id")
    return f"account {account}" if account else address()


def address() -> str:
    """The address of the client: nothing that the client writes itself changes it."""
    return request.remote_addr or "unknown"


limiter = Limiter(_who, storage_uri="memory://", strategy="moving-window", headers_enabled=True)
"""`@limiter.limit("10 per minute")` on a door; over it, a 429 that says when to come back."""


def init_app(app: Flask) -> None:
    """Count, except in the tests of the project, where a test asks for it."""
    app.config.setdefault("RATELIMIT_ENABLED", not app.testing)
    limiter.init_app(app)
