"""Dates, figures and distances are written as French typography asks."""

from __future__ import annotations

import datetime as dt

import pytest

from directory.core.time import date_fr
from directory.web.formatting import distance_fr, number_fr, spaced, year


def test_a_date_says_the_first_of_a_month_in_words() -> None:
    assert date_fr(dt.date(2026, 3, 1)) == "1er\u00a0mars\u00a02026"
    assert date_fr(dt.date(2026, 11, 22)) == "22\u00a0novembre\u00a02026"
    assert date_fr(None) == ""


def test_an_instant_is_told_by_its_day_in_paris() -> None:
    assert date_fr(dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC)) == "1er\u00a0janvier\u00a02026"
    assert year(dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC)) == "2026"


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (12129, 0, "12\u202f129"),
        (999, 0, "999"),
        (2.345, 2, "2,34"),
        (1234.5, 1, "1\u202f234,5"),
        (7.0, 1, "7"),
        (None, 0, ""),
    ],
)
def test_a_number_has_narrow_spaces_and_a_comma(value: float | None, digits: int, written: str) -> None:
    assert number_fr(value, digits) == written


@pytest.mark.parametrize(
    ("km", "written"),
    [
        (4218.3, "4\u202f218\u00a0km"),
        (3.44, "3,4\u00a0km"),
        (9.96, "10\u00a0km"),
        (0.4, "moins de\u00a01\u00a0km"),
        (None, ""),
    ],
)
def test_a_distance_is_as_precise_as_it_is_short(km: float | None, written: str) -> None:
    assert distance_fr(km) == written


def test_a_year_has_no_space() -> None:
    assert year(2019) == "2019"
    assert year(dt.date(2019, 5, 2)) == "2019"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("« Morlaix » : est-ce ici ?", "«\u00a0Morlaix\u00a0»\u00a0: est-ce ici\u00a0?"),
        ("Déjà\u00a0: rien ne change !", "Déjà\u00a0: rien ne change\u00a0!"),
        ("10:30, https://exemple.org", "10:30, https://exemple.org"),
    ],
)
def test_no_sign_begins_a_line_alone(text: str, expected: str) -> None:
    assert spaced(text) == expected
