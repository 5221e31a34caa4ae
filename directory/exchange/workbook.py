"""A selection as a workbook (XLSX): a sheet of initiatives, and one that says what was chosen, when, its licence.

Texts are written as texts, whatever they look like: nothing in a cell is run, nothing is turned into a link.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

from directory.core.time import utcnow
from directory.exchange.table import COLUMNS, CREDIT, LICENCE, Value, record
from directory.initiatives.public import Card

MOST_ROWS = 1_048_576
"""Rows of a sheet, its heading included: the format has no more."""
LONGEST = 32_767
"""Characters of a cell."""
BLOCK = 1 << 16
_WIDE = {"adresse": 40, "titre": 45, "resume": 60, "structures": 35, "domaines": 35, "ici": 22, "labas": 22}
_LITERAL = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}


def blocks(
    cards: Iterable[Sequence[Card]], *, address: Callable[[Card], str], told: Sequence[tuple[str, Value]]
) -> Iterator[bytes]:
    """The file, in blocks, once it is whole; `told` are the lines of the second sheet, beside licence and credit.

    Rows go to the disk as they come, so that memory stays flat.
    """
    with TemporaryFile() as file:
        _write(file, cards, address, told)
        file.seek(0)
        while block := file.read(BLOCK):
            yield block


def _write(
    file: IO[bytes],
    cards: Iterable[Sequence[Card]],
    address: Callable[[Card], str],
    told: Sequence[tuple[str, Value]],
) -> None:
    from xlsxwriter import Workbook  # noqa: PLC0415  # 50 ms to load, and few ask for a workbook

    with Workbook(file, _LITERAL) as book:
        # The same selection gives the same file all day, as its tag says.
        book.set_properties({"created": dt.datetime.combine(utcnow().date(), dt.time())})
        bold = book.add_format({"bold": True, "text_wrap": False})
        date = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("Initiatives")
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(COLUMNS):
            sheet.set_column(column, column, _WIDE.get(name, 14))
        _row(sheet, 0, COLUMNS, bold)
        last = 0
        for last, card in enumerate((card for part in cards for card in part), start=1):
            if last >= MOST_ROWS:
                break
            _row(sheet, last, record(card, address(card)), None, date)
        sheet.autofilter(0, 0, min(last, MOST_ROWS - 1), len(COLUMNS) - 1)
        _about(book, [*told, ("Licence", LICENCE), ("Crédit", CREDIT)], bold, date, is_cut=last >= MOST_ROWS)


def _about(book: Any, told: Sequence[tuple[str, Value]], bold: Any, date: Any, *, is_cut: bool) -> None:
    sheet = book.add_worksheet("À propos")
    sheet.set_column(0, 0, 24, bold)
    sheet.set_column(1, 1, 100)
    lines = list(told)
    if is_cut:
        lines.append(("Attention", "Un classeur s’arrête à 1 048 576 lignes : prenez le tableau CSV pour tout avoir."))
    for number, line in enumerate(lines):
        _row(sheet, number, line, None, date)


def _row(sheet: Any, number: int, values: Sequence[Value], style: Any, date: Any = None) -> None:
    for column, value in enumerate(values):
        if isinstance(value, str):
            if value:
                sheet.write_string(number, column, value[:LONGEST], style)
        elif isinstance(value, dt.date):
            sheet.write_datetime(number, column, value, date)
        elif value is not None:
            sheet.write_number(number, column, value, style)
