"""Say what a run of the suite covered, and fail where something was left out in silence.

A test that touches a database carries the name of its engine in its identifier. The only tests that may be skipped are
those on sample files, when DIRECTORY_SAMPLES is not set.
"""

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

ENGINES = {"spatialite": "SpatiaLite", "postgis": "PostgreSQL et PostGIS"}
BROWSER = "navigateur (Chromium)"
PURE = "sans base de données"
MAY_BE_SKIPPED = "DIRECTORY_SAMPLES"


def where(case: ElementTree.Element) -> str:
    """What a test ran on, read from its identifier."""
    if case.get("classname", "").startswith("tests.browser."):
        return BROWSER
    parameters = case.get("name", "").partition("[")[2].rstrip("]").split("-")
    return next((label for engine, label in ENGINES.items() if engine in parameters), PURE)


def main(results: str, *options: str) -> int:
    """Print the counts; 1 when a test was skipped for another reason than samples, or an engine ran nothing."""
    ran: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    for case in ElementTree.parse(Path(results)).iter("testcase"):  # noqa: S314  # written by pytest a moment ago
        skipped = case.find("skipped")
        if skipped is None:
            ran[where(case)] += 1
        else:
            left_out[skipped.get("message", "")] += 1
    expected = [PURE, ENGINES["spatialite"]] if "--fast" in options else [PURE, *ENGINES.values(), BROWSER]
    print("Essais passés :", ", ".join(f"{ran[label]} {label}" for label in [PURE, *ENGINES.values(), BROWSER]) + ".")
    for reason, count in left_out.items():
        print(f"Laissés de côté : {count} ({reason}).")
    silent = [reason for reason in left_out if MAY_BE_SKIPPED not in reason]
    absent = [label for label in expected if not ran[label]]
    if silent or absent:
        print("Rien ne peut être laissé de côté :", "; ".join(silent + [f"aucun essai {label}" for label in absent]))
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
