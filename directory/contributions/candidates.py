"""What the words of a place may mean: one place that is sure, or a choice; never guessed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from directory.core.geography import distance_km
from directory.core.text import words
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.places import Place, Verdict
from directory.geocoding.providers import Proposal
from directory.reference import wording
from directory.reference.keys import Side

LIMIT = 5
"""Places of the gazetteer offered at most: what one reads at a glance."""
NONE = "aucune"
"""The choice « Aucune de ces propositions »."""
_SETTLED = frozenset({"commune", "ville"})
_WHOLE = {"pays": "le pays entier", "région": "la région entière", "département": "le département entier"}
_LARGER, _FEWEST = 3, 5_000
"""A place is situated by a town nearby that has three times its inhabitants, and five thousand at least."""
_NEARBY_KM = 40
_CORNERS = (-0.25, 0.25)
"""Degrees: half the side of a cell of the gazetteer."""

Online = Callable[[str], Sequence[Proposal]]
"""What was found online for some words, by whoever looked further already."""


@dataclass(frozen=True)
class Choice:
    """A place that the words may mean, with what tells it from the others; its number is also the one on the map.

    `credit` says whose data it is when it was found online.
    """

    number: int
    key: str
    name: str
    detail: str
    lon: float
    lat: float
    credit: str = ""


@dataclass(frozen=True)
class Reading:
    """What words mean: one place that is sure, or choices; `across` names what they rather mean on the other side."""

    place: dict[str, Any] | None = None
    choices: tuple[Choice, ...] = ()
    across: str = ""
    stands_in: bool = False
    """Nobody knows these words: the first choice is wider, and would stand for them."""

    @property
    def word(self) -> str:
        """How the choice is asked for, in a word."""
        if self.stands_in:
            return "Où le situer ?"
        return "Lequel ?" if len(self.choices) > 1 else "Est-ce bien lui ?"


UNREAD = Reading()


def nothing_online(typed: str) -> Sequence[Proposal]:
    """The site does not look further, or nobody asked."""
    return ()


def read(gazetteer: Gazetteer, typed: str, side: Side, online: Online = nothing_online) -> Reading:
    """The place of these words on a side when it is sure, else what they may mean there and on the other side.

    What was found online comes after what is embedded, and is never taken by itself.
    """
    found = gazetteer.find(typed, side=side, limit=LIMIT)
    if found and _is_sure(found, typed):
        return Reading(place=answer_of(found[0]))
    anywhere = gazetteer.find(typed, limit=LIMIT)
    across = ""
    if anywhere and anywhere[0].side is not side and not any(_is_named(place, typed) for place in found):
        is_sure = anywhere[0].verdict is Verdict.SURE
        across = anywhere[0].name if is_sure or _is_named(anywhere[0], typed) else ""
        found = [] if is_sure else found
    stands_in = bool(found) and found[0].verdict is Verdict.APPROXIMATE
    if stands_in:  # look-alikes elsewhere than in the country that was told would only be in the way
        found = [one for one in found if one.country == found[0].country or set(words(one.name)) <= set(words(typed))]
    embedded = [_choice(gazetteer, number, place) for number, place in enumerate(found, start=1)]
    further = [_choice_online(number, one) for number, one in enumerate(online(typed), start=len(embedded) + 1)]
    return Reading(choices=(*embedded, *further), across=across, stands_in=stands_in)


def _is_sure(found: list[Place], typed: str) -> bool:
    """A name with which several places begin is not sure: « pleumeur » may be Pleumeur-Bodou or Pleumeur-Gautier."""
    if found[0].verdict is not Verdict.SURE:
        return False
    said = words(typed)
    return _is_named(found[0], typed) or sum(words(place.name)[: len(said)] == said for place in found) < 2


def _is_named(place: Place, typed: str) -> bool:
    return words(place.name) == words(typed)


def choose(gazetteer: Gazetteer, key: str, typed: str, side: Side) -> tuple[dict[str, Any] | None, bool]:
    """The place of a key that a person chose, and whether it only stands for an unknown place around which it lies.

    None when the key is unknown, or lies on the other side.
    """
    place = gazetteer.place(key) if len(key) <= 20 else None
    if place is None or place.side is not side:
        return None, False
    first = next(iter(gazetteer.find(typed, side=side, limit=1)), None)
    is_wider = first is not None and first.key == key and first.verdict is Verdict.APPROXIMATE
    return answer_of(place, Verdict.APPROXIMATE if is_wider else Verdict.SURE), is_wider


def choose_online(choice: str, typed: str, online: Online) -> dict[str, Any] | None:
    """The place found online that a person chose, and by whom it was found; None when it is not among them."""
    found = next((one for one in online(typed) if one.choice == choice), None)
    return {**answer_of(found.place), "found_by": found.provider} if found else None


def answer_of(place: Place, verdict: Verdict = Verdict.SURE) -> dict[str, Any]:
    """A place as a draft keeps it; once accepted by a person it is sure, unless it stands for an unknown one."""
    return {
        "keys": list(place.keys),
        "name": place.name,
        "context": place.context,
        "lon": place.lon,
        "lat": place.lat,
        "precision": place.precision.value,
        "verdict": verdict.value,
    }


def _choice(gazetteer: Gazetteer, number: int, place: Place) -> Choice:
    return Choice(number, place.key, place.name, _detail(gazetteer, place), place.lon, place.lat)


def _choice_online(number: int, one: Proposal) -> Choice:
    detail = " · ".join(part for part in (one.place.context, "trouvé en ligne") if part)
    return Choice(number, one.choice, one.place.name, detail, one.place.lon, one.place.lat, one.credit)


def _detail(gazetteer: Gazetteer, place: Place) -> str:
    """« Côtes-d’Armor, près de Lannion », « Région de Kayes, Mali · 194 716 habitants », « région, Mali »."""
    if place.kind not in _SETTLED and place.verdict is Verdict.APPROXIMATE:
        whole = _WHOLE.get(place.kind, place.kind)
        return " · ".join(part for part in (whole, place.context, "le nom reste comme vous l’avez écrit") if part)
    if place.kind not in _SETTLED:
        return ", ".join(part for part in (place.kind, place.context, place.comment) if part)
    near = _larger_nearby(gazetteer, place) if place.side is Side.HERE else None
    if near is not None:
        return f"{place.context}, près {wording.of(near.key, near.name)}"
    people = f" · {place.population:,} habitants".replace(",", "\u202f") if place.population else ""
    return f"{place.context}{people}"


def _larger_nearby(gazetteer: Gazetteer, place: Place) -> Place | None:
    fewest = max(_FEWEST, _LARGER * (place.population or 0))
    # The gazetteer stops at the first cell that holds an answer: the town next door may lie in another of the four.
    corners = [(place.lon + east, place.lat + north) for east in _CORNERS for north in _CORNERS]
    found = [one for lon, lat in corners for one in gazetteer.nearest(lon, lat, 60, 2 * _NEARBY_KM)]
    larger = [one for one in found if (one.population or 0) >= fewest and one.side is place.side]
    return min(larger, key=lambda one: distance_km(one.lon, one.lat, place.lon, place.lat), default=None)
