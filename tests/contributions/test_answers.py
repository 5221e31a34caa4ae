"""From answers as typed to a content: nothing crashes, nothing is invented, what no question asks is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.contributions.answers import STEPS, answers_of, located, proposed_title, read, step_of
from directory.core.errors import Problem
from directory.initiatives.content import InitiativeContent, PartnerContent, to_json
from directory.initiatives.rules import Known
from directory.initiatives.vocabulary import Agreement, Disclosure, LinkNature
from tests.factories import ANTSIRABE, MORLAIX, PUERTO_LOPEZ, QUIMPER, SEGOU, make_content

KNOWN = Known(
    sectors=frozenset({"education"}),
    goals=frozenset({4}),
    actor_types=frozenset({"association"}),
    vigilance=frozenset({"ML"}),
    names={"a:MG.33": "Vakinankaratra", "p:MG": "Madagascar", "p:ML": "Mali", "a:EC.14": "Manabí", "r:53": "Bretagne"},
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = [field for step in STEPS for field in step.fields]
PLACE = st.fixed_dictionaries(
    {},
    optional={
        "typed": JSON,
        "place": st.none() | st.fixed_dictionaries({}, optional=dict.fromkeys(("keys", "name", "lon", "lat"), JSON)),
        "shown_as": JSON,
    },
)
ANSWERS = st.fixed_dictionaries(
    {}, optional={name: (st.lists(PLACE, max_size=3) | JSON if name in ("here", "there") else JSON) for name in FIELDS}
)


@given(answers=ANSWERS)
def test_whatever_is_in_a_draft_it_can_be_read(answers: dict[str, Any]) -> None:
    content, problems = read({"kept": {}, "answers": answers})
    assert isinstance(content, InitiativeContent)
    assert all(problem.message for problem in problems)


@given(kept=st.dictionaries(st.text(max_size=8), JSON, min_size=1, max_size=3))
def test_a_kept_content_of_another_shape_is_said_and_does_not_crash(kept: dict[str, Any]) -> None:
    _, problems = read({"kept": kept, "answers": {}})
    assert [problem.field for problem in problems] == ["draft"]


@pytest.mark.parametrize(
    "content",
    [
        make_content(),
        make_content(here=(MORLAIX, QUIMPER), there=(ANTSIRABE, replace(SEGOU, shown_as=Disclosure.COUNTRY))),
        make_content(nature=LinkNature.TWINNING, goals=(4, 17), other_sectors=("health",), since_year=None),
        make_content(publics=("jeunes", "femmes"), needs=("benevoles",)),
        make_content(there=(replace(ANTSIRABE, label="Ambohibary"),), meeting="Un été.", change_here="On s’écrit."),
    ],
)
def test_answers_made_from_a_content_make_it_again(content: InitiativeContent) -> None:
    assert read({"kept": to_json(content), "answers": answers_of(content)}) == (content, [])


def test_what_no_question_asks_stays_when_an_answer_changes() -> None:
    kept = make_content(goals=(4,), nature=LinkNature.DIASPORA, other_sectors=("health",))
    changed, _ = read({"kept": to_json(kept), "answers": {"title": "Autre nom", "carrier": "Autre structure"}})
    assert changed == replace(kept, title="Autre nom", carriers=(replace(kept.carriers[0], name="Autre structure"),))


def test_a_partner_that_stays_keeps_what_is_known_of_it() -> None:
    kept = make_content(partners=(PartnerContent("Escuela", "school", "https://example.org", Agreement.YES),))
    lines = [{"name": " Escuela ", "agreement": "no"}, {"name": "Autre", "agreement": "peut-être"}, {"name": "  "}]
    changed, _ = read({"kept": to_json(kept), "answers": {"partners": lines}})
    assert changed.partners == (
        PartnerContent("Escuela", "school", "https://example.org", Agreement.NO),
        PartnerContent("Autre", agreement=Agreement.NOT_ASKED),
    )


def test_a_place_that_was_typed_and_not_chosen_is_asked_at_its_line() -> None:
    lines = [*answers_of(make_content())["here"], {"typed": "pleumeur", "place": None}, {"typed": " ", "place": None}]
    content, problems = read({"kept": {}, "answers": {"here": lines}})
    assert [anchor.name for anchor in content.here] == ["Morlaix"]
    assert [(one.field, "« pleumeur »" in one.message) for one in problems] == [("here-1", True)]


@pytest.mark.parametrize("typed", ["en 2015", "15", "20155", "٢٠١٥", "2015,5"])
def test_a_year_is_four_digits_or_is_asked_again(typed: str) -> None:
    content, problems = read({"kept": {}, "answers": {"since_year": typed}})
    assert content.since_year is None
    assert [problem.field for problem in problems] == ["since_year"]
    assert typed in problems[0].message


def test_every_answer_belongs_to_one_screen() -> None:
    assert len(FIELDS) == len(set(FIELDS))
    assert [step.questions for step in STEPS] == [(1,), (2, 3), (4, 5), (6, 7), (8, 9, 10)]
    assert step_of("there-3") is STEPS[1]
    assert step_of("draft") is None


def test_a_problem_of_the_content_stands_at_the_answer_that_mends_it_once() -> None:
    problems = [Problem("carriers", "Dites quelle structure."), Problem("carriers", "Dites quelle structure.")]
    assert located(problems) == [Problem("carrier", "Dites quelle structure.")]


@pytest.mark.parametrize(
    ("there", "agreement", "title"),
    [
        (PUERTO_LOPEZ, Agreement.YES, "Morlaix – Puerto López"),
        (ANTSIRABE, Agreement.NOT_ASKED, "Morlaix – Vakinankaratra"),
        (SEGOU, Agreement.YES, "Morlaix – Mali"),
        (replace(ANTSIRABE, shown_as=Disclosure.COUNTRY), Agreement.YES, "Morlaix – Madagascar"),
    ],
)
def test_the_proposed_name_tells_no_more_than_may_be_shown(there: Any, agreement: Agreement, title: str) -> None:
    content = make_content(there=(there,), partners=(PartnerContent("Escuela", agreement=agreement),))
    assert proposed_title(content, KNOWN) == title
    assert proposed_title(replace(content, there=()), KNOWN) == ""
