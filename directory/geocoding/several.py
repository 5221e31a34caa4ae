"""A field that names several places: « Kayes et Ségou », « Syrie / Liban », « Kita, Nioro et Yélimané (Mali) »."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from .spelling import fold
from .wording import Lexicon, trailing_country, without_opening

MOST_PARTS: Final = 10
_LIST: Final = re.compile(r"\s*[/;+]\s*|\s+(?:et|and|ainsi que|puis)\s+|\s*&\s*", re.IGNORECASE)
_HINT: Final = re.compile(r"^([^(,]*)([(,].*)$", re.DOTALL)
_BRACKETS: Final = re.compile(r"\(.*\)\s*$", re.DOTALL)


class Parts(NamedTuple):
    """The names of a list and what is said of all of them: « , Mali »."""

    names: tuple[str, ...]
    hint: str

    @property
    def queries(self) -> list[str]:
        """Return a query for each name, as somebody would write it: « Kita (Mali) », « Ségou, au Mali »."""
        space = " " if self.hint.startswith("(") else ""
        return [f"{name}{space}{self.hint}" for name in self.names]


def _listed(text: str) -> list[str]:
    return [part for part in (part.strip(" ,") for part in _LIST.split(text)) if fold(part)]


def _with_country(names: list[str], lexicon: Lexicon) -> Parts:
    """Set apart the country that closes the last name and holds for all: « Kayes et Ségou au Mali »."""
    country, rest = trailing_country(fold(names[-1]).split(), lexicon)
    if country is None or not rest:
        return Parts(tuple(names), "")
    words, alone = names[-1].split(), " ".join(rest)
    # The words as typed, where folding keeps them apart: somebody may read them again.
    cut = next((cut for cut in range(1, len(words)) if fold(" ".join(words[:cut])) == alone), None)
    if cut is None:
        return Parts((*names[:-1], alone), f", {' '.join(fold(names[-1]).split()[len(rest) :])}")
    return Parts((*names[:-1], " ".join(words[:cut])), f", {' '.join(words[cut:])}")


def readings(query: str, lexicon: Lexicon) -> list[Parts]:
    """Return the ways in which a query may be a list, the likeliest first; none for most queries."""
    found = []
    head, hint = (matched[1], matched[2]) if (matched := _HINT.match(query)) else (query, "")
    bracket = _BRACKETS.search(query)
    listed = _listed(head)
    if 2 <= len(listed) <= MOST_PARTS:
        found.append(Parts(tuple(listed), hint) if hint else _with_country(listed, lexicon))
    if "," in query:
        # « Kita, Nioro et Yélimané »: commas are part of the list when « et » closes it, or when there are two.
        bare, hint = (query[: bracket.start()], query[bracket.start() :]) if bracket else (query, "")
        listed = [name for part in bare.split(",") for name in _listed(part)]
        are_countries = all(fold(name) in lexicon.countries for name in listed)
        is_list = len(listed) > 2 or (len(listed) == 2 and (bool(hint) or are_countries))
        if is_list and len(listed) <= MOST_PARTS:
            last = lexicon.countries.get(fold(listed[-1]))
            is_hint = last is not None and fold(listed[0]) not in lexicon.countries
            found.append(Parts(tuple(listed[:-1]), f", {listed[-1]}") if is_hint else Parts(tuple(listed), hint))
    return [parts for parts in found if len(parts.names) > 1 and _is_credible(parts, lexicon)]


def joined(parts: Parts, query: str, is_name: Callable[[str], bool]) -> Parts:
    """Put together again the names that « et » is part of: « Lot et Garonne » in « Lot et Garonne et Gers »."""
    names: list[str] = []
    for name in parts.names:
        whole = f"{names[-1]} et {name}" if names else ""
        is_so_typed = bool(whole) and re.search(rf"{re.escape(names[-1])}\s+(?:et|&)\s+{re.escape(name)}", query)
        if is_so_typed and is_name(f"{whole}{parts.hint}"):
            names[-1] = whole
        else:
            names.append(name)
    return Parts(tuple(names), parts.hint)


def _is_credible(parts: Parts, lexicon: Lexicon) -> bool:
    """Return whether the parts stand side by side: « Alep / Syrie » is a place and its country."""
    countries = sum(fold(name) in lexicon.countries for name in parts.names)
    opened = without_opening(fold(parts.names[0]))[1]
    is_group = opened is not None and not any(without_opening(fold(name))[1] for name in parts.names[1:])
    return countries in (0, len(parts.names)) and not (is_group and "communaute" in fold(parts.names[0]))
