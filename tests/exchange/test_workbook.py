"""The workbook: texts are texts, dates are dates, and it says where it comes from."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import replace
from zipfile import ZipFile

import pytest
from lxml import etree
from sqlalchemy.orm import Session

from directory.exchange import table, workbook
from directory.initiatives.filters import Filters
from directory.initiatives.index import CorpusIndex
from directory.initiatives.public import Card
from directory.initiatives.results import everything
from tests.factories import make_initiative

NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = ("=HYPERLINK(1)", "+33", "-2", "@SUM(A1)", "{=1}", "http://example.org", "1980", "<b>&]]>", "\tx", "é\u202eq")


def written(cards: list[Card], told: list[tuple[str, table.Value]] | None = None) -> ZipFile:
    blocks = workbook.blocks([cards], address=lambda card: f"https://example.org/{card.slug}", told=told or [])
    return ZipFile(io.BytesIO(b"".join(blocks)))


def cells(book: ZipFile, sheet: int) -> dict[str, tuple[str, str]]:
    """Type and text of every cell of a sheet, by its reference."""
    root = etree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
    return {cell.get("r"): (cell.get("t", "n"), "".join(cell.itertext())) for cell in root.iter(f"{NS}c")}


def column(name: str) -> str:
    number = table.COLUMNS.index(name)
    return (chr(64 + number // 26) if number >= 26 else "") + chr(65 + number % 26)


def test_a_sheet_has_a_heading_and_one_line_for_each_initiative(session: Session) -> None:
    make_initiative(session, title="Écoles", since_year=2015)
    cards = everything(CorpusIndex().current(session), session, Filters())
    found = cells(written(cards), 1)
    assert [found[f"{column(name)}1"] for name in table.COLUMNS] == [("inlineStr", name) for name in table.COLUMNS]
    assert found[f"{column('titre')}2"] == ("inlineStr", "Écoles")
    assert found[f"{column('adresse')}2"] == ("inlineStr", "https://example.org/ecoles")
    assert found[f"{column('depuis')}2"] == ("n", "2015")
    day = (cards[0].published_on - dt.date(1899, 12, 30)).days
    assert found[f"{column('publiee_le')}2"] == ("n", str(day)), "a date is a number that the cell shows as a date"


def test_nothing_typed_becomes_a_formula_a_link_or_a_number(session: Session) -> None:
    make_initiative(session)
    card = everything(CorpusIndex().current(session), session, Filters())[0]
    book = written([replace(card, title=text, summary=text, slug=text) for text in HOSTILE])
    told = {text for kind, text in cells(book, 1).values() if kind == "inlineStr"}
    assert set(HOSTILE) <= told
    parts = [name for name in book.namelist() if re.search("rels|sheet", name)]
    whole = b"".join(book.read(name) for name in parts)
    assert b"<f>" not in whole
    assert b"<hyperlink" not in whole


def test_a_second_sheet_says_what_was_chosen_when_and_under_what_licence() -> None:
    told: list[tuple[str, table.Value]] = [("Sélection", "Mali"), ("Fichier fait le", dt.date(2026, 11, 22))]
    found = cells(written([], told), 2)
    assert found["B1"] == ("inlineStr", "Mali")
    assert found["B2"] == ("n", "46348")
    assert found["B3"] == ("inlineStr", "Licence Ouverte 2.0")


def test_beyond_the_last_line_of_the_format_it_says_so(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        make_initiative(session, title=f"Initiative {number}")
    cards = everything(CorpusIndex().current(session), session, Filters())
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    book = written(cards)
    assert {name for name in cells(book, 1) if re.fullmatch("A[0-9]+", name)} == {"A1", "A2", "A3"}
    assert any("prenez le tableau CSV" in text for _, text in cells(book, 2).values())
