"""What a message may be, and how long it stays."""

from __future__ import annotations

import datetime as dt

from directory.core.errors import DirectoryError

KEPT = dt.timedelta(days=30)
"""Time enough for a mail that could not leave to be sent again and for a complaint to be looked into; no longer,
since a message is a correspondence between two people and the directory has no use for it."""
A_DAY = dt.timedelta(days=1)
MESSAGES_A_DAY = 5
"""From one address to all structures: anybody can type an address, and each message sends it a copy."""
MAX_NAME = 80
MAX_BODY = 4000
UNREACHABLE = (".test", ".invalid", ".example")
"""Ends of addresses that no mail reaches (RFC 2606): those of the demonstration's accounts, for one."""


class TooManyMessages(DirectoryError):
    """An address has written enough for today."""

    status = 429


def is_reachable(email: str) -> bool:
    """False for the addresses of the demonstration, to which no mail can leave."""
    return not email.lower().endswith(UNREACHABLE)
