"""Measure the gazetteer beside what people would use instead; write docs/measures/geocoding.md.

    script/bench geocoding [--twins FILE.csv]

Builds the file once, in a temporary folder. ``--twins`` adds a list of twin towns (columns of jumelages_dev.csv).
"""

import argparse
import csv
import logging
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Any

from rapidfuzz import fuzz, process

from config import Environment, Settings
from directory import create_app
from directory.core.geography import distance_km
from directory.geocoding.evaluation import COMPARED, SIDES, Expected, Figures, ask, evaluate, read
from directory.geocoding.gazetteer import Gazetteer, open_gazetteer
from directory.geocoding.lineage import place_of
from directory.geocoding.places import Place, Verdict
from directory.geocoding.spelling import compact, fold
from directory.geocoding.store import Store
from directory.reference.keys import Side

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "data" / "geocoding" / "gold_dev.csv"
OUTPUT = ROOT / "docs" / "measures" / "geocoding.md"
SAMPLE, SEED, FAR_KM = 60, 1, 50.0
Baseline = Callable[[str, Side], list[Place]]

BUILDER = """
import resource, sys, time
from pathlib import Path
from directory.geocoding.build import build
start = time.perf_counter()
build(Path(sys.argv[1]), Path("data"), lambda step: None)
own, child = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
cpu = own.ru_utime + own.ru_stime + child.ru_utime + child.ru_stime
print(time.perf_counter() - start, cpu, own.ru_maxrss / 1024, child.ru_maxrss / 1024)
"""


def say(text: str) -> None:
    """Tell what is being measured."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def build(path: Path) -> str:
    """Build the file in a process of its own; return a line of the table."""
    done = subprocess.run(
        [sys.executable, "-c", BUILDER, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    wall, cpu, own, child = map(float, done.stdout.split())
    return (
        f"{wall:.0f} s of wall time, {cpu:.0f} s of processor; {own:.0f} MB at most in the first process,"
        f" {child:.0f} MB in the second (mostly pages they share); file {path.stat().st_size / 1e6:.1f} MB"
    )


def exact_name(store: Store) -> Baseline:
    """The folded name, the largest population first."""

    def find(query: str, side: Side) -> list[Place]:
        rows = [row for row in store.places(p for p, _ in store.exact(compact(query))).values() if row.is_on(side)]
        return [place_of(row, store) for row in sorted(rows, key=lambda row: -row.population)[:COMPARED]]

    return find


def best_ratio(store: Store) -> Baseline:
    """rapidfuzz's WRatio over the names shown of all places."""
    size = int(store.meta("places"))
    rows = {side: [row for row in store.places(range(size)).values() if row.is_on(side)] for side in Side}
    names = {side: [fold(row.name) for row in rows[side]] for side in Side}

    def find(query: str, side: Side) -> list[Place]:
        best = process.extract(fold(query), names[side], scorer=fuzz.WRatio, limit=50, score_cutoff=60)
        order = sorted(best, key=lambda one: (-one[1], -rows[side][one[2]].population))
        return [place_of(rows[side][index], store) for _, _, index in order[:COMPARED]]

    return find


def compare(baseline: Baseline, expected: list[Expected]) -> tuple[str, str]:
    """Return accuracy at 1 and 5, in per cent."""
    found = [(item, baseline(item.query, SIDES[item.side])) for item in expected]
    first = sum(bool(places) and item.is_met_by(places[0]) for item, places in found)
    among = sum(any(map(item.is_met_by, places)) for item, places in found)
    return f"{100 * first / len(found):.1f} %", f"{100 * among / len(found):.1f} %"


def latencies(call: Callable[[Any], object], items: Iterable[Any]) -> str:
    """Return median, p95, p99 and maximum of some calls in milliseconds: by the clock, and of processor."""
    walls, processors = [], []
    for item in items:
        wall, processor = time.perf_counter(), time.thread_time()
        call(item)
        walls.append((time.perf_counter() - wall) * 1000)
        processors.append((time.thread_time() - processor) * 1000)
    shown = []
    for times in (sorted(walls), sorted(processors)):
        points = (median(times), *(times[int(share * len(times))] for share in (0.95, 0.99)), times[-1])
        shown.append(" / ".join(f"{point:.1f}" for point in points))
    return f"{shown[0]} ms; of processor {shown[1]} ms ({len(walls)} calls)"


