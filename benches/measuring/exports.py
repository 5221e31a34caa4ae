"""The whole corpus as a file: when its first byte comes, how long it lasts, what the worker keeps meanwhile."""

from __future__ import annotations

import http.client
import threading
import time
from dataclasses import dataclass

from measuring.serving import TIMEOUT, Site

FORMATS = ("csv", "geojson")
EVERY = 0.05
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Export:
    """One file: ms to its first byte, seconds to its end, bytes on the wire, memory added at most (MB)."""

    name: str
    first_ms: float
    seconds: float
    size: int
    added_mb: float

    def row(self) -> list[str]:
        """The line of a table."""
        rate = f"{self.first_ms:.0f}", f"{self.seconds:.1f}", f"{self.size / 1e6:.1f}", f"+{self.added_mb:.0f}"
        return [self.name, *rate]


HEAD = ("everything, as", "first byte, ms (goal 200)", "whole, s", "MB on the wire", "MB added (goal 60)")


def export(site: Site, suffix: str, *, encoding: str = "identity") -> Export:
    """Download everything published, watching the worker."""
    before, highest = sum(site.memory_mb()), 0.0
    is_over = threading.Event()

    def look() -> None:
        nonlocal highest
        while not is_over.wait(EVERY):
            highest = max(highest, sum(site.memory_mb()))

    watcher = threading.Thread(target=look)
    watcher.start()
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=TIMEOUT)
    start = time.perf_counter()
    connection.request("GET", f"/initiatives.{suffix}", headers={"Accept-Encoding": encoding})
    answer = connection.getresponse()
    size = len(answer.read(1))
    first = (time.perf_counter() - start) * 1000
    while part := answer.read(1 << 16):
        size += len(part)
    spent = time.perf_counter() - start
    is_over.set()
    watcher.join()
    if answer.status != 200:
        raise SystemExit(f"the export answered {answer.status}")
    return Export(f"{suffix}, {encoding}", first, spent, size, max(0.0, highest - before))
