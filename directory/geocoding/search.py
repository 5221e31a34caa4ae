"""From a query to judged places: read, gather, rank, fall back to the region or the country, judge."""

import math
from typing import Final

from directory.reference.keys import Side

from .candidates import Candidate, Candidates, How
from .lineage import place_of
from .places import Place, Verdict
from .ranking import Ranked, Ranking, confidence, distinct, features, verdict
from .spelling import compact
from .store import Row, Store
from .wording import Lexicon, Wording, read

#: An answer that stands for an unknown place is never more certain than this.
APPROXIMATE_CONFIDENCE: Final = 0.5
#: A bare name that several countries share is never more certain than this.
SHARED_NAME_CONFIDENCE: Final = 0.5
#: Rivals beyond the answers shown still count for the confidence.
FEWEST_COMPARED: Final = 8


class Search:
    """Searches in one gazetteer; the file is read when it is made, and may raise what ``Store`` raises."""

    def __init__(self, store: Store) -> None:
        self.store = store
        names = {code: row.name for code, row in store.departements.items()}
        self.lexicon = Lexicon.of(store.country_words, names)
        self.weights: dict[str, float] = store.calibration["weights"]
        self.sure: float = store.calibration["sure"]
        self.probable: float = store.calibration["probable"]

    def find(self, query: str, side: Side | None, limit: int, *, is_typing: bool = False) -> list[Place]:
        """Return the places a query may mean, best first; only the first has a verdict."""
        wording = read(query, self.lexicon, side)
        candidates = Candidates(wording, side, self.store, self.lexicon, is_typing=is_typing)
        candidates.gather()
        ranking = Ranking(candidates)
        ranked = ranking.ranked()
        if not is_typing and ranking.is_weak(ranked):
            fallback = self._fallback(wording, candidates, ranked)
            if fallback is not None:
                return self._instead(fallback, ranked, limit)
        if not ranked:
            return []
        return self._judged(distinct(ranked, max(limit, FEWEST_COMPARED)), ranking, limit)

    def _fallback(self, wording: Wording, candidates: Candidates, ranked: list[Ranked]) -> Place | None:
        """Return the region or the country that the query names besides, judged as an approximation."""
        told = wording.country
        first = ranked[0] if ranked else None
        is_in_country = first is not None and told is not None and first.row.country == told
        if candidates.contexts:
            row, _ = candidates.contexts[0]
            comment = f"Lieu inconnu\u202f: point placé sur «\u00a0{place_of(row, self.store).name}\u00a0»."
            return self._approximate(row, 0.4, comment)
        if first is not None and first.candidate.how is How.WINDOW and is_in_country:
            return None
        if told in (None, "FR") or (is_in_country and first is not None and first.candidate.similarity >= 0.76):
            return None
        country = self.store.countries.get(told or "")
        comment = "Lieu inconnu\u202f: point placé sur le pays."
        return None if country is None else self._approximate(country, 0.3, comment)

    def _approximate(self, row: Row, probability: float, comment: str) -> Place:
        return place_of(row, self.store).judged(Verdict.APPROXIMATE, probability, comment)

    def _instead(self, fallback: Place, ranked: list[Ranked], limit: int) -> list[Place]:
        others = (place_of(item.row, self.store) for item in distinct(ranked, limit))
        return [fallback, *(place for place in others if place.keys != fallback.keys)][:limit]

    def _judged(self, ranked: list[Ranked], ranking: Ranking, limit: int) -> list[Place]:
        first = ranked[0]
        probability = confidence(features(ranked, ranking), self.weights)
        judgement, comment = verdict(probability, first.candidate.similarity, self.sure, self.probable), ""
        if self._is_shared_name(ranking.wording, first.candidate):
            judgement, probability = Verdict.AMBIGUOUS, min(probability, SHARED_NAME_CONFIDENCE)
            comment = "Plusieurs pays portent ce nom."
        is_stand_in = first.candidate.how is How.POSTCODE and bool(ranking.wording.main)
        if is_stand_in or first.row.is_coarse:
            judgement, probability = Verdict.APPROXIMATE, min(probability, APPROXIMATE_CONFIDENCE)
            comment = "Lieu inconnu\u202f: point placé sur la commune du code postal." if is_stand_in else ""
        places = [place_of(first.row, self.store).judged(judgement, probability, comment)]
        for item in ranked[1:limit]:
            share = max(0.01, probability * math.exp(item.score - first.score) * 0.9)
            place = place_of(item.row, self.store)
            places.append(place.judged(None, share))
        return places

    def _is_shared_name(self, wording: Wording, candidate: Candidate) -> bool:
        """Return whether the query is a bare name that several countries share."""
        is_bare = wording.country is None and not wording.context and not candidate.has_context
        return is_bare and compact(wording.main) in self.store.shared_names