def server(path: Path, expected: list[Expected]) -> tuple[str, str]:
    """Return the latencies of /lieux/suggestions letter by letter, through the whole application, and of its 304."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(environment=Environment.TEST, instance=Path(folder), gazetteer=path))
        client = app.test_client()
        typed = [
            {"q": item.query[:count], "cote": item.side} for item in expected for count in range(2, len(item.query) + 1)
        ]
        for parameters in typed[:200]:
            client.get("/lieux/suggestions", query_string=parameters)
        fresh = latencies(lambda parameters: client.get("/lieux/suggestions", query_string=parameters), typed)
        tag = client.get("/lieux/suggestions", query_string=typed[0]).headers["ETag"]
        again = latencies(
            lambda parameters: client.get(
                "/lieux/suggestions", query_string=parameters, headers={"If-None-Match": tag}
            ),
            typed[:1] * 500,
        )
    return fresh, again


def figures_table(figures: dict[str, Figures]) -> list[str]:
    """Return the figures of both sides as a table."""
    here, there = figures.get("ici", {}), figures.get("labas", {})
    lines = ["| | ici | là-bas |", "|---|---|---|"]

    def row(words: str, name: str, unit: str = " %", times: float = 100) -> str:
        shown = (f"{times * side[name]:.4g}{unit}" if side else "–" for side in (here, there))
        return f"| {words} | {' | '.join(shown)} |"

    lines += [row("queries", "queries", "", 1), row("accuracy@1", "accuracy_at_1"), row("accuracy@5", "accuracy_at_5")]
    lines += [row("in another country", "wrong_country"), row("no answer", "unanswered")]
    for verdict in Verdict:
        cells = (
            f"{100 * about['share']:.1f} %, {about['wrong']} wrong"
            for side in (here, there)
            if side and (about := side["verdicts"][verdict.value])
        )
        lines.append(f"| answered « {verdict.value} » | {' | '.join(cells)} |")
    lines += [row("`find`, median", "milliseconds_median", " ms", 1), row("`find`, p95", "milliseconds_p95", " ms", 1)]
    lines += [row("keystrokes to the first five, median", "keystrokes_median", "", 1)]
    return [*lines, row("keystrokes, 9 in 10", "keystrokes_p90", "", 1)]


def twins(gazetteer: Gazetteer, path: Path) -> list[str]:
    """Return what twin towns placed far away while sure look like; name and country only."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["lat_labas"] and row["pays_labas"]]
    expected = [
        Expected(
            f"{row['partenaire_labas']} ({row['pays_labas']})", "labas", row["pays_labas_iso2"], "",
            float(row["lat_labas"]), float(row["lon_labas"]), FAR_KM,
        )
        for row in rows
    ]  # fmt: skip
    outcomes = ask(gazetteer, expected)
    sure = [outcome for outcome in outcomes if outcome.verdict is Verdict.SURE]
    wrong = [outcome for outcome in sure if not outcome.is_right]
    right = sum(outcome.is_right for outcome in outcomes)
    lines = [f"{len(rows)} links, {right} within {FAR_KM:.0f} km, {len(sure)} sure, {len(wrong)} of them farther:", ""]
    for outcome in wrong:
        item, place = outcome.expected, outcome.places[0]
        away = distance_km(item.lon, item.lat, place.lon, place.lat)
        lines.append(f"- {item.query}: answered {place.label}, {away:.0f} km away")
    return lines


