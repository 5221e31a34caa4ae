"""What a sheet of paper needs and a screen does not: where the story stops so that one A4 holds it, and a QR code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from directory.initiatives.public import Sheet
from directory.initiatives.rules import STORIES

PARTS = ("description", *STORIES)
"""What is told, in the order of the page."""
LINE, LINES = 58, 74
"""Characters on a line of a column, and lines of both columns under the shortest of heads."""
PARAGRAPH, HEADING = 1, 3
"""Lines that a paragraph and the heading of a part take beside their text."""
HEAD_LINE, HEAD_FREE = 46, 12
"""Characters on a line of the head, which takes two lines off the columns; lines that it may have for free."""
LEAST, SHORT = 12, 26
"""Lines of the story, whatever the head; of a story that would leave its second column nearly empty."""
QR_BORDER = 2


@dataclass(frozen=True)
class Piece:
    """A paragraph: what a sheet of paper keeps of it, and what only the screen shows after that."""

    kept: str
    rest: str


@dataclass(frozen=True)
class Story:
    """The parts of what is told, by name."""

    parts: dict[str, list[Piece]]

    lines: int
    """Of a column, as they are printed."""

    @property
    def is_short(self) -> bool:
        """One column, in larger letters, is enough."""
        return self.lines <= SHORT

    @property
    def is_cut(self) -> bool:
        """The paper leaves something out."""
        return any(piece.rest for pieces in self.parts.values() for piece in pieces)


def story(sheet: Sheet) -> Story:
    """What is told, shared out so that a long part leaves room for the others; cut after a sentence, else a word."""
    told = {name: _paragraphs(getattr(sheet, name)) for name in PARTS}
    wanted = {name: HEADING + sum(_lines(one) for one in told[name]) for name in PARTS if told[name]}
    given = _shared(wanted, max(LEAST, LINES - _head(sheet)))
    return Story({name: _cut(told[name], given.get(name, 0) - HEADING) for name in PARTS}, sum(given.values()))


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.splitlines() if part.strip()]


def _lines(paragraph: str) -> int:
    return PARAGRAPH + ceil(len(paragraph) / LINE)


def _head(sheet: Sheet) -> int:
    """Lines of both columns that a long head takes: title, summary, places, actors."""
    card = sheet.card
    places = sum(len(end.name) + len(end.context) + 3 for end in (*card.here, *card.there))
    actors = sum(len(one.name) + 2 for one in (*card.carriers, *sheet.partners))
    lines = ceil(len(card.title) * 1.8 / HEAD_LINE) + ceil(len(card.summary) * 1.2 / HEAD_LINE)
    return 2 * max(0, lines + ceil(places / HEAD_LINE) + ceil(actors / HEAD_LINE) - HEAD_FREE)


def _shared(wanted: dict[str, int], lines: int) -> dict[str, int]:
    """Lines for each part: the short ones get all they want, the long ones an equal share of what is left."""
    given: dict[str, int] = {}
    for name in sorted(wanted, key=lambda one: wanted[one]):
        given[name] = min(wanted[name], max(0, lines) // (len(wanted) - len(given)))
        lines -= given[name]
    return given


def _cut(paragraphs: list[str], lines: int) -> list[Piece]:
    pieces = []
    for paragraph in paragraphs:
        kept = paragraph if _lines(paragraph) <= lines else _beginning(paragraph, (lines - PARAGRAPH) * LINE)
        lines = lines - _lines(paragraph) if kept == paragraph else 0
        pieces.append(Piece(kept, paragraph[len(kept) :]))
    return pieces


def _beginning(text: str, length: int) -> str:
    """Whole sentences where they fill half of the length, else whole words; "" when there is no room for a line."""
    if length < LINE:
        return ""
    start = text[: length + 1]
    sentence = max(start.rfind(mark) for mark in (". ", "! ", "? ", "… ")) + 1
    word = start.rfind(" ")
    return text[:sentence] if sentence > length // 2 else text[: word if word > 0 else length]


def qr(address: str) -> str:
    """The QR code of an address as an SVG picture: black on white, one path, readable when a quarter is lost."""
    import qrcode  # noqa: PLC0415  # comes with the first code only

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=QR_BORDER)
    code.add_data(address)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in _runs(row))
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>\n'
    )


def _runs(row: list[bool]) -> Iterator[tuple[int, int]]:
    """Where the dark modules of a row begin, and how many follow one another."""
    at = 0
    for is_dark, run in groupby(row):
        length = len(list(run))
        if is_dark:
            yield at, length
        at += length
