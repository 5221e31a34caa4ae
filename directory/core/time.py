"""The clock: instants are UTC and aware."""

from __future__ import annotations

import datetime as dt


def utcnow() -> dt.datetime:
    """The present instant, aware, in UTC."""
    return dt.datetime.now(dt.UTC)
