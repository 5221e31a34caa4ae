"""The stored shape of an initiative."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.initiatives import content
from directory.initiatives.content import from_json, to_json
from directory.initiatives.rules import Known, check
from tests.factories import MORLAIX, make_content

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


def test_a_content_comes_back_the_same_after_storage() -> None:
    told = make_content(goals=(4, 17))
    assert from_json(json.loads(json.dumps(to_json(told)))) == told


def test_what_was_stored_before_publics_and_needs_reads_as_it_did() -> None:
    plain = to_json(make_content())
    assert not plain.keys() & {"publics", "needs"}, "an older version of the site must still read it"
    assert from_json(plain, 1).publics == ()
    told = make_content(publics=("jeunes",), needs=("benevoles", "conseil"))
    assert from_json(json.loads(json.dumps(to_json(told))), 1) == told


@given(JSON)
def test_any_other_json_is_refused_with_a_value_error(document: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # any shape: the words vary
        from_json(document)


@given(st.sampled_from(sorted(to_json(make_content()))), JSON)
def test_any_value_in_any_field_is_accepted_whole_or_refused(name: str, value: Any) -> None:
    try:
        told = from_json({**to_json(make_content()), name: value})
    except ValueError:
        return
    assert isinstance(told, content.InitiativeContent)
    known = Known(frozenset({"education"}), frozenset(range(1, 18)), frozenset({"association"}), frozenset())
    assert isinstance(check(told, known, today=dt.date(2026, 11, 22)), list)


@pytest.mark.parametrize("value", ["2,35", "1e400", True, [1.0], None, {"lon": 1}])
def test_a_longitude_that_is_not_a_number_is_refused(value: Any) -> None:
    document = to_json(make_content())
    document["here"] = [{**to_json(make_content(here=(MORLAIX,)))["here"][0], "lon": value}]
    with pytest.raises(ValueError, match="lon"):
        from_json(document)


def test_an_unknown_field_is_refused_and_not_stored() -> None:
    with pytest.raises(ValueError, match="published_at"):
        from_json({**to_json(make_content()), "published_at": "2020-01-01"})


def test_an_older_schema_is_carried_forward_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def rename_headline(document: dict[str, Any]) -> dict[str, Any]:
        return {**{key: value for key, value in document.items() if key != "headline"}, "title": document["headline"]}

    monkeypatch.setattr(content, "SCHEMA", 2)
    monkeypatch.setitem(content.STEPS, 1, rename_headline)
    old = to_json(make_content(title="Deux rives"))
    old["headline"] = old.pop("title")
    assert from_json(old, 1).title == "Deux rives"


@pytest.mark.parametrize("schema", [0, 99, -1])
def test_a_schema_from_the_future_is_refused(schema: int) -> None:
    with pytest.raises(ValueError, match="unknown"):
        from_json(to_json(make_content()), schema)
