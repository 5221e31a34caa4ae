"""Measure the map: what its server answers, what its index weighs, what its page costs; write docs/measures/map.md.

    script/bench map [--sizes 12000,100000] [--postgres URL] [--only server,index,weight,browser] [--output FILE]

Instances are filled once, in .cache/bench/SIZE, by `flask demo generate`. Figures say how loaded it was.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from measuring import browser, flows, index
from measuring.figures import ROOT, calibration, load, machine, say, table, thousands
from measuring.instances import Instance, instance
from measuring.serving import serve

OUTPUT = ROOT / "docs" / "measures" / "map.md"
NOTES = ROOT / "docs" / "measures" / "map-notes.md"
PARTS = ("server", "index", "weight", "browser")
LOADS, WORKERS = 3, 2
GOAL_KB = 220
HEAVIEST = 12


def server(made: Instance) -> list[str]:
    """Times and weights of `/carte/flux`, one worker, one client."""
    with serve(made) as site:
        before = load()
        asked = flows.ask(site.port)
        memory = site.memory_mb()[0]
    rows = [one.row() for one in (*asked, flows.everything(asked))]
    slowest = max(asked, key=lambda one: one.slowest[0])
    return [
        *table(flows.HEAD, rows),
        f"The longest: `{slowest.slowest[1]}`. Memory of the worker alone after it all: {memory:.0f} MB."
        f" Load {before} before, {load()} after.",
        "",
    ]


def of_index(made: Instance) -> list[str]:
    """What the index weighs, how long it loads, how soon it is up to date."""
    before = load()
    weighed = index.within(made, "weigh")
    loads = [index.within(made, "load") for _ in range(LOADS)]
    with serve(made, workers=WORKERS) as site:
        fresh = [index.freshness(made, site) for _ in range(LOADS)]
    links, size = weighed["links"], weighed["bytes"]
    rows = [
        ("initiatives, links", f"{thousands(weighed['initiatives'])}, {thousands(links)}"),
        ("columns (numpy), bytes a link", f"{weighed['arrays'] / links:.0f}"),
        (
            "all that the index keeps (names and lists included), bytes a link",
            f"{size / links:.0f} ({size / 1e6:.1f} MB)",
        ),
        ("most while loading", f"{weighed['peak'] / 1e6:.0f} MB"),
        ("load, s: median", f"{statistics.median(one['seconds'] for one in loads):.2f}"),
        ("load, s of processor: median", f"{statistics.median(one['processor'] for one in loads):.2f}"),
        (
            f"publication known to {WORKERS} workers, s (worst of {LOADS})",
            f"{max(one['published'] for one in fresh):.2f}",
        ),
        (f"withdrawal known to {WORKERS} workers, s", f"{max(one['withdrawn'] for one in fresh):.2f}"),
        ("longest list answered meanwhile, ms", f"{max(one['longest'] for one in fresh):.0f}"),
        ("publishing itself, ms", f"{statistics.median(one['publishing'] for one in fresh):.0f}"),
    ]
    return [*table(("index", ""), rows), f"Load {before} before, {load()} after.", ""]


def weight(made: Instance) -> list[str]:
    """The first visit, by kind."""
    with serve(made) as site:
        weighed = browser.weigh(site)
    rows = [(kind, count, f"{size / 1000:.1f}", f"{head / 1000:.1f}") for kind, size, head, count in weighed.kinds]
    bodies, heads = sum(size for _, size, _, _ in weighed.kinds), sum(head for _, _, head, _ in weighed.kinds)
    answers = sum(count for _, _, _, count in weighed.kinds)
    rows.append(("**all**", answers, f"**{bodies / 1000:.1f}** (goal {GOAL_KB})", f"{heads / 1000:.1f}"))
    heaviest = ", ".join(f"`{path}` {size / 1000:.1f}" for path, size in weighed.files[:HEAVIEST])
    return [
        *table(("first visit of `/carte`, empty cache", "answers", "kB compressed", "kB of heads"), rows),
        f"The heaviest, kB: {heaviest}.",
        "",
    ]


def in_browser(made: Instance) -> list[str]:
    """Drawing and panning, both profiles."""
    before = load()
    with serve(made) as site:
        seen = browser.visit(site)
    rows = [one.row(name) for name, one in seen.items()]
    return [
        *table(browser.HEAD, rows),
        f"{browser.ROUNDS} first visits of each; the heap is the page's, without its worker."
        f" Load {before} before, {load()} after.",
        "",
    ]


MEASURES = {"server": server, "index": of_index, "weight": weight, "browser": in_browser}


def main() -> None:
    """Measure each size and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="12000,100000", help="sheets, separated by commas")
    parser.add_argument("--postgres", default="", help="URL of a PostGIS server where databases may be made")
    parser.add_argument("--only", default=",".join(PARTS), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    given = parser.parse_args()
    engine = "PostGIS" if given.postgres else "SpatiaLite"
    lines = [
        "# The map, measured",
        "",
        f"Written by `script/bench map` on {dt.datetime.now(dt.UTC):%Y-%m-%d at %H:%M} UTC; {machine()}; {engine},"
        f" gunicorn on loopback, one worker of four threads unless said. One fixed loop: {calibration():.0f} ms.",
        "",
    ]
    for size in (int(number) for number in given.sizes.split(",")):
        say(f"{thousands(size)}: the instance")
        made = instance(size, given.postgres)
        lines += [f"## {thousands(size)} sheets", ""]
        note = made.folder / "generated.txt"
        if note.exists():
            lines += [f"`flask demo generate`: {note.read_text('utf-8')}.", ""]
        for part in given.only.split(","):
            say(f"{thousands(size)}: {part}")
            lines += MEASURES[part](made)
            given.output.write_text("\n".join(lines), "utf-8")  # a later part may fail
    if NOTES.exists() and given.output == OUTPUT:
        lines += [NOTES.read_text("utf-8").rstrip(), ""]
    given.output.write_text("\n".join(lines), "utf-8")
    say(f"written: {given.output}")


if __name__ == "__main__":
    main()
