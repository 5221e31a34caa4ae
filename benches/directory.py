"""Measure the directory: lists, search, suggestions, sheets, exports, at three sizes; write docs/measures/directory.md.

    script/bench directory [--sizes 12000,100000] [--postgres URL] [--only pages,clients,exports,start] [--output FILE]
    script/bench directory --against URL    the same addresses on another server, after the instance of the first size

Instances are filled once, in .cache/bench/SIZE, by `flask demo generate`. Figures say how loaded the machine was.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import random
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))

from measuring import exports, index, visits
from measuring.figures import ROOT, calibration, load, machine, percentile, say, table, thousands
from measuring.instances import Instance, instance
from measuring.serving import Client, serve

OUTPUT = ROOT / "docs" / "measures" / "directory.md"
NOTES = ROOT / "docs" / "measures" / "directory-notes.md"
PARTS = ("pages", "clients", "exports", "start")
NUMBER, WARMING, SHEETS, ROUNDS, WORKERS = 120, 12, 400, 3, 2
CLIENTS = (1, 4, 16)
LIBRARIES = ("flask", "sqlalchemy", "numpy", "gunicorn", "jinja2")


def _drawn(port: int, number: int, seed: int) -> dict[str, list[str]]:
    client = Client(port)
    rng = random.Random(seed)  # noqa: S311  # nothing is protected by it
    return visits.kinds(rng, visits.words(client), visits.slugs(client, SHEETS), number)


_P95: dict[str, dict[int, float]] = {}
"""Of each kind of page, the p95 of the server by size."""


def pages(made: Instance) -> list[str]:
    """Times and weights of the pages, one worker, one client."""
    with serve(made) as site:
        warmed = _drawn(site.port, WARMING, 8)
        visits.visit(site.port, warmed)
        before, drawn = load(), _drawn(site.port, NUMBER, 7)
        drawn = {name: [path for path in some if path not in warmed[name]] for name, some in drawn.items()}
        asked = visits.visit(site.port, drawn)
        asked.append(visits.unchanged(site.port, [path for some in drawn.values() for path in some[:20]]))
        memory = site.memory_mb()[0]
    for one in asked:
        _P95.setdefault(one.name, {})[made.size] = percentile(one.server, 0.95)
    slowest = max(asked, key=lambda one: one.slowest[0])
    return [
        *table(visits.HEAD, [one.row_at(made.size) for one in asked]),
        f"The longest, {slowest.slowest[0]:.0f} ms: `{slowest.slowest[1]}`. Memory of the worker alone after it all:"
        f" {memory:.0f} MB (goal 280 at 100,000). Load {before} before, {load()} after.",
        "",
    ]


def clients(made: Instance) -> list[str]:
    """Several clients at once on two workers, every kind of address mixed."""
    with serve(made, workers=WORKERS) as site:
        before = load()
        rows = []
        for number in CLIENTS:
            drawn = _drawn(site.port, NUMBER, 20 + number)
            mixed = [path for some in drawn.values() for path in some]
            random.Random(number).shuffle(mixed)  # noqa: S311  # nothing is protected by it
            rows.append(visits.together(site.port, mixed, number).row())
    return [
        *table(visits.TOGETHER, rows),
        f"Two workers of four threads, the clients on the same two cores. Load {before} before, {load()} after.",
        "",
    ]


def of_exports(made: Instance) -> list[str]:
    """The whole corpus as files, then how soon a publication is seen."""
    with serve(made) as site:
        Client(site.port).get("/initiatives")
        rows = [
            exports.export(site, suffix, encoding=encoding).row()
            for suffix, encoding in [*((one, "identity") for one in exports.FORMATS), ("csv", "gzip")]
        ]
    with serve(made, workers=WORKERS) as site:
        fresh = [index.freshness(made, site) for _ in range(ROUNDS)]
    seen = max(one["published"] for one in fresh), max(one["withdrawn"] for one in fresh)
    return [
        *table(exports.HEAD, rows),
        f"A publication was seen on {WORKERS} workers after {seen[0]:.2f} s at most, a withdrawal after {seen[1]:.2f} s"
        f" (goal 2 s; {ROUNDS} of each). Load {load()} after.",
        "",
    ]


def start(made: Instance) -> list[str]:
    """Importing the application, with compiled bytecode."""
    spent = []
    environment = {name: value for name, value in made.environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(ROUNDS + 2):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import wsgi"], cwd=ROOT, env=environment, check=True)
        spent.append(time.perf_counter() - begun)
    return [
        f"Starting Python and importing the application: {statistics.median(spent):.2f} s, median of {len(spent)}"
        f" (goal 2 s). Load {load()}.",
        "",
    ]


MEASURES = {"pages": pages, "clients": clients, "exports": of_exports, "start": start}


def growth() -> list[str]:
    """How much more a page costs when the corpus grows."""
    sizes = sorted({size for by_size in _P95.values() for size in by_size})
    if len(sizes) < 2:
        return []
    steps = list(itertools.pairwise(sizes))
    head = ["p95 of the server, from a size to the next", *(f"corpus × {b / a:.1f}" for a, b in steps)]
    rows = [[name, *(f"× {by_size[b] / by_size[a]:.1f}" for a, b in steps)] for name, by_size in _P95.items()]
    return ["## Growth", "", *table(head, rows)]


def against(made: Instance, url: str) -> list[str]:
    """The same addresses on another server of this machine, asked in turn with ours."""
    parts = urlsplit(url)
    if parts.hostname not in ("127.0.0.1", "localhost") or parts.port is None:
        raise SystemExit("the other server must be on loopback, with its port")
    rows = []
    with serve(made) as site:
        drawn = _drawn(site.port, NUMBER, 7)
        for name, some in drawn.items():
            ours, theirs = visits.Visited(f"{name}, ours"), visits.Visited(f"{name}, {url}")
            mine, other = Client(site.port), Client(parts.port)
            for path in some:
                ours.add(path, mine.get(path))
                theirs.add(path, other.get(path))
            rows += [ours.row_at(made.size), theirs.row_at(made.size)]
    return table(visits.HEAD, rows)


def main() -> None:
    """Measure each size and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="12000,100000", help="sheets, separated by commas")
    parser.add_argument("--postgres", default="", help="URL of a PostGIS server where databases may be made")
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--against", default="", help="another server on loopback that answers the same addresses")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    given = parser.parse_args()
    engine = "PostGIS" if given.postgres else "SpatiaLite"
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    lines = [
        "# The directory, measured",
        "",
        f"Written by `script/bench directory` on {dt.datetime.now(dt.UTC):%Y-%m-%d at %H:%M} UTC; {machine()};"
        f" {versions}; {engine}, gunicorn on loopback, one worker of four threads and one client unless said."
        f" One fixed loop: {calibration():.0f} ms.",
        "",
    ]
    for size in (int(number) for number in given.sizes.split(",")):
        say(f"{thousands(size)}: the instance")
        made = instance(size, given.postgres)
        lines += [f"## {thousands(size)} sheets, {engine}", ""]
        if given.against:
            lines += against(made, given.against)
            break
        for part in given.only.split(","):
            say(f"{thousands(size)}: {part}")
            lines += MEASURES[part](made)
            given.output.write_text("\n".join(lines), "utf-8")  # a later part may fail
    lines += growth()
    if NOTES.exists() and given.output == OUTPUT:
        lines += [NOTES.read_text("utf-8").rstrip(), ""]
    given.output.write_text("\n".join(lines), "utf-8")
    say(f"written: {given.output}")


if __name__ == "__main__":
    main()
