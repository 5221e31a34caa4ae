"""Ordering the candidates, and telling how far the first one may be trusted."""

import math
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from directory.core.geography import distance_km

from .candidates import Candidate, Candidates, How
from .places import SETTLEMENTS, Kind, Verdict
from .spelling import compact, fold
from .store import Row
from .wording import without_opening

SIMILARITY_WEIGHT: Final = 6.0
QUALITY_WEIGHT: Final = 0.05
IN_COUNTRY: Final = 1.5
OUT_OF_COUNTRY: Final = -4.0
IN_CONTEXT: Final = 0.9
PREFERRED_KIND: Final = 0.8
SHOWN_NAME: Final = 0.25
#: How far (in score) behind its region a town of the same name still comes first.
SEAT_WITHIN: Final = 0.3
#: Two points nearer than this (km) with one name are one place.
SAME_PLACE_KM: Final = 3.0
#: A rival counts from this distance (km) of a settlement, of anything else.
RIVAL_KM, RIVAL_KM_OF_AREA = 40.0, 150.0
#: A place this near (km) a town named as context is in its surroundings.
NEAR_KM: Final = 60.0
#: How close its name must be for a place to be sure, where all places are listed, and where villages are missing.
CLOSE_TO_ANY, CLOSE_TO_KNOWN = 0.88, 0.945
#: Towns of fewer people often have namesakes that no package lists.
SMALL_TOWN: Final = 3000
#: From a difference of priors to a ratio of populations: ten to the power of this.
POPULATION_POWER: Final = 7.5
_ONE_PLACE: Final = frozenset((Kind.TOWN, Kind.COMMUNE, Kind.FORMER_COMMUNE, Kind.SUBDIVISION))
_DIVISIONS: Final = frozenset((Kind.DIVISION, Kind.SUBDIVISION))


class Ranked(NamedTuple):
    """A candidate with its score; ``country`` is the one the query told."""

    score: float
    row: Row
    candidate: Candidate
    country: str | None


def apart(one: Row, other: Row) -> float:
    """Return the distance between two places in kilometres."""
    return distance_km(one.lon, one.lat, other.lon, other.lat)


class Ranking:
    """The scores of the candidates of one query."""

    def __init__(self, candidates: Candidates) -> None:
        self.candidates, self.wording, self.store = candidates, candidates.wording, candidates.store
        self.context_countries = candidates.context_countries
        texts = (text for part in self.wording.context for text in (without_opening(part)[0], part))
        self.context_keys = [key for text in texts if (key := compact(text))]

    def ranked(self) -> list[Ranked]:
        """Return the candidates of the side, best first."""
        side = self.candidates.side
        rows = (row for row in self.candidates.row(self.candidates.found) if row.is_on(side))
        return seat_first(sorted(map(self._rank, rows), key=lambda ranked: -ranked.score))

    def _rank(self, row: Row) -> Ranked:
        candidate = self.candidates.found[row.id]
        country = candidate.country or self.wording.country
        score = SIMILARITY_WEIGHT * candidate.similarity + row.prior + QUALITY_WEIGHT * (candidate.quality - 10)
        if country:
            score += IN_COUNTRY if row.country == country else OUT_OF_COUNTRY
        if candidate.preference is not None:
            score += PREFERRED_KIND * candidate.preference.get(row.kind, -0.5)
        if candidate.is_borough_of_postcode:
            score += 0.6
        score += self._spelling_score(row, candidate) + self._number_score(row)
        return Ranked(score + self._context_score(row, candidate, country), row, candidate, country)

    def _spelling_score(self, row: Row, candidate: Candidate) -> float:
        """Prefer the accents and the spaces of the query; while typing, the names shown rather than their aliases."""
        score = 0.0
        typed = compact(candidate.text)
        if self.candidates.is_typing and any(compact(n).startswith(typed) for n in (row.name, row.title or "")):
            score += SHOWN_NAME
        if candidate.similarity >= 0.99 and self.wording.raw and row.name.lower() in self.wording.raw:
            score += 0.15
        if (
            candidate.how is How.EXACT
            and candidate.similarity >= 0.999
            and compact(row.name) == compact(candidate.text)
        ):
            words = fold(row.name)
            if words != fold(candidate.text) and len(words.split()) != len(candidate.text.split()):
                score -= 0.25
        return score

    def _number_score(self, row: Row) -> float:
        """Prefer the département and the postcode of the query."""
        score = 0.0
        if self.wording.departement and row.is_here:
            score += 1.5 if row.division == self.wording.departement else -2.5
        postcode = self.wording.postcode
        if postcode:
            if row.id in self.candidates.of_postcode:
                score += 1.5
            else:
                score -= 0.3 if row.is_here and row.division and row.division[:2] == postcode[:2] else 2.0
        return score

    def _context_score(self, row: Row, candidate: Candidate, country: str | None) -> float:
        """Prefer the places that lie in what the query names besides."""
        if not self.context_keys:
            return IN_CONTEXT if candidate.has_context else 0.0
        holders = [compact(holder.name) for holder in self.store.ancestors(row)]
        departement = self.store.departements.get(row.division or "") if row.is_here else None
        if departement:
            holders.append(compact(departement.name))
        candidate.has_context = candidate.has_context or any(
            key == holder or fuzz.ratio(key, holder) > 85 for key in self.context_keys for holder in holders
        )
        candidate.has_context = candidate.has_context or any(
            near.kind in SETTLEMENTS and row.kind in SETTLEMENTS and near.id != row.id and apart(near, row) < NEAR_KM
            for near, _ in self.candidates.contexts
        )
        score = IN_CONTEXT if candidate.has_context else 0.0
        if self.context_countries and not country:
            score += 0.3 if row.country in self.context_countries else -1.8
        return score

    def is_weak(self, ranked: list[Ranked]) -> bool:
        """Return whether no candidate is credible where the query says to look."""
        if not ranked:
            return True
        _, row, candidate, _ = ranked[0]
        told = self.wording.country
        return (
            candidate.similarity < 0.80
            or (told is not None and row.country != told)
            or (bool(self.context_countries) and told is None and row.country not in self.context_countries)
        )


