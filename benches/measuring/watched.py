"""The site as gunicorn serves it, telling of each answer its worker, its time and its bytes.

Time is from the first line of the application to the last byte handed over. Served as `measuring.watched:app`.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import wsgi

LOG = Path(os.environ["BENCH_LOG"])
StartResponse = Callable[..., Any]


class Watched:
    """A WSGI application around another."""

    def __init__(self, inner: Callable[[dict[str, Any], StartResponse], Iterable[bytes]]) -> None:
        self.inner = inner

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterator[bytes]:
        """The answer of the site, with the number of its worker in a header, and a line in the log at its end."""
        start, begun = time.perf_counter(), time.thread_time()
        told: dict[str, Any] = {"bytes": 0}

        def start_watched(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            told["status"] = int(status[:3])
            told["head"] = sum(len(name) + len(value) + 4 for name, value in headers) + len(status) + 11
            told["type"] = dict(headers).get("Content-Type", "").split(";")[0]
            spent, worked = (time.perf_counter() - start) * 1000, (time.thread_time() - begun) * 1000
            timing = ("Server-Timing", f"app;dur={spent:.3f}, cpu;dur={worked:.3f}")
            return start_response(status, [*headers, ("X-Worker", str(os.getpid())), timing], *rest)

        answer = self.inner(environ, start_watched)
        try:
            for part in answer:
                told["bytes"] += len(part)
                yield part
        finally:
            if hasattr(answer, "close"):
                answer.close()
            told |= {"path": environ["PATH_INFO"], "ms": (time.perf_counter() - start) * 1000, "worker": os.getpid()}
            with LOG.open("a", encoding="utf-8") as log:
                log.write(json.dumps(told) + "\n")


app = Watched(wsgi.app)
