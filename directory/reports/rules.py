"""What a report may hold, within which delays it is answered, how long the reporter's name is kept. Pure Python."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from directory.core.errors import DirectoryError
from directory.reports.vocabulary import Kind

A_DAY = dt.timedelta(days=1)
REPORTS_A_DAY = 5
"""From one address: anybody can type an address, and each report sends it a receipt."""
MAX_STATEMENT = 4000
MAX_NAME = 120
LINE = 80
"""Signs of a line: the law counts lines, a screen has none."""
SHORTEST_REPLY, LONGEST_REPLY = 50 * LINE, 200 * LINE

DUE = {
    Kind.DANGER: dt.timedelta(days=2),
    Kind.UNLAWFUL: dt.timedelta(days=7),
    Kind.INACCURATE: dt.timedelta(days=15),
    Kind.OTHER: dt.timedelta(days=15),
    Kind.REPLY: dt.timedelta(days=3),
}
"""Within which a first decision is owed."""
FINAL_DUE = dt.timedelta(days=30)
REPLY_WITHIN = dt.timedelta(days=90)
"""After a publication; a reply asked for later is taken in, and the desk is told of it."""
CONTEST_WITHIN = dt.timedelta(days=183)
FOLLOWED = dt.timedelta(days=5 * 366)
"""How long the link of a receipt opens."""


class TooManyReports(DirectoryError):
    """An address has reported enough for today."""

    status = 429


@dataclass(frozen=True)
class Notice:
    """A report as typed; who reports a danger may leave `name` and `email` empty."""

    kind: Kind | None
    part: str = ""
    statement: str = ""
    proposal: str = ""
    reply: str = ""
    signature: str = ""
    name: str = ""
    email: str = ""
    is_in_good_faith: bool = False


def reply_limit(texts: list[str]) -> int:
    """How many signs a reply may count: as many as the texts it answers, between 50 and 200 lines."""
    return min(max(sum(map(len, texts)), SHORTEST_REPLY), LONGEST_REPLY)
