"""The places a query may mean: by exact name, by its beginning, misspelt, by a part of it, by postcode."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from directory.reference.keys import Side

from .fuzzy import close_names
from .places import Kind
from .spelling import compact, fold
from .store import Row, Store
from .wording import SETTLEMENT, Lexicon, Preference, Wording, trailing_country, without_opening, without_preposition

#: While typing, the beginning of a name counts more than the beginning of what follows « région de ».
SHORTENED_MALUS = 0.25
_LINKS = frozenset("de du des d la le les l".split())
_IN = frozenset("en au aux a dans".split())
_IN_OR_OF = _IN | frozenset("de du des d".split())
_TOWN_WORDS = frozenset(("ville", "city", "ciudad"))
#: Words that are no clue when they are alone a place's name.
_COMMON_WORDS = frozenset("camps canton village district region saint sainte grand petit".split())
_HOLDERS_THERE = frozenset((Kind.DIVISION, Kind.SUBDIVISION, Kind.COUNTRY, Kind.LANDSCAPE))
_HOLDERS_HERE = frozenset((Kind.DEPARTEMENT, Kind.REGION))


class How(Enum):
    """How a candidate was found."""

    EXACT = "exact"
    BEGINNING = "beginning"
    PREFIX = "prefix"
    FUZZY = "fuzzy"
    WINDOW = "window"
    POSTCODE = "postcode"
    FALLBACK = "fallback"


class Hypothesis(NamedTuple):
    """One reading of the query: folded text of the name, preferred kinds, country told, and a malus."""

    text: str
    preference: Preference | None
    country: str | None
    malus: float


@dataclass(slots=True)
class Candidate:
    """A place that may be meant: similarity of the name from 0 to 1, quality of the name (10 is official)."""

    similarity: float
    how: How
    text: str = ""
    quality: int = 10
    preference: Preference | None = None
    country: str | None = None
    has_context: bool = False
    is_borough_of_postcode: bool = False


class Candidates:
    """The candidates for one query, gathered from the surest way of finding them to the loosest."""

    def __init__(self, wording: Wording, side: Side | None, store: Store, lexicon: Lexicon, *, is_typing: bool) -> None:
        self.wording, self.side, self.store, self.lexicon, self.is_typing = wording, side, store, lexicon, is_typing
        self.found: dict[int, Candidate] = {}
        self.rows: dict[int, Row] = {}
        self.of_postcode = set(store.postcode(wording.postcode)) if wording.postcode else set()
        self.hypotheses: list[Hypothesis] = []
        self.contexts: list[tuple[Row, str]] = []

    def gather(self) -> None:
        """Find all candidates."""
        if self.wording.main:
            self._read_hypotheses()
            for hypothesis in self.hypotheses:
                self._see_exact(hypothesis)
            self._see_shared_names()
            if not self.is_typing:
                self._see_splits()
        self.contexts = [found for text in self.wording.context if (found := self._context_place(text))]
        if self.wording.main and (not self.is_typing or len(self.found) < 5) and not self._has_good_match():
            for hypothesis in self.hypotheses:
                self._see_approximate(hypothesis)
        if self.of_postcode:
            self._see_postcode()

    def row(self, identifiers: Iterable[int]) -> list[Row]:
        """Return rows by id, read once."""
        wanted = list(identifiers)
        missing = [identifier for identifier in wanted if identifier not in self.rows]
        if missing:
            self.rows |= self.store.places(missing)
        return [self.rows[identifier] for identifier in wanted if identifier in self.rows]

    def named(self, key: str) -> list[Row]:
        """Return the places of this side that have a name."""
        return [row for row in self.row(place for place, _ in self.store.exact(key)) if row.is_on(self.side)]

    @property
    def context_countries(self) -> set[str]:
        """Return the countries of the places named as context."""
        return {row.country for row, _ in self.contexts}

    # The readings of the query

    def _suppose(self, text: str, preference: Preference | None, country: str | None, malus: float) -> None:
        if text and not any(known.text == text and known.country == country for known in self.hypotheses):
            self.hypotheses.append(Hypothesis(text, preference, country, malus))

    def _read_hypotheses(self) -> None:
        main, country = self.wording.main, self.wording.country
        names_its_country = country is not None and self.lexicon.countries.get(main) == country
        self._suppose(main, SETTLEMENT if names_its_country else None, country, 0.0)
        short, preference = without_opening(main)
        if preference:
            is_name = preference is SETTLEMENT and bool(self.named(compact(main)))
            self.hypotheses.append(Hypothesis(short, preference, country, 0.16 if is_name else 0.0))
        bare = without_preposition(main)
        if bare != main:
            self._suppose(bare, None, country, 0.02)
        words = short.split()
        if len(words) > 1 and words[-1] in _TOWN_WORDS:
            self._suppose(" ".join(words[:-1]), SETTLEMENT, country, 0.0)
        if self.side is not Side.HERE and not country:
            self._read_trailing_country()

    def _read_trailing_country(self) -> None:
        main = self.wording.main
        country, words = trailing_country(main.split(), self.lexicon)
        if country is None or not words:
            return
        rest = " ".join(words)
        short, preference = without_opening(rest)
        self._suppose(rest, SETTLEMENT if self.lexicon.countries.get(rest) == country else None, country, 0.0)
        if preference:
            self._suppose(short, preference, country, 0.0)
        if not self.store.exact(compact(main)):
            self.wording.country = country
            self.hypotheses = [known for known in self.hypotheses if known.country]

    # The ways of finding

    def _see(self, place: int, similarity: float, how: How, hypothesis: Hypothesis, quality: int = 10) -> None:
        known = self.found.get(place)
        country, preference = hypothesis.country, hypothesis.preference
        strength = (similarity, country is not None, preference is not None)
        if known is None or strength > (known.similarity, known.country is not None, known.preference is not None):
            self.found[place] = Candidate(similarity, how, hypothesis.text, quality, preference, country)

    def _see_exact(self, hypothesis: Hypothesis) -> None:
        key = compact(hypothesis.text)
        for place, quality in self.store.exact(key):
            self._see(place, 1.0 - hypothesis.malus, How.EXACT, hypothesis, quality)
        if self.is_typing:
            for place, (quality, _) in self._beginning_with(key).items():
                malus = hypothesis.malus + (0.0 if hypothesis.text == self.wording.main else SHORTENED_MALUS)
                self._see(place, 0.93 - malus, How.PREFIX, hypothesis, quality)
        elif len(key) >= 4:
            # « Evry » → Évry-Courcouronnes, « La Seyne » → La Seyne-sur-Mer
            for row in self.row(place for place in self._beginning_with(key) if place not in self.found):
                if row.kind in (Kind.TOWN, Kind.COMMUNE) and fold(row.name).startswith(hypothesis.text + " "):
                    self._see(row.id, 0.955 - hypothesis.malus, How.BEGINNING, hypothesis)

    def _beginning_with(self, key: str) -> dict[int, tuple[int, int]]:
        """Return (quality, length) of the likeliest names with a prefix, by place."""
        found = self.store.beginning(key, self.side)
        return {place: (quality, length) for place, quality, length in found}

    def _see_shared_names(self) -> None:
        if self.wording.country or self.side is Side.HERE:
            return
        for rank, country in enumerate(self.store.shared_names.get(compact(self.wording.main), [])):
            row = self.store.countries.get(country)
            if row is not None:
                self._see(row.id, 1.0 - 0.05 * min(rank, 1), How.EXACT, Hypothesis(self.wording.main, None, None, 0))

    def _see_splits(self) -> None:
        """Try « place + what holds it » without punctuation: « Bukavu Sud-Kivu »."""
        words = self.wording.main.split()
        if not 2 <= len(words) <= 7:
            return
        for cut in range(1, len(words)):
            left, right = words[:cut], words[cut:]
            if right[0] in _LINKS or left[-1] in _LINKS:
                continue
            while len(right) > 1 and right[0] in _IN:
                right = right[1:]
            while len(left) > 1 and left[-1] in _IN_OR_OF:
                left = left[:-1]
            if len("".join(right)) >= 4:
                self._see_split(" ".join(left), "".join(right))

    def _see_split(self, left: str, right: str) -> None:
        holders = [row for row in self.named(right) if row.kind in (_HOLDERS_HERE if row.is_here else _HOLDERS_THERE)]
        countries = {row.country for row in holders if not row.is_here}
        departements = {row.division for row in holders if row.is_here}
        first = left.partition(" ")[0]
        for text in dict.fromkeys((left, without_opening(left)[0], first)) if holders else ():
            for row in self.row(place for place, _ in self.store.exact(compact(text))):
                is_held = row.division in departements if row.is_here else row.country in countries
                if is_held and self.wording.country in (None, row.country):
                    similarity = 0.99 if text == left or text != first else 0.86
                    self._see(row.id, similarity, How.EXACT, Hypothesis(text, None, row.country, 0.0))
                    if self.found[row.id].text == text:
                        self.found[row.id].has_context = True

    def _context_place(self, text: str) -> tuple[Row, str] | None:
        """Return the likeliest place that a part of the query names as context."""
        if not self.store.exact(compact(text)):
            text = without_preposition(text)
        short, preference = without_opening(text)
        preferred = preference or {}

        def weight(row: Row) -> float:
            is_holder = row.kind in (Kind.DIVISION, Kind.SUBDIVISION, Kind.LANDSCAPE)
            return row.prior + preferred.get(row.kind, 0.0) + (0.5 if is_holder else 0.0)

        rows = self.named(compact(short)) + self.named(compact(text))
        best = max((row for row in rows if self.wording.country in (None, row.country)), key=weight, default=None)
        return None if best is None else (best, text)

    def _has_good_match(self) -> bool:
        """Return whether an exact name agrees with the country and the context."""
        context = self.context_countries
        for row in self.row(self.found):
            candidate = self.found[row.id]
            country = candidate.country or self.wording.country
            if (
                candidate.how is How.EXACT
                and candidate.similarity >= 0.97
                and row.is_on(self.side)
                and country in (None, row.country)
                and (country is not None or not context or row.country in context)
            ):
                return True
        return False

    def _see_approximate(self, hypothesis: Hypothesis) -> None:
        key = compact(hypothesis.text)
        if len(key) >= 5 and not self.is_typing:
            for place, (quality, length) in self._beginning_with(key).items():
                similarity = max(0.74, 0.84 - 0.015 * (length - len(key)))
                self._see(place, similarity - hypothesis.malus, How.PREFIX, hypothesis, quality)
        limit = 150 if hypothesis.country or self.wording.country else 40
        for close in close_names(key, self.side, self.store, limit, is_typing=self.is_typing):
            for place, quality in self.store.names.bearers(close.name):
                self._see(place, close.similarity * 0.985 - hypothesis.malus, How.FUZZY, hypothesis, quality)
        if not self.is_typing:
            self._see_windows(hypothesis, len(key))

    def _see_windows(self, hypothesis: Hypothesis, size: int) -> None:
        """Try the names made of some consecutive words of a description (of 12 words at most)."""
        words = hypothesis.text.split()[:12]
        for first in range(len(words)):
            for last in range(len(words), first, -1):
                part = "".join(words[first:last])
                if last - first < len(words) and len(part) >= 5:
                    malus = hypothesis.malus + (0.04 if part in _COMMON_WORDS else 0.0)
                    for place, quality in self.store.exact(part):
                        self._see(place, 0.60 + 0.3 * len(part) / size - malus, How.WINDOW, hypothesis, quality)

    def _see_postcode(self) -> None:
        """Try the communes of the postcode, when the name says nothing better."""
        main = self.wording.main
        hypothesis = Hypothesis(main, None, "FR", 0.0)
        if not main:
            for place in self.of_postcode:
                self._see(place, 0.95, How.POSTCODE, hypothesis)
            return
        known = [self.found[place] for place in self.of_postcode if place in self.found]
        if not self.is_typing and not any(c.similarity > 0.75 for c in known) and not self.named(compact(main)):
            for place in self.of_postcode:
                self._see(place, 0.80, How.POSTCODE, hypothesis)
        town = main.partition(" ")[0]
        for row in self.row(self.of_postcode):
            if row.kind is Kind.BOROUGH and fold(row.name).startswith(f"{town} "):
                self._see(row.id, 1.0, How.EXACT, hypothesis._replace(preference=SETTLEMENT))
                self.found[row.id].is_borough_of_postcode = True
