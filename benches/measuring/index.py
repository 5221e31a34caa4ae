"""The index: what it weighs, how long it takes to load, how soon every worker knows of a publication."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from typing import Any

import brotli  # type: ignore[import-untyped]  # no hints

from measuring.figures import ROOT
from measuring.instances import Instance
from measuring.serving import Client, Site

PATIENCE = 60.0
"""Seconds after which a worker that was not told is not waited for any longer."""


def within(made: Instance, what: str, *words: str) -> dict[str, Any]:
    """Run `measuring.inside` as a program on an instance; what it printed, as soon as it printed it."""
    environment = made.environment | {"PYTHONPATH": f"{ROOT}:{ROOT / 'benches'}"}
    run = [sys.executable, "-m", "measuring.inside", what, *words]
    with (made.folder / "inside.log").open("wb") as log:
        process = subprocess.Popen(run, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    # It ends by itself a moment later: a publication is known from its commit on.
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise SystemExit((made.folder / "inside.log").read_text("utf-8")[-3000:])
    told: dict[str, Any] = json.loads(line)
    return told


def freshness(made: Instance, site: Site) -> dict[str, float]:
    """Publish, then withdraw; seconds until each worker tells so, and the longest answer meanwhile (ms)."""
    published = within(made, "publish")
    appeared = _until_all(site, published["slug"], published["at"], is_there=True)
    withdrawn = within(made, "withdraw", published["slug"])
    gone = _until_all(site, published["slug"], withdrawn["at"], is_there=False)
    return {
        "published": appeared[0],
        "withdrawn": gone[0],
        "longest": max(appeared[1], gone[1]),
        "publishing": published["ms"],
    }


def _until_all(site: Site, slug: str, since: float, *, is_there: bool) -> tuple[float, float]:
    """Ask for the newest of the list on new connections until every worker agrees."""
    waiting, longest, client = set(site.workers()), 0.0, Client(site.port)
    while waiting:
        client = client.fresh()
        answer = client.get("/carte/liste?tri=recent")
        longest = max(longest, answer.client_ms)
        if (slug.encode() in opened(answer.body, answer.encoding)) is is_there:
            waiting.discard(answer.worker)
        if time.time() - since > PATIENCE:
            raise SystemExit(f"workers {waiting} do not know after {PATIENCE:.0f} s")
    return time.time() - since, longest


def opened(body: bytes, encoding: str) -> bytes:
    """The bytes of an answer, uncompressed."""
    if encoding == "br":
        opened: bytes = brotli.decompress(body)
        return opened
    if encoding == "gzip":
        return gzip.decompress(body)
    return body
