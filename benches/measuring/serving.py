"""A site on loopback, through gunicorn, and a client that asks it."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measuring.figures import ROOT
from measuring.instances import BIN, Instance

TIMEOUT = 300
THREADS = 4


@dataclass(frozen=True)
class Answer:
    """One answer: what came, the time of the server, of its processor, of the client (ms), which worker gave it."""

    status: int
    body: bytes
    server_ms: float
    processor_ms: float
    client_ms: float
    worker: int
    encoding: str
    head_ms: float
    """Until the head of the answer came."""
    tag: str


class Client:
    """One connection kept open, as a browser has; `fresh` opens another, which any worker may answer."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)

    def get(self, path: str, **headers: str) -> Answer:
        """Ask once; compressed answers are not opened. Another server tells no time of its own: nan."""
        start = time.perf_counter()
        self.connection.request("GET", path, headers={"Accept-Encoding": "br, gzip"} | headers)
        answer = self.connection.getresponse()
        first = (time.perf_counter() - start) * 1000
        body = answer.read()
        spent = (time.perf_counter() - start) * 1000
        told = re.findall(r"dur=([0-9.]+)", answer.getheader("Server-Timing") or "") or ("nan", "nan")
        return Answer(
            status=answer.status,
            body=body,
            server_ms=float(told[0]),
            processor_ms=float(told[1]),
            client_ms=spent,
            worker=int(answer.getheader("X-Worker") or 0),
            encoding=answer.getheader("Content-Encoding") or "",
            head_ms=first,
            tag=answer.getheader("ETag") or "",
        )

    def fresh(self) -> Client:
        """The same with another connection."""
        self.connection.close()
        return Client(self.port)


@dataclass(frozen=True)
class Site:
    """A running site: its port, its workers, the log of its answers."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        """The numbers of the processes that answer."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(number) for number in path.read_text().split()]

    def memory_mb(self) -> list[float]:
        """The memory of each worker that no other process shares, in megabytes."""
        return [_private(worker) for worker in self.workers()]

    def answers(self) -> list[dict[str, Any]]:
        """What was answered since the last call, static files and what the map's own worker asks included."""
        lines = self.log.read_text("utf-8").splitlines() if self.log.exists() else []
        self.log.write_text("")
        return [json.loads(line) for line in lines]


def _private(process: int) -> float:
    text = Path(f"/proc/{process}/smaps_rollup").read_text()
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Private_")) / 1024


@contextmanager
def serve(made: Instance, *, workers: int = 1) -> Iterator[Site]:
    """Serve an instance until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    log = made.folder / "answers.log"
    log.write_text("")
    environment = made.environment | {
        "DIRECTORY_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "BENCH_LOG": str(log),
        "PYTHONPATH": f"{ROOT}:{ROOT / 'benches'}",
    }
    bind = f"127.0.0.1:{port}"
    run = [str(BIN / "gunicorn"), "-w", str(workers), "-k", "gthread", "--threads", str(THREADS), "-b", bind]
    run += ["--no-control-socket", "--timeout", str(TIMEOUT), "measuring.watched:app"]
    with (made.folder / "gunicorn.log").open("wb") as output:
        process = subprocess.Popen(run, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True)
    try:
        site = Site(port, process, log)
        _wait(site, workers)
        yield site
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _wait(site: Site, workers: int) -> None:
    """Until every worker has answered."""
    seen: set[int] = set()
    deadline = time.monotonic() + TIMEOUT
    while len(seen) < workers:
        if site.process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"the site did not start, see {site.log.parent / 'gunicorn.log'}")
        try:
            seen.add(Client(site.port).get("/carte/flux?niveau=0").worker)
        except OSError:
            time.sleep(0.2)
