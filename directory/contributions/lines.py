"""What a screen of the form holds, line by line: added, taken off, read as it was typed, shown on maps, kept."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from flask import current_app

from directory.basemap.page import MapPoint, PlacesMap, places_map
from directory.contributions.forms import PlacesForm, StepForm, storable
from directory.contributions.models import Draft
from directory.contributions.places import Line, Settled, settle, settle_all, told_parts
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.operations import known_further, look_further
from directory.geocoding.providers import CREDITS, Proposal, Provider, asked_for
from directory.initiatives.rules import MAX_HERE, MAX_PARTNERS, MAX_THERE
from directory.initiatives.vocabulary import Agreement, Disclosure
from directory.reference.keys import Side
from directory.reference.wording import listing
from directory.web.database import session

Answers = dict[str, Any]
Lines = dict[str, list[Settled]]
BLANK: dict[str, Answers] = {
    "here": {"typed": "", "place": None, "shown_as": Disclosure.LOCALITY.value},
    "there": {"typed": "", "place": None, "shown_as": Disclosure.LOCALITY.value},
    "partners": {"name": "", "agreement": Agreement.NOT_ASKED.value},
}
"""A line that was just added."""
MOST = {"here": MAX_HERE, "there": MAX_THERE, "partners": MAX_PARTNERS}


def arranged(answers: Answers, act: str) -> Answers:
    """The answers once a line was added, taken off or moved to the other side; empty lines go otherwise.

    `act` is the value of the button: « ajouter-here », « retirer-there-1 », « traverser-here-0 ».
    """
    lists = {name: list(answers[name]) for name in BLANK if name in answers}
    verb, _, rest = act.partition("-")
    name, _, number = rest.partition("-")
    index = int(number) if number.isascii() and number.isdecimal() and len(number) < 3 else -1
    if verb == "chercher":
        pass  # the lines keep their numbers
    elif verb == "ajouter" and name in lists:
        lists[name] = [*lists[name], dict(BLANK[name])][: MOST[name]]
    elif verb == "retirer" and name in lists and 0 <= index < len(lists[name]):
        del lists[name][index]
    elif verb == "traverser" and name in ("here", "there") and 0 <= index < len(lists[name]):
        other = "there" if name == "here" else "here"
        moved = lists[name].pop(index)
        line = {**BLANK[other], "typed": moved["typed"], "shown_as": moved.get("shown_as", Disclosure.LOCALITY.value)}
        filled = [one for one in lists[other] if one["typed"]]
        lists[other] = [*filled, line][: MOST[other]]
    else:
        lists = {
            name: [line for line in lines if line.get("typed") or line.get("name")] for name, lines in lists.items()
        }
    return {**answers, **lists}


def anchors(lines: Lines) -> dict[str, str]:
    """The identifier of the control at which each problem is mended, where it is not the name of the answer."""
    found = {
        "here": "here-0-typed",
        "there": "there-0-typed",
        "partners": "partners-0-name",
        "stage": "stage-0",
        "main_sector": "main_sector-0",
        "publics": "publics-0",
        "needs": "needs-0",
    }
    for side, settled in lines.items():
        for index, one in enumerate(settled):
            at = "choice-0" if one.reading.choices else "lat" if one.doubt else "typed"
            found[f"{side}-{index}"] = f"{side}-{index}-{at}"
    return found


def maps(lines: Lines) -> dict[str, PlacesMap]:
    """A small map for each place: its pin, or the numbered choices; fetched only when somebody opens it."""
    return {
        f"{side}-{index}": _map(side, f"{side}-{index}", one)
        for side, settled in lines.items()
        for index, one in enumerate(settled)
    }


def _map(side: str, key: str, one: Settled) -> PlacesMap:
    if one.place is None:
        points = [
            MapPoint(
                side, choice.name, choice.detail, choice.lon, choice.lat, "commune", str(choice.number),
                f"{key}-choice-{choice.number - 1}",
            )
            for choice in one.reading.choices
        ]  # fmt: skip
        return places_map(key, "Carte : les lieux proposés", points, movable=True, side=side)
    found = _gazetteer()
    known = found.place(one.key) if found else None
    told = one.place
    pin = MapPoint(side, told["name"], told["context"], told["lon"], told["lat"], told["precision"])
    center = (known.lon, known.lat) if known else None
    return places_map(key, f"Carte : {told['name']}", [pin], movable=True, side=side, center=center)


def told_places(lines: Lines) -> dict[str, Any]:
    """What the page of a screen is given about its places, and where each problem is mended.

    `asked` are the lines whose question is soft; `looks` says, for each side, who is asked by « Chercher plus loin ».
    """
    settled = {f"{side}-{index}": one for side, found in lines.items() for index, one in enumerate(found)}
    return {
        "lines": lines,
        "anchors": anchors(lines),
        "maps": maps(lines),
        "asked": [at for at, one in settled.items() if one.question and not one.is_wrong],
        "parts": told_parts(list(settled.values())),
        "looks": {side.value: listing([CREDITS[one.name] for one in providers_of(side)]) for side in Side},
    }


def looked_further(lines: Lines, act: str) -> Lines:
    """The same lines, one of them read again with what the providers propose; commits, and may take seconds.

    `act` is the value of the button: « chercher-there-0 ».
    """
    _, _, at = act.partition("-")
    index = {f"{name}-{index}": index for name, found in lines.items() for index in range(len(found))}.get(at)
    if index is None:
        return lines
    side = Side(at.partition("-")[0])
    one = lines[side.value][index]
    found = look_further(session(), providers_of(side), one.line.typed, _gazetteer())
    again = settle(_gazetteer(), replace(one.line, choice=""), side, {}, partial(_online, side=side))
    changed = [*lines[side.value]]
    changed[index] = replace(again, looked=found.message)
    return {**lines, side.value: changed}


def lines_of(form: StepForm, draft: Draft) -> Lines:
    """The places that the form holds, as read over those of the draft; none for the other screens."""
    if not isinstance(form, PlacesForm):
        return {}
    before = draft.typed.get("answers", {})
    return {
        side.value: settle_all(
            _gazetteer(),
            form.lines(side),
            side,
            before.get(side.value, []),
            most=MOST[side.value],
            online=partial(_online, side=side),
        )
        for side in Side
    }


def stored_lines(answers: Answers) -> Lines:
    """The places of a draft, those not understood yet being read again."""
    return {
        side.value: [_stored_line(stored, side) for stored in answers.get(side.value) or [BLANK[side.value]]]
        for side in Side
    }


def _stored_line(stored: Answers, side: Side) -> Settled:
    typed = storable(stored.get("typed"))
    line = Line(typed, chosen_for=typed, shown_as=storable(stored.get("shown_as")) or Disclosure.LOCALITY.value)
    kept = Settled(line, stored.get("place"), bool(stored.get("as_typed")))
    return kept if kept.place else settle(_gazetteer(), line, side, {}, partial(_online, side=side))


def providers_of(side: Side) -> list[Provider]:
    """Who is asked when somebody looks further for a place of a side; nobody unless the settings name them."""
    return asked_for(current_app.extensions["place_providers"], side)


def _online(typed: str, side: Side) -> tuple[Proposal, ...]:
    """What was found online for these words, by a person or by the worker; nobody is asked."""
    providers = providers_of(side)
    return known_further(session(), providers, typed, _gazetteer()) if providers else ()


def _gazetteer() -> Gazetteer | None:
    found: Gazetteer | None = current_app.extensions["gazetteer"]
    return found


def answers_of(form: StepForm, lines: Lines) -> Answers:
    """What the draft keeps of a screen."""
    return {side: [one.answer for one in settled] for side, settled in lines.items()} if lines else form.answers()
