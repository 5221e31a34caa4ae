"""What a reply may count, which decisions a report may receive: without a database."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from directory.reports.rules import DUE, LONGEST_REPLY, SHORTEST_REPLY, reply_limit
from directory.reports.vocabulary import (
    FINAL,
    FIRST,
    KIND_LABELS,
    OUTCOME_CHOICES,
    OUTCOME_LABELS,
    PART_LABELS,
    Kind,
    Outcome,
    Part,
    ReportState,
    outcome_choices,
    outcome_words,
    outcomes_of,
    round_of,
)


@given(st.lists(st.text(max_size=200), max_size=6), st.integers(1, 200))
def test_a_reply_is_as_long_as_what_it_answers_from_50_to_200_lines(texts: list[str], times: int) -> None:
    said = [text * times for text in texts]
    limit = reply_limit(said)
    assert SHORTEST_REPLY <= limit <= LONGEST_REPLY
    if SHORTEST_REPLY <= sum(map(len, said)) <= LONGEST_REPLY:
        assert limit == sum(map(len, said))


def test_a_reply_is_published_only_when_one_was_asked_for() -> None:
    for kind in Kind:
        assert (Outcome.REPLY_PUBLISHED in outcomes_of(kind)) == (kind is Kind.REPLY)
        assert {Outcome.UNCHANGED, Outcome.CORRECTED, Outcome.WITHDRAWN} <= set(outcomes_of(kind))


def test_everything_has_its_words_and_its_delay() -> None:
    assert set(KIND_LABELS) == set(Kind) == set(DUE)
    assert set(PART_LABELS) == set(Part)
    assert set(OUTCOME_LABELS) == set(OUTCOME_CHOICES) == set(Outcome)
    for kind in Kind:
        assert set(outcome_words(kind)) == set(Outcome)
        assert tuple(outcome_choices(kind)) == outcomes_of(kind)
    assert min(DUE, key=lambda kind: DUE[kind]) is Kind.DANGER


def test_a_contestation_opens_the_second_round() -> None:
    assert [round_of(state) for state in ReportState] == [FIRST, FIRST, FINAL, FINAL]
