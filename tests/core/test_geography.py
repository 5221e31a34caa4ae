"""Points and boxes at their edges."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.core.geography import Box, check_point, distance_km

LONGITUDES = st.floats(-180, 180)
LATITUDES = st.floats(-90, 90)


@given(LONGITUDES, LATITUDES)
def test_every_point_of_the_globe_is_accepted(lon: float, lat: float) -> None:
    kept = check_point(lon, lat)
    assert math.isclose(kept[0], lon, abs_tol=1e-7)
    assert math.isclose(kept[1], lat, abs_tol=1e-7)


@pytest.mark.parametrize(("lon", "lat"), [(180, 90), (-180, -90), (0, 0)])
def test_the_edges_of_the_globe_are_accepted(lon: float, lat: float) -> None:
    assert check_point(lon, lat) == (lon, lat)


@pytest.mark.parametrize(
    ("lon", "lat"), [(180.1, 0), (0, 90.0000001), (math.nan, 0), (0, math.inf), (1e308, 0), (True, 0), (0, False)]
)
def test_a_point_off_the_globe_is_refused(lon: float, lat: float) -> None:
    with pytest.raises(ValueError, match="coordinates"):
        check_point(lon, lat)


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "a,b,c,d", "nan,0,1,1", "0,5,1,4", "0,-91,1,0", "1e400,0,1,1", "5,0,-400,1"]
)
def test_a_box_that_is_no_box_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the sentence for people is written by the filters
        Box.parse(text)


@given(st.floats(-540, 540), LATITUDES, st.floats(0, 359), st.floats(0, 90))
def test_a_box_of_any_world_copy_covers_its_own_middle(west: float, south: float, width: float, height: float) -> None:
    north = min(90.0, south + height)
    box = Box.parse(f"{west!r},{south!r},{west + width!r},{north!r}")
    middle = (west + width / 2 + 180) % 360 - 180
    assert any(low - 1e-6 <= middle <= high + 1e-6 for low, high in box.ranges())


def test_a_line_on_the_antimeridian_is_not_the_whole_world() -> None:
    assert Box.parse("180,-10,180,10").ranges() == ((-180.0, -180.0),)


def test_the_pacific_is_two_ranges() -> None:
    assert Box.parse("170,-30,190,-10").ranges() == ((170.0, 180.0), (-180.0, -170.0))


@given(LONGITUDES, LATITUDES, LONGITUDES, LATITUDES)
def test_distance_is_symmetric_and_at_most_half_the_earth(lon1: float, lat1: float, lon2: float, lat2: float) -> None:
    there = distance_km(lon1, lat1, lon2, lat2)
    assert math.isclose(there, distance_km(lon2, lat2, lon1, lat1), abs_tol=1e-6)
    assert 0 <= there <= 20_016


def test_morlaix_is_about_455_km_from_paris() -> None:
    assert distance_km(-3.828, 48.578, 2.352, 48.857) == pytest.approx(455, abs=5)
