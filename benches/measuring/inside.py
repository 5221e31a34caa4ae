"""What is measured inside a process of its own, on the instance of its environment.

    python -m measuring.inside load|weigh|publish|withdraw SLUG

Prints one line of JSON.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import sys
import time
import tracemalloc
from dataclasses import replace
from typing import Any

import numpy as np
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import config
from directory import create_app
from directory.accounts.queries import get_account
from directory.demo import generation, places
from directory.demo.prose import Prose
from directory.initiatives import operations
from directory.initiatives.models import Anchor, Initiative
from directory.initiatives.queries import get_initiative
from directory.networks import operations as networks
from directory.networks.queries import network_in_charge
from measuring.figures import ROOT


def _load(session: Session, corpus: Any) -> dict[str, Any]:
    start, begun = time.perf_counter(), time.process_time()
    corpus.current(session)
    return {"seconds": time.perf_counter() - start, "processor": time.process_time() - begun}


def _weigh(session: Session, corpus: Any) -> dict[str, Any]:
    initiatives = (
        session.scalar(select(func.count()).select_from(Initiative).where(Initiative.state == "published")) or 0
    )
    anchors = session.scalar(select(func.count()).select_from(Anchor)) or 0
    gc.collect()
    tracemalloc.start()
    loaded = corpus.current(session)
    peak = tracemalloc.get_traced_memory()[1]
    session.expunge_all()
    gc.collect()
    kept = tracemalloc.get_traced_memory()[0]
    arrays = sum(array.nbytes for array in _arrays(loaded))
    return {"bytes": kept, "peak": peak, "arrays": arrays, "initiatives": initiatives, "links": anchors - initiatives}


def _arrays(root: Any) -> list[Any]:
    """Every numpy array that an object holds, each once."""
    found: dict[int, Any] = {}
    waiting, seen = [root], set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, np.ndarray):
            found[id(one)] = one
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list | tuple):
            waiting += [item for item in one[:1000] if not isinstance(item, str | int | float)]
        elif type(one).__module__.startswith("directory.initiatives") and hasattr(one, "__dict__"):
            waiting += [value for value in vars(one).values() if not isinstance(value, Session)]
    return list(found.values())


def _publish(session: Session, app: Flask) -> dict[str, Any]:
    """Through the operations, as a curator does; the time of the commit."""
    data = ROOT / "data"
    drawn = places.read(session, app.extensions["settings"].gazetteer, data)
    told = next(iter(generation.Teller(Prose.read(data), drawn, time.time_ns()).batch(0, 1)))
    content = replace(told.content, title=f"Un lien de plus, {dt.datetime.now(dt.UTC):%H %M %S}")
    author = get_account(session, generation.AUTHOR)
    networks.appoint(session, author, network_in_charge(session, content.here[0].keys))
    start = time.perf_counter()
    revision = operations.record_revision(session, content, author=author, initiative=None)
    initiative = operations.publish(session, revision, actor=author, agrees_to_place=told.agrees_to_place)
    session.commit()
    return {"slug": initiative.slug, "at": time.time(), "ms": (time.perf_counter() - start) * 1000}


def _withdraw(session: Session, slug: str) -> dict[str, Any]:

    operations.withdraw(session, get_initiative(session, slug), actor=get_account(session, generation.AUTHOR))
    session.commit()
    return {"at": time.time()}


def main() -> None:
    """Measure what the first word says and print it as JSON."""

    app = create_app(config.load())
    what, words = sys.argv[1], sys.argv[2:]
    with app.app_context(), app.extensions["sessions"]() as session:
        if what in ("load", "weigh"):
            session.connection(execution_options={"readonly": True})
            told = {"load": _load, "weigh": _weigh}[what](session, app.extensions["corpus"])
        else:
            told = _publish(session, app) if what == "publish" else _withdraw(session, words[0])
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