def seat_first(ranked: list[Ranked]) -> list[Ranked]:
    """Put the town before the region named after it, when the query says neither « région » nor the like."""
    first = ranked[0] if ranked else None
    if first is None or first.row.kind not in _DIVISIONS or first.candidate.preference is not None:
        return ranked
    for position, item in enumerate(ranked):
        if first.score - item.score > SEAT_WITHIN:
            break
        is_seat = item.row.kind is Kind.TOWN and item.row.country == first.row.country
        if is_seat and item.row.division == first.row.division and item.candidate.similarity >= 0.999:
            return [item._replace(score=first.score), *ranked[:position], *ranked[position + 1 :]]
    return ranked


def is_double(row: Row, other: Row) -> bool:
    """Return whether two places are one for people: a town and its commune, a district and its seat."""
    if row.country != other.country or compact(row.name) != compact(other.name):
        return False
    if row.kind is Kind.SUBDIVISION and row.division is not None and row.division == other.division:
        return True
    return row.kind in _ONE_PLACE and other.kind in _ONE_PLACE and apart(row, other) < SAME_PLACE_KM


def distinct(ranked: Iterable[Ranked], limit: int) -> list[Ranked]:
    """Return the first places, each once."""
    kept: list[Ranked] = []
    for item in ranked:
        if not any(is_double(item.row, other.row) for other in kept):
            kept.append(item)
            if len(kept) >= limit:
                break
    return kept


def is_rival(first: Ranked, other: Ranked) -> bool:
    """Return whether another candidate is a different place, not just the region around the first one."""
    distance = apart(first.row, other.row)
    if distance <= (RIVAL_KM if first.row.kind in SETTLEMENTS else RIVAL_KM_OF_AREA):
        return False
    is_around = (
        other.row.kind in _DIVISIONS
        and other.row.country == first.row.country
        and other.candidate.similarity <= first.candidate.similarity
        and not other.candidate.preference
        and distance < 300
    )
    return not is_around


def features(ranked: list[Ranked], ranking: Ranking) -> dict[str, float]:
    """Return what the confidence in the first place depends on, by name; all values are about 0 to 3."""
    first = ranked[0]
    score, row, candidate, country = first
    wording = ranking.wording
    rivals = [other for other in ranked[1:] if is_rival(first, other)]
    exact = [other for other in rivals if other.candidate.similarity >= 0.97]
    weight = sum(10 ** (POPULATION_POWER * min(other.row.prior - row.prior, 0.3)) for other in exact)
    in_departement = wording.departement is not None and row.division == wording.departement
    has_hint = country == row.country or in_departement or wording.postcode or candidate.has_context
    return {
        "bias": 1.0,
        "similarity": candidate.similarity,
        "is_exact": float(candidate.similarity >= 0.999),
        "margin": min(3.0, score - rivals[0].score) if rivals else 3.0,
        "hint_satisfied": float(bool(has_hint)),
        "prior": row.prior,
        "is_fuzzy": float(candidate.how in (How.FUZZY, How.WINDOW)),
        "is_prefix": float(candidate.how is How.PREFIX),
        "length": min(len(compact(candidate.text or wording.main)), 12) / 12,
        "exact_rivals": min(len(exact), 4) / 4,
        "weight_of_rivals": weight / (1 + weight),
        "is_beginning": float(candidate.how is How.BEGINNING),
        "misses_context": float(bool(ranking.candidates.contexts) and not candidate.has_context),
        "wrong_country": float(wording.country is not None and row.country != wording.country),
        "alias_quality": (candidate.quality - 10) / 4,
    }


def confidence(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return a probability from 0 to 1 (logistic model)."""
    return 1 / (1 + math.exp(-sum(weight * values.get(name, 0.0) for name, weight in weights.items())))


def verdict(probability: float, ranked: Ranked, thresholds: Mapping[str, float]) -> Verdict:
    """Return the verdict of a probability; a place is sure only under a name close to its own.

    All the communes are known here; there, what looks like a misspelt town may be a village that nobody listed, and a
    small town may have a smaller namesake that nobody listed either, unless the query says its region.
    """
    row, candidate = ranked.row, ranked.candidate
    is_guessed = candidate.how in (How.FUZZY, How.WINDOW) and not row.is_here
    is_small = row.kind is Kind.TOWN and not row.is_here and 0 < row.population < SMALL_TOWN
    close_enough = CLOSE_TO_KNOWN if is_guessed else CLOSE_TO_ANY
    is_known = candidate.has_context or not is_small
    if probability >= thresholds["sure"] and candidate.similarity >= close_enough and is_known:
        return Verdict.SURE
    return Verdict.PROBABLE if probability >= thresholds["probable"] else Verdict.AMBIGUOUS
