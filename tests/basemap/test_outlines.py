"""What the map relies on in the outlines of static/geo/, whoever rebuilds them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
GEO = ROOT / "static" / "geo"
TERRITORIES = ROOT / "data" / "territories"
LIMITS = {"world.topo.json": 262_000, "france.topo.json": 130_000, "labels.json": 30_000}
OUTLINES = ("world.topo.json", "france.topo.json")

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
    """A phone on a slow network loads all three."""
    assert (GEO / name).stat().st_size <= LIMITS[name]


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


def test_contested_boundaries_are_apart_from_the_others() -> None:
    """A line that is drawn dashed is in no layer of ordinary lines."""
    disputed = geometries("world.topo.json", "disputed")
    pairs = {geometry["id"] for geometry in disputed}
    assert pairs >= {"EH-MA", "RS-XK", "CY-CYN", "SO-SOL", "IL-PS", "IL-SY", "IN-PK", "CN-IN", "SD-SS"}
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
    zooms = [label["min_zoom"] for label in labels]
    assert zooms == sorted(zooms)
    by_id = {label["id"]: label["min_zoom"] for label in labels if label["kind"] == "country"}
    assert by_id["RU"] < by_id["ML"] < by_id["LU"]
