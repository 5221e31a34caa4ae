"""From a query to judged places: read, gather, rank, fall back to the region or the country, judge."""

import math
from typing import Final

from directory.reference.keys import Side

from .candidates import Candidate, Candidates, How
from .lineage import place_of
from .places import Kind, Place, Verdict
from .ranking import Ranked, Ranking, confidence, distinct, features, verdict
from .several import joined, readings
from .spelling import compact
from .store import Row, Store
from .wording import Lexicon, Wording, read, trailing_country, without_opening

#: An answer that stands for an unknown place is never more certain than this.
APPROXIMATE_CONFIDENCE: Final = 0.5
#: A bare name that several countries share is never more certain than this.
SHARED_NAME_CONFIDENCE: Final = 0.5
#: The similarity of a name that is the one asked.
EXACT: Final = 0.97
#: Rivals beyond the answers shown still count for the confidence.
FEWEST_COMPARED: Final = 8


class Search:
    """Searches in one gazetteer; the file is read when it is made, and may raise what ``Store`` raises."""

    def __init__(self, store: Store) -> None:
        self.store = store
        names = {code: row.name for code, row in store.departements.items()}
        self.lexicon = Lexicon.of(store.country_words, names)
        self.weights: dict[str, float] = store.calibration["weights"]

    def find(self, query: str, side: Side | None, limit: int, *, is_typing: bool = False) -> list[Place]:
        """Return the places a query may mean, best first; only the first has a verdict."""
        ranked, ranking = self._ranked(query, side, is_typing=is_typing)
        if not is_typing and ranking.is_weak(ranked):
            fallback = self._fallback(ranking.wording, ranking.candidates, ranked)
            if fallback is not None:
                return self._instead(fallback, ranked, limit)
        if not ranked:
            return []
        return self._judged(distinct(ranked, max(limit, FEWEST_COMPARED)), ranking, limit)

    def parts(self, query: str, side: Side | None) -> list[str]:
        """Return a query for each place of a list, when every part of it names one; else the whole query."""
        lists = readings(query, self.lexicon)
        if not lists or self._is_name(query, side) or (side is not None and self._is_name(query, None)):
            return [query]
        for parts in lists:
            if len(parts.names) > 2:
                parts = joined(parts, query, lambda name: self._is_name(name, side))
            if len(parts.names) > 1 and all(self._names_a_place(part, side) for part in parts.queries):
                return parts.queries
        return [query]

    def listed(self, query: str, side: Side | None, limit: int) -> list[Place]:
        """Return one place for each part of a list, then their rivals; nothing for a query that is no list."""
        parts = self.parts(query, side)
        if len(parts) < 2:
            return []
        answers = [self.find(part, side, limit) for part in parts]
        firsts = [found[0] for found in answers]
        comment = f"Plusieurs lieux\u202f: {', '.join(place.name for place in firsts)}."
        first = firsts[0].judged(Verdict.AMBIGUOUS, min(firsts[0].confidence, SHARED_NAME_CONFIDENCE), comment)
        others = [place.judged(None, place.confidence) for found in answers for place in found[1:]]
        places = {place.keys: place for place in [first, *firsts[1:], *others][::-1]}
        return list(places.values())[::-1][: max(limit, len(firsts))]

    def _is_name(self, query: str, side: Side | None) -> bool:
        """Return whether the whole query is the name of one place, or a place and what holds it."""
        ranked, ranking = self._ranked(query, side, is_typing=False)
        if not ranked or ranking.is_weak(ranked):
            return False
        first = ranked[0].candidate
        is_whole = first.text in (ranking.wording.main, without_opening(ranking.wording.main)[0])
        is_held = first.has_context or ranking.wording.departement is not None
        has_alternatives = not ranking.wording.context or is_held
        return first.how is How.EXACT and is_whole and first.similarity >= EXACT and has_alternatives

    def _names_a_place(self, query: str, side: Side | None) -> bool:
        ranked, ranking = self._ranked(query, side, is_typing=False)
        if not ranked or ranking.is_weak(ranked):
            return False
        return ranked[0].candidate.how is How.EXACT and ranked[0].candidate.similarity >= EXACT

    def country_named(self, query: str) -> str | None:
        """Return the country that a query tells besides its place."""
        told = read(query, self.lexicon, None)
        return told.country or (trailing_country(told.main.split(), self.lexicon)[0] if " " in told.main else None)

    def weigh(self, query: str, side: Side | None) -> tuple[Place, dict[str, float], bool] | None:
        """Return the first place, what its confidence depends on, and whether its name is the one asked."""
        ranked, ranking = self._ranked(query, side, is_typing=False)
        if not ranked or (ranking.is_weak(ranked) and self._fallback(ranking.wording, ranking.candidates, ranked)):
            return None
        few = distinct(ranked, FEWEST_COMPARED)
        return place_of(few[0].row, self.store), features(few, ranking), few[0].candidate.similarity >= EXACT

    def _ranked(self, query: str, side: Side | None, *, is_typing: bool) -> tuple[list[Ranked], Ranking]:
        wording = read(query, self.lexicon, side)
        candidates = Candidates(wording, side, self.store, self.lexicon, is_typing=is_typing)
        candidates.gather()
        ranking = Ranking(candidates)
        return ranking.ranked(), ranking

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
        is_there = country is not None and country.is_on(candidates.side)
        return None if country is None or not is_there else self._approximate(country, 0.3, comment)

    def _approximate(self, row: Row, probability: float, comment: str) -> Place:
        return place_of(row, self.store).judged(Verdict.APPROXIMATE, probability, comment)

    def _instead(self, fallback: Place, ranked: list[Ranked], limit: int) -> list[Place]:
        others = (place_of(item.row, self.store) for item in distinct(ranked, limit))
        return [fallback, *(place for place in others if place.keys != fallback.keys)][:limit]

    def _judged(self, ranked: list[Ranked], ranking: Ranking, limit: int) -> list[Place]:
        first = ranked[0]
        probability = confidence(features(ranked, ranking), self.weights)
        judgement = verdict(probability, first, self.store.calibration)
        comment = ""
        if judgement is Verdict.SURE and self._is_doubtful(first, ranking):
            judgement = Verdict.PROBABLE
        if judgement is Verdict.SURE and self._is_region_and_seat(first, ranking):
            judgement, comment = Verdict.PROBABLE, "Une ville et sa région portent ce nom."
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

    def _is_doubtful(self, first: Ranked, ranking: Ranking) -> bool:
        """Return whether the place is not where the query says, or bears a longer name than the one asked."""
        misses = (
            bool(ranking.candidates.contexts) and not first.candidate.has_context and not ranking.wording.departement
        )
        return misses or (first.candidate.how is How.BEGINNING and not first.row.is_here)

    def _is_region_and_seat(self, first: Ranked, ranking: Ranking) -> bool:
        """Return whether the query is a bare name of a region abroad and of a town of it, no capital of a country."""
        wording = ranking.wording
        if wording.country or wording.context or first.candidate.has_context or first.candidate.preference:
            return False
        if first.row.kind not in (Kind.TOWN, Kind.DIVISION) or first.row.is_here or first.row.id in self.store.capitals:
            return False
        rows = ranking.candidates.named(compact(first.candidate.text))
        towns = {row.division for row in rows if row.kind is Kind.TOWN and row.id not in self.store.capitals}
        regions = {row.division for row in rows if row.kind is Kind.DIVISION}
        return first.row.division is not None and first.row.division in towns & regions

    def _is_shared_name(self, wording: Wording, candidate: Candidate) -> bool:
        """Return whether the query is a bare name that several countries share."""
        is_bare = wording.country is None and not wording.context and not candidate.has_context
        return is_bare and compact(wording.main) in self.store.shared_names
