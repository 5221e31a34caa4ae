"""Small charts that the server writes: lengths and heights for SVG without a script, beside the numbers themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from directory.reference import wording

STEPS = (1, 2, 5, 10, 25)
"""Years that a column may stand for."""
MAX_COLUMNS = 36
HEIGHT = 100


@dataclass(frozen=True)
class Bar:
    """A line of a list: its words, its number, its length in hundredths of the longest, where it leads."""

    label: str
    count: int
    length: float
    href: str = ""


@dataclass(frozen=True)
class Column:
    """Some years: their words, how many initiatives began in them, the height in hundredths of the highest."""

    label: str
    count: int
    height: float


@dataclass(frozen=True)
class YearChart:
    """When initiatives began; `said` tells the chart in words, `undated` how many do not say."""

    columns: tuple[Column, ...]
    first: int
    last: int
    said: str
    undated: int

    @property
    def told(self) -> tuple[Column, ...]:
        """The columns that hold something, for a table."""
        return tuple(column for column in self.columns if column.count)


def bars(counted: Iterable[tuple[str, int, str]]) -> tuple[Bar, ...]:
    """Lines of (words, number, address), as long as their numbers."""
    lines = list(counted)
    most = max((count for _, count, _ in lines), default=1)
    return tuple(Bar(label, count, round(100 * count / most, 1), href) for label, count, href in lines)


def year_chart(years: Mapping[int, int], undated: int, this_year: int) -> YearChart | None:
    """The years in which initiatives began, until the present one; None when none says so."""
    if not years:
        return None
    first, last = min(years), max(this_year, *years)
    step = next((step for step in STEPS if last // step - first // step < MAX_COLUMNS), STEPS[-1])
    counts = dict.fromkeys(range(first // step, last // step + 1), 0)
    for year, count in years.items():
        counts[year // step] += count
    most = max(counts.values())
    columns = tuple(
        Column(_label(number * step, step, this_year), count, round(HEIGHT * count / most, 1))
        for number, count in counts.items()
    )
    busiest = max(columns, key=lambda column: column.count)
    most_words = wording.initiatives(busiest.count).lower()
    said = f"De {first} à {last}. Le plus de débuts\u00a0: {busiest.label}, {most_words}."
    return YearChart(columns, first, last, said, undated)


def _label(year: int, step: int, this_year: int) -> str:
    last = max(year, min(year + step - 1, this_year))
    return str(year) if year == last else f"{year} à {last}"
