"""The CSV table: readable by spreadsheets, harmless in them."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy.orm import Session

from directory.exchange import table
from directory.initiatives.filters import Filters
from directory.initiatives.index import CorpusIndex
from directory.initiatives.results import everything
from tests.factories import make_initiative


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+33 1", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x", "\ufeff=1", " =1", "\u00a0=1"],
)
def test_a_cell_that_would_be_a_formula_is_made_inert(text: str) -> None:
    assert table.inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "École", "2 + 2", "l’eau", "1980", "« = »"])
def test_other_texts_are_left_alone(text: str) -> None:
    assert table.inert(text) == text


def test_the_table_is_read_back_line_by_line(session: Session) -> None:
    make_initiative(session, title="=HYPERLINK(1)", summary='Une, "deux"; trois')
    cards = everything(CorpusIndex().current(session), session, Filters())
    written = "".join(table.parts([cards], address=lambda card: f"https://example.org/{card.slug}"))
    assert written.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"))))
    assert len(rows) == 1
    assert rows[0]["titre"] == "'=HYPERLINK(1)"
    assert rows[0]["resume"] == 'Une, "deux"; trois'
    assert float(rows[0]["labas_longitude"]) < -80
    assert tuple(rows[0]) == table.COLUMNS
