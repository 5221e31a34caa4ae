"""What the map relies on in the outlines of static/geo/, whoever rebuilds them."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
import math
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
GEO = ROOT / "static" / "geo"
TERRITORIES = ROOT / "data" / "territories"
LIMITS = {
    "far.topo.json": 75_000,
    "labels.json": 36_000,
    "world.topo.json": 262_000,
    "france.topo.json": 130_000,
    "towns.json": 340_000,
}
FIRST_VIEW = ("far.topo.json", "labels.json")
OUTLINES = ("world.topo.json", "france.topo.json")
COUNTRY_FILES = sorted(path.name for path in (GEO / "countries").glob("*.topo.json"))

Point = tuple[float, float]


@cache
def read(name: str) -> Any:
    """One of the files, read once."""
    return json.loads((GEO / name).read_text(encoding="utf-8"))


def table(name: str) -> list[dict[str, str]]:
    """The rows of one of our tables."""
    with (TERRITORIES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def arcs(name: str) -> list[list[Point]]:
    """Arcs in degrees: each point is stored as a difference, in steps of the grid, with the one before."""
    (step_x, step_y), (left, bottom) = read(name)["transform"]["scale"], read(name)["transform"]["translate"]
    decoded = []
    for arc in read(name)["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((left + x * step_x, bottom + y * step_y))
        decoded.append(points)
    return decoded


def line(name: str, indexes: list[int]) -> list[Point]:
    """A line made of arcs end to end; ~n is arc n backwards."""
    points: list[Point] = []
    for index in indexes:
        arc = arcs(name)[index] if index >= 0 else arcs(name)[~index][::-1]
        points += arc[1:] if points else arc
    return points


def rings(name: str, geometry: dict[str, Any]) -> Iterator[list[Point]]:
    """The rings of a polygon or of several, holes included."""
    for polygon in geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]:
        for indexes in polygon:
            yield line(name, indexes)


def geometries(name: str, layer: str) -> list[dict[str, Any]]:
    """The geometries of a layer of one of the outlines."""
    found: list[dict[str, Any]] = read(name)["objects"][layer]["geometries"]
    return found


def holds(name: str, geometry: dict[str, Any], lon: float, lat: float) -> bool:
    """True when the point is in the geometry (even-odd rule)."""
    crossings = 0
    for ring in rings(name, geometry):
        for (x1, y1), (x2, y2) in pairwise(ring):
            crossings += (y1 > lat) != (y2 > lat) and lon < x1 + (lat - y1) / (y2 - y1) * (x2 - x1)
    return crossings % 2 == 1


@pytest.mark.parametrize("name", LIMITS)
def test_files_stay_light(name: str) -> None:
    """A phone on a slow network loads them, the larger ones once it looks closer."""
    assert (GEO / name).stat().st_size <= LIMITS[name]


def test_the_first_view_weighs_little_once_compressed() -> None:
    """Outlines and names of the world seen from afar."""
    assert sum(len(gzip.compress((GEO / name).read_bytes(), 9)) for name in FIRST_VIEW) <= 36_000


def test_the_files_of_countries_stay_light() -> None:
    """One is loaded for a diptych, a few by who looks closer; all of them weigh on the checkout only."""
    sizes = [(GEO / "countries" / name).stat().st_size for name in COUNTRY_FILES]
    assert median(sizes) <= 20_000
    assert max(sizes) <= 45_000
    assert sum(sizes) <= 5_000_000


def test_each_country_has_a_name_of_the_list_and_an_id_of_its_own() -> None:
    """Names and sides come from data/territories/; three lands without inhabitants are in no list."""
    there = {row["iso2"]: row["name"] for row in table("countries.csv")}
    here = {row["country"]: row["name"] for row in table("zones.csv")}
    countries = geometries("world.topo.json", "countries")
    unlisted = set()
    for country in countries:
        properties = country["properties"]
        assert country["id"] == properties["id"]
        assert properties["name"]
        if "side" not in properties:
            unlisted.add(properties["id"])
            continue
        names = here if properties["side"] == "here" else there
        assert names[properties["id"]] == properties["name"]
    ids = [country["id"] for country in countries]
    assert len(set(ids)) == len(ids) > 230
    assert unlisted == {"GS", "HM", "x-siachen"}
    assert there.keys() - set(ids) == {"GI", "TK"}, "countries without a shape: too small for the atlas"


def test_france_is_drawn_once_and_its_islands_are_here() -> None:
    """Mainland and overseas régions come from the finer file, the collectivities from the world."""
    sides = {c["id"]: c["properties"].get("side") for c in geometries("world.topo.json", "countries")}
    assert sides.keys().isdisjoint({"FR", "GP", "MQ", "GF", "RE", "YT"})
    assert {key for key, side in sides.items() if side == "here"} == {"PM", "BL", "MF", "WF", "PF", "NC", "TF"}


@pytest.mark.parametrize(
    ("layer", "file", "count"), [("departements", "departements.csv", 101), ("regions", "regions.csv", 18)]
)
def test_france_is_whole(layer: str, file: str, count: int) -> None:
    """Each département and each région, the five overseas among them, Mayotte included."""
    names = {row["code"]: row["name"] for row in table(file) if row.get("region", "-")}
    drawn = {g["properties"]["code"]: g["properties"]["name"] for g in geometries("france.topo.json", layer)}
    assert drawn == names
    assert len(geometries("france.topo.json", layer)) == count
    assert drawn["976" if layer == "departements" else "06"] == "Mayotte"


@pytest.mark.parametrize("name", OUTLINES)
def test_no_line_crosses_the_pacific(name: str) -> None:
    """Outlines go on past ±180° instead of jumping to the other edge of the map, and none is empty."""
    for layer in ("countries",) if name.startswith("world") else ("departements", "regions"):
        for geometry in geometries(name, layer):
            for ring in rings(name, geometry):
                assert ring[0] == ring[-1]
                assert len(ring) >= 4
                assert max(abs(a[0] - b[0]) for a, b in pairwise(ring)) < 60, geometry["properties"]
                assert -200 < min(x for x, _ in ring) <= max(x for x, _ in ring) < 200


def names() -> dict[str, dict[str, str]]:
    """The dated list of names, by code."""
    return {row["code"]: row for row in table("names.csv")}


def test_the_list_of_names_is_dated_and_sourced() -> None:
    """Each name says where it comes from and when it was read; each contested place says how it is drawn."""
    rows = table("names.csv")
    assert len({row["code"] for row in rows}) == len(rows)
    assert all(row["source"] and row["name"] == row["name"].strip() != "" for row in rows)
    assert all(dt.date.fromisoformat(row["date"]) <= dt.datetime.now(tz=dt.UTC).date() for row in rows)
    assert all(row["drawn"] for row in rows if row["contested_by"] or row["kind"] == "lieu")
    for code in ("EH", "PS", "XK", "TW", "crimee", "golan", "abkhazie", "ossetie-du-sud", "cachemire", "YT"):
        assert names()[code]["contested_by"]


def test_map_lists_and_territories_say_the_same_names() -> None:
    """One list for the outlines, the names on the map, and the tables from which links, lists and exports are named."""
    listed = {code: row["name"] for code, row in names().items()}
    countries = {row["iso2"]: row["name"] for row in table("countries.csv")}
    zones = {row["country"]: row["name"] for row in table("zones.csv") if row["code"] != "FX"}
    assert countries | zones | {"FR": "France"} == {
        code: row["name"] for code, row in names().items() if row["kind"] != "lieu"
    }
    for country in geometries("world.topo.json", "countries"):
        properties = country["properties"]
        assert listed.get(properties["id"], properties["name"]) == properties["name"]
    for label in read("labels.json"):
        if label["kind"] == "country":
            assert label["name"] == listed[label["id"]]
    assert (listed["CD"], listed["PS"], listed["EH"]) == ("RD Congo", "Palestine", "Sahara occidental")


def test_what_the_list_says_dashed_is_dashed_and_nothing_else() -> None:
    """« tirets » in the list of names, a line on the map."""
    drawn = {geometry["properties"]["place"] for geometry in geometries("world.topo.json", "disputed")}
    assert drawn == {code for code, row in names().items() if "tirets" in row["drawn"]}
    for geometry in geometries("world.topo.json", "disputed"):
        assert geometry["properties"]["name"] == names()[geometry["properties"]["place"]]["name"]


def test_contested_boundaries_are_apart_from_the_others() -> None:
    """A line that is drawn dashed is in no layer of ordinary lines."""
    disputed = geometries("world.topo.json", "disputed")
    pairs = {geometry["id"] for geometry in disputed}
    assert pairs >= {"EH-MA", "RS-XK", "CY-CYN", "SO-SOL", "IL-PS", "IL-SY", "IN-PK", "CN-IN", "SD-SS"}
    assert pairs >= {"UA-crimee", "GE-abkhazie", "MD-transnistrie", "GY-VE"}
    assert all(geometry["properties"]["name"] for geometry in disputed)

    def parts(geometry: dict[str, Any]) -> set[int]:
        lines = geometry["arcs"] if geometry["type"] == "MultiLineString" else [geometry["arcs"]]
        return {index if index >= 0 else ~index for indexes in lines for index in indexes}

    dashed = set().union(*map(parts, disputed))
    for layer in ("borders", "coasts", "seam"):
        assert dashed.isdisjoint(parts(read("world.topo.json")["objects"][layer]))


@pytest.mark.parametrize(
    ("place", "country"),
    [((34.2, 45.2), "UA"), ((-13.5, 24.5), "EH"), ((34.35, 31.4), "PS"), ((33.6, 35.3), "CY"), ((44.5, 9.8), "SO")],
    ids=["Crimea", "Western Sahara", "Gaza", "north of Cyprus", "Somaliland"],
)
def test_lands_are_drawn_in_the_country_the_decision_says(place: Point, country: str) -> None:
    """See docs/decisions/0005-base-map-and-borders.md."""
    found = [c["id"] for c in geometries("world.topo.json", "countries") if holds("world.topo.json", c, *place)]
    assert found == [country]


def test_labels_are_complete_and_large_ones_first() -> None:
    """Every country of the list and every région has a label, written from some zoom on."""
    labels = read("labels.json")
    assert all(label.keys() == {"name", "lon", "lat", "kind", "id", "min_zoom"} for label in labels)
    ids = [(label["kind"], label["id"]) for label in labels]
    assert len(set(ids)) == len(ids)
    assert {key for kind, key in ids if kind == "country"} == {row["iso2"] for row in table("countries.csv")} | {"FR"}
    assert {key for kind, key in ids if kind == "region"} >= {row["code"] for row in table("regions.csv")}
    departements = {row["code"]: row["name"] for row in table("departements.csv") if len(row["code"]) == 2}
    assert {label["id"]: label["name"] for label in labels if label["kind"] == "departement"} == departements
    zooms = [label["min_zoom"] for label in labels]
    assert zooms == sorted(zooms)
    by_id = {label["id"]: label["min_zoom"] for label in labels if label["kind"] == "country"}
    assert by_id["RU"] < by_id["ML"] < by_id["LU"]


def test_towns_are_named_in_french_and_never_written_one_over_another() -> None:
    """At the zoom from which a town is written, no larger one is within a name of it."""
    towns = read("towns.json")
    assert all(town.keys() == {"name", "lon", "lat", "min_zoom"} for town in towns)
    known = {town["name"] for town in towns}
    assert known >= {"Paris", "Quimper", "Mamoudzou", "Nouméa", "Bamako", "Londres", "Le Caire", "Pékin", "Tombouctou"}
    assert [town["min_zoom"] for town in towns] == sorted(town["min_zoom"] for town in towns)
    for zoom in (6, 7):
        written: dict[tuple[int, int], list[tuple[float, float]]] = {}
        size = 256 * 2**zoom
        for town in towns:
            if town["min_zoom"] > zoom:
                break
            x = (town["lon"] / 360 + 0.5) * size
            y = (0.5 - math.asinh(math.tan(math.radians(town["lat"]))) / (2 * math.pi)) * size
            near = [(int(x // 90) + dx, int(y // 30) + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
            others = [spot for cell in near for spot in written.get(cell, [])]
            assert not [spot for spot in others if abs(spot[0] - x) < 90 and abs(spot[1] - y) < 30], town
            written.setdefault((int(x // 90), int(y // 30)), []).append((x, y))


def test_each_country_has_its_own_file_but_two() -> None:
    """Gibraltar is too small for the sources, Tokelau absent from them."""
    missing = {row["iso2"] for row in table("countries.csv")} - {name[:2] for name in COUNTRY_FILES}
    assert missing <= {"GI", "TK"}


@pytest.mark.parametrize("name", COUNTRY_FILES)
def test_the_divisions_of_a_country_are_those_of_the_list(name: str) -> None:
    """Their key and their French name; each once; the outline holds them all; towns are ranked."""
    path = f"countries/{name}"
    listed = {row["key"]: row["name"] for row in table("divisions.csv") if row["country"] == name[:2]}
    drawn = [geometry["properties"] for geometry in geometries(path, "divisions")]
    assert {found["key"]: found["name"] for found in drawn}.items() <= listed.items()
    assert len({found["key"] for found in drawn}) == len(drawn)
    (outline,) = geometries(path, "outline")
    assert all(len(ring) >= 4 and ring[0] == ring[-1] for ring in rings(path, outline))
    towns = [town["properties"] for town in geometries(path, "towns")]
    assert [town["rank"] for town in towns] == list(range(1, len(towns) + 1))
    assert all(town["name"] for town in towns)
    assert read(path)["objects"].keys() == {"divisions", "outline", "coasts", "borders", "disputed", "towns"}


@pytest.mark.parametrize(
    ("place", "inside", "outside"),
    [
        ((34.2, 45.2), "UA", "RU"),
        ((-13.5, 24.5), "EH", "MA"),
        ((33.6, 35.3), "CY", "TR"),
        ((44.5, 9.8), "SO", "ET"),
        ((35.2, 32.2), "PS", "IL"),
        ((121.0, 24.0), "TW", "CN"),
        ((21.0, 42.6), "XK", "RS"),
        ((41.0, 43.0), "GE", "RU"),
    ],
    ids=["Crimea", "Western Sahara", "Cyprus", "Somaliland", "West Bank", "Taiwan", "Kosovo", "Abkhazia"],
)
def test_the_file_of_a_country_keeps_to_the_boundaries_of_the_world_map(
    place: Point, inside: str, outside: str
) -> None:
    """Contested lands are in the same country close by as from afar."""
    for code, expected in ((inside, True), (outside, False)):
        path = f"countries/{code}.topo.json"
        (outline,) = geometries(path, "outline")
        assert holds(path, outline, *place) is expected


def test_contested_lines_are_dashed_close_by_too() -> None:
    """The file of a country has its part of them."""
    for code in ("EH", "MA", "XK", "RS", "CY", "SO", "PS", "IL", "SD", "SS", "UA", "GE", "MD", "GY", "IN", "PK"):
        assert read(f"countries/{code}.topo.json")["objects"]["disputed"]["arcs"], code


def test_mali_and_its_neighbours_have_their_regions() -> None:
    """Where many links go, divisions are drawn and named."""
    for code, least in {"ML": 8, "SN": 14, "BF": 13, "BJ": 12, "TG": 5, "MG": 21, "CM": 10, "TN": 20}.items():
        assert len(geometries(f"countries/{code}.topo.json", "divisions")) >= least
    kayes = [
        g["properties"]
        for g in geometries("countries/ML.topo.json", "divisions")
        if g["properties"]["key"] == "a:ML.03"
    ]
    assert kayes == [{"key": "a:ML.03", "name": "Région de Kayes"}]
