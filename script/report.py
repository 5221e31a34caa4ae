"""Say what a run of the suite covered, and fail where something was left out in silence.

A test that touches a database carries its backend in its identifier. The only tests that may be skipped are
those on sample files, when DIRECTORY_SAMPLES is not set. A browser test that needed a second try is named.
"""

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

LABELS = {
    "pure": "sans base de données",
    "spatialite": "sur SpatiaLite",
    "postgis": "sur PostgreSQL et PostGIS",
    "browser": "dans Chromium",
}
ENGINES = ("spatialite", "postgis")  # as tests/conftest.py names them
MAY_BE_SKIPPED = "DIRECTORY_SAMPLES"


def where(case: ElementTree.Element) -> str:
    """What a test ran on, read from its identifier."""
    if case.get("classname", "").startswith("tests.browser."):
        return "browser"
    parameters = case.get("name", "").partition("[")[2].rstrip("]").split("-")
    return next((engine for engine in ENGINES if engine in parameters), "pure")


def main(results: str, *expected: str) -> int:
    """Print the counts; 1 when a test was skipped for another reason than samples, or an expected kind ran nothing."""
    ran: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    tries: Counter[str] = Counter()
    for case in ElementTree.parse(Path(results)).iter("testcase"):  # noqa: S314  # written by pytest a moment ago
        skipped = case.find("skipped")
        name = f"{case.get('classname')}.{case.get('name')}"
        tries[name] += 1
        if tries[name] > 1:
            continue
        if skipped is None:
            ran[where(case)] += 1
        else:
            left_out[skipped.get("message", "")] += 1
    print("Essais passés :", ", ".join(f"{ran[kind]} {label}" for kind, label in LABELS.items()) + ".")
    again = [name for name, count in tries.items() if count > 1]
    if again:
        print(f"Passés au second essai, à regarder ({len(again)}) :", *again, sep="\n  ")
    for reason, count in left_out.items():
        print(f"Laissés de côté : {count} ({reason}).")
    faults = [reason for reason in left_out if MAY_BE_SKIPPED not in reason]
    faults += [f"aucun essai {LABELS[kind]}" for kind in expected if not ran[kind]]
    if faults:
        print("Rien ne peut être laissé de côté :", "; ".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