def memory(path: Path) -> str:
    """Return what the gazetteer adds to the memory of a process, in a process of its own."""
    code = (
        "import os,sys; from pathlib import Path; import directory, numpy\n"
        "from directory.geocoding.gazetteer import open_gazetteer\n"
        "from directory.geocoding.evaluation import ask, read\n"
        "rss = lambda: int(open('/proc/self/statm').read().split()[1]) * os.sysconf('SC_PAGE_SIZE') / 1e6\n"
        "before = rss(); g = open_gazetteer(Path(sys.argv[1])); opened = rss() - before\n"
        "ask(g, read(Path(sys.argv[2]))); print(opened, rss() - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), str(GOLD)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    opened, after = map(float, done.stdout.split())
    return f"+{opened:.0f} MB once open, +{after:.0f} MB after all the queries (part of it is the mapped file)"


def main() -> None:
    """Measure and write."""
    logging.disable(logging.INFO)
    parser = argparse.ArgumentParser()
    parser.add_argument("--twins", type=Path)
    parser.add_argument("--gazetteer", type=Path, help="measure this file instead of building one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.gazetteer or Path(folder) / "gazetteer.sqlite"
        say("Construction…")
        built = "not measured in this run" if options.gazetteer else build(path)
        gazetteer = open_gazetteer(path)
        if gazetteer is None:
            raise SystemExit("le fichier construit ne se lit pas")
        OUTPUT.write_text("\n".join(document(path, gazetteer, built, options.twins)) + "\n", "utf-8")
    say(f"→ {OUTPUT.relative_to(ROOT)}")


def document(path: Path, gazetteer: Gazetteer, built: str, twin_file: Path | None) -> list[str]:
    """Return the page of measures."""
    expected = read(GOLD)
    say("Demandes connues…")
    figures = evaluate(gazetteer, GOLD)
    found = latencies(lambda item: gazetteer.find(item.query, side=SIDES[item.side]), expected)
    say("Suggestions lettre à lettre, par le site…")
    fresh, again = server(path, expected)
    say("À côté : nom exact, rapidfuzz…")
    store = Store(path)
    exact, ratio = exact_name(store), best_ratio(store)
    chance = random.Random(SEED)  # noqa: S311  # a sample to be drawn again, no secret
    lines = ["| | ici @1 | ici @5 | là-bas @1 | là-bas @5 |", "|---|---|---|---|---|"]
    ours = [f"{100 * figures[side][name]:.1f} %" for side in SIDES for name in ("accuracy_at_1", "accuracy_at_5")]
    lines.append(f"| this gazetteer | {' | '.join(ours)} |")
    sides = [[item for item in expected if item.side == side] for side in SIDES]
    cells = [cell for side in sides for cell in compare(exact, side)]
    lines.append(f"| exact folded name, largest population | {' | '.join(cells)} |")
    cells = [cell for side in sides for cell in compare(ratio, chance.sample(side, min(SAMPLE, len(side))))]
    lines.append(f"| rapidfuzz WRatio over the names shown ({SAMPLE} queries a side) | {' | '.join(cells)} |")
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    page = [
        "# The gazetteer, measured", "",
        f"Written by `script/bench geocoding` on {time.strftime('%Y-%m-%d')}; {os.cpu_count()} processors, load {loads}"
        f" while measuring; the bench itself took {peak:.0f} MB.", "",
        "| | |", "|---|---|", f"| build | {built} |",
        f"| places, names | {store.meta('places')}, {store.meta('names')} |",
        f"| memory of a worker | {memory(path)} |",
        f"| `find` on these queries: median / p95 / p99 / max | {found} |",
        f"| `/lieux/suggestions`, letter by letter, whole application: the same | {fresh} |",
        f"| the same, already known by the browser (304) | {again} |", "",
        "## On `gold_dev.csv`, the development set", "", *figures_table(figures), "", "## Beside", "", *lines,
    ]  # fmt: skip
    if twin_file is not None:
        page += ["", "## Twin towns, by name and country", "", *twins(gazetteer, twin_file)]
    notes = ROOT / "docs" / "measures" / "geocoding-notes.md"
    return [*page, "", notes.read_text("utf-8").rstrip()] if notes.exists() else page


if __name__ == "__main__":
    main()
