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
LINE = 55
"""Characters on a line of one of the two columns."""
PARAGRAPH, HEADING, SIDE = 0.35, 1.9, 1.3
"""Lines that a space between paragraphs, the heading of a part and the name of a side take beside the text."""
PAGE, CODE, LINE_MM = 270.0, 38.0, 4.6
"""Heights in millimetres, as static/css/print.css has them: of the page, of its foot with its margins, of a line."""
MAP, GAPS, CLAMPED = 48.0, 28.0, 5
"""Height of the map, what lies between the parts of the head, lines of actors and of further places at most."""
LEAST, SHORT, FEW = 8, 20, 5
"""Lines of the story, whatever the head; of one that a single column in larger letters holds; of a part worth it."""
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

    lines: float
    """Of a column, as they are printed."""

    @property
    def shown(self) -> list[str]:
        """The parts of which the paper keeps something."""
        return [name for name, pieces in self.parts.items() if any(piece.kept for piece in pieces)]

    @property
    def is_short(self) -> bool:
        """One column, in larger letters, is enough."""
        return self.lines <= SHORT and not self.is_cut

    @property
    def is_cut(self) -> bool:
        """The paper leaves something out."""
        return any(piece.rest for pieces in self.parts.values() for piece in pieces)


def story(sheet: Sheet) -> Story:
    """What is told, shared out so that a long part leaves room for the others; cut after a sentence, else a word."""
    told = {name: _paragraphs(getattr(sheet, name)) for name in PARTS}
    wanted = {name: _heading(name) + sum(_lines(one) for one in told[name]) for name in PARTS if told[name]}
    given = _shared(wanted, room(sheet))
    return Story({name: _cut(told[name], given.get(name, 0) - _heading(name)) for name in PARTS}, sum(given.values()))


def room(sheet: Sheet) -> int:
    """The lines of both columns that the head of a sheet leaves to its story."""
    card = sheet.card
    first = max(_rows(len(end.name), 24, 2) for end in (card.here[0], card.there[0]))
    further = max(_rows(sum(len(end.name) + 2 for end in ends[1:]), 46, CLAMPED) for ends in (card.here, card.there))
    actors = sum(
        4.1 + 4.6 * max(1, _rows(sum(len(one.name) + 2 for one in ones), 70, CLAMPED))
        for ones in (card.carriers, sheet.partners)
    )
    sentence = len(card.here[0].words) + len(card.there[0].words) + len(card.summary) + 20
    facts = (
        sum(len(words) + 3 for words in (*card.sectors, sheet.nature or "", card.stage)) + 4 * len(sheet.publics) ** 2
    )
    head = 7.5 * _rows(len(card.title), 46) + 5.5 * _rows(sentence, 80) + 4.4 * _rows(facts, 100)
    head += 7.5 * first + 4.5 * further + max(MAP, actors + 10) + GAPS + (6 if card.origin != "carrier" else 0)
    return max(LEAST, 2 * int((PAGE - CODE - head) / LINE_MM))


def _rows(length: int, line: int, most: int = 99) -> int:
    return min(most, ceil(length / line))


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.splitlines() if part.strip()]


def _heading(name: str) -> float:
    """Lines beside the text: the heading, and who says it."""
    return {"description": HEADING, "meeting": HEADING + 1}.get(name, SIDE + (HEADING + 1) / 2)


def _lines(paragraph: str) -> float:
    return PARAGRAPH + ceil(len(paragraph) / LINE)


def _shared(wanted: dict[str, float], lines: float) -> dict[str, float]:
    """Lines for each part: the short ones get all they want, the long ones an equal share of what is left.

    Where shares would be a line or two, the last parts are left to the screen.
    """
    worth = max(1, int(lines // FEW))
    given: dict[str, float] = {}
    kept = dict(list(wanted.items())[:worth])
    for name in sorted(kept, key=lambda one: kept[one]):
        given[name] = min(kept[name], max(0, lines) / (len(kept) - len(given)))
        lines -= given[name]
    return given


def _cut(paragraphs: list[str], lines: float) -> list[Piece]:
    pieces = []
    for paragraph in paragraphs:
        kept = paragraph if _lines(paragraph) <= lines + 0.01 else _beginning(paragraph, int(lines - PARAGRAPH) * LINE)
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
