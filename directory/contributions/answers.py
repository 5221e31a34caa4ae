"""The ten questions: what was answered, as typed, and the content it makes. Pure Python.

`Draft.typed` is {"kept": content, "answers": answers}. `kept` is a whole content in JSON, or {} for a first sheet;
the answers are laid over it, so that what no question asks is never lost. Answers are texts as they were typed, by
the names of `STEPS`; a place is {"typed": text, "place": {keys, name, context, lon, lat, precision, verdict} or null
(with "found_by" when it was found online), "shown_as": disclosure, "as_typed": whether the label stays as typed, the
place being wider than what it names}.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from directory.core.errors import Problem
from directory.initiatives.content import (
    AnchorContent,
    InitiativeContent,
    OrganisationContent,
    PartnerContent,
    from_json,
)
from directory.initiatives.rules import STORIES, Known, shown_as, shown_key
from directory.initiatives.vocabulary import Agreement, Disclosure, Stage
from directory.reference.keys import Side

Typed = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One screen: its part of the address, the questions it asks (1 to 10) and the names of their answers."""

    slug: str
    title: str
    questions: tuple[int, ...]
    fields: tuple[str, ...]


STEPS = (
    Step("ensemble", "Que faites-vous ensemble ?", (1,), ("summary",)),
    Step("lieux", "D’où à où ?", (2, 3), ("here", "there")),
    Step("structure", "Quelle structure, et comment vous joindre ?", (4, 5), ("carrier", "email")),
    Step("partenaire", "Avec qui, et dans quel domaine ?", (6, 7), ("partners", "main_sector")),
    Step("histoire", "Votre histoire", (8, 9, 10), ("since_year", "stage", *STORIES, "publics", "needs", "title")),
)
STEP_OF = {field: step for step in STEPS for field in step.fields}
"""The screen that asks for an answer."""
_ANSWER_OF = {"carriers": "carrier", "stage_on": "stage", "other_sectors": "main_sector"}
_BLANK = InitiativeContent(title="", summary="", carriers=(), here=(), there=(), main_sector="", stage=None)


def read(typed: Typed) -> tuple[InitiativeContent, list[Problem]]:
    """The content that a draft makes, as far as it can be read, and what could not be read, at its answer."""
    kept = typed.get("kept") or {}
    try:
        content = from_json(kept) if kept else _BLANK
    except ValueError as error:
        return _BLANK, [Problem("draft", f"Ce brouillon n’a pas la forme attendue ({error}).")]
    answers = typed.get("answers") or {}
    problems: list[Problem] = []
    changes: dict[str, Any] = {
        name: _text(answers[name]) for name in ("summary", "main_sector", *STORIES, "title") if name in answers
    }
    for side in Side:
        if side.value in answers:
            changes[side.value] = tuple(_anchors(answers[side.value], side, problems))
    for name in ("publics", "needs"):
        if name in answers:
            chosen = answers[name] if isinstance(answers[name], list) else []
            changes[name] = tuple(dict.fromkeys(text for one in chosen if (text := _text(one))))
    if "carrier" in answers:
        changes["carriers"] = _carriers(_text(answers["carrier"]), content.carriers)
    if "partners" in answers:
        changes["partners"] = tuple(_partners(answers["partners"], content.partners))
    if "since_year" in answers:
        changes["since_year"] = _year(_text(answers["since_year"]), problems)
    if "stage" in answers:
        changes["stage"] = _stage(_text(answers["stage"]))
        changes["stage_on"] = None  # the structure now says it itself
    return replace(content, **changes), problems


def located(problems: Iterable[Problem]) -> list[Problem]:
    """The problems of a content, each once, at the answer that can mend it, in the order of the questions."""
    moved = (Problem(_ANSWER_OF.get(one.field, one.field), one.message) for one in problems)
    order = {field: number for number, field in enumerate(STEP_OF)}
    return sorted(dict.fromkeys(moved), key=lambda one: order.get(one.field.split("-", maxsplit=1)[0], -1))


def step_of(field: str) -> Step | None:
    """The screen of an answer or of one of its lines (`here-1`), or None when no question asks for it."""
    return STEP_OF.get(field.split("-", maxsplit=1)[0])


def answers_of(content: InitiativeContent) -> dict[str, Any]:
    """The answers that would make a content, to begin a change from."""
    return {
        "summary": content.summary,
        "here": [_place_answer(anchor) for anchor in content.here],
        "there": [_place_answer(anchor) for anchor in content.there],
        "carrier": content.carriers[0].name if content.carriers else "",
        "partners": [{"name": one.name, "agreement": one.agreement.value} for one in content.partners],
        "main_sector": content.main_sector,
        "since_year": str(content.since_year or ""),
        "stage": content.stage.value if content.stage else "",
        **{name: getattr(content, name) for name in STORIES},
        "publics": list(content.publics),
        "needs": list(content.needs),
        "title": content.title,
    }


def is_doubtful(line: Mapping[str, Any]) -> bool:
    """A place that is not known, or only by a wider one, and that its author would show: it may be looked further for.

    One whose author keeps it back is named to nobody.
    """
    typed, place = _text(line.get("typed")), line.get("place")
    is_unknown = place is None or (bool(line.get("as_typed")) and place.get("precision") != "point")
    return bool(typed) and is_unknown and line.get("shown_as") == Disclosure.LOCALITY


def proposed_title(content: InitiativeContent, known: Known) -> str:
    """A name made of both ends as they may be shown today: « Morlaix – Vakinankaratra »; "" while an end is unknown."""
    if not content.here or not content.there:
        return ""
    names = []
    for anchor in (content.here[0], content.there[0]):
        shown = shown_as(content, anchor, known, curator_agrees=False)
        key = shown_key(anchor, shown)
        is_itself = shown is Disclosure.LOCALITY and key == anchor.keys[0]
        names.append(anchor.name if is_itself else known.names.get(key, anchor.context))
    return " – ".join(names)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _anchors(places: object, side: Side, problems: list[Problem]) -> Iterable[AnchorContent]:
    lines = places if isinstance(places, list) else []
    for index, line in enumerate(lines):
        typed = _text(line.get("typed")) if isinstance(line, Mapping) else ""
        place = line.get("place") if isinstance(line, Mapping) else None
        if place is None and not typed:
            continue
        anchor = _anchor(typed, place, line) if place else None
        if anchor is None:
            problems.append(
                Problem(f"{side.value}-{index}", f"« {typed} » : choisissez lequel de ces lieux est le bon.")
            )
        else:
            yield anchor


def _anchor(typed: str, place: Mapping[str, Any], line: Mapping[str, Any]) -> AnchorContent | None:
    """The anchor of a line, or None when its place has not the shape that the site writes itself."""
    try:
        return AnchorContent(
            label=typed if line.get("as_typed") and typed else str(place["name"]),
            keys=tuple(str(key) for key in place["keys"]),
            name=str(place["name"]),
            context=str(place["context"]),
            lon=float(place["lon"]),
            lat=float(place["lat"]),
            precision=str(place["precision"]),
            verdict=str(place["verdict"]),
            shown_as=Disclosure(line.get("shown_as", Disclosure.LOCALITY)),
            found_by=_text(place.get("found_by")),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _place_answer(anchor: AnchorContent) -> dict[str, Any]:
    place = {name: getattr(anchor, name) for name in ("name", "context", "lon", "lat", "precision", "verdict")}
    if anchor.found_by:
        place["found_by"] = anchor.found_by
    return {
        "typed": anchor.label,
        "place": {"keys": list(anchor.keys), **place},
        "shown_as": anchor.shown_as.value,
        "as_typed": anchor.label != anchor.name,
    }


def _carriers(name: str, kept: tuple[OrganisationContent, ...]) -> tuple[OrganisationContent, ...]:
    """The structure that answers comes first; others that were kept stay, and so does what is known of it."""
    if not name:
        return ()
    first = replace(kept[0], name=name) if kept else OrganisationContent(name)
    return (first, *kept[1:])


def _partners(lines: object, kept: tuple[PartnerContent, ...]) -> Iterable[PartnerContent]:
    known = {partner.name: partner for partner in kept}
    for line in lines if isinstance(lines, list) else []:
        name = _text(line.get("name")) if isinstance(line, Mapping) else ""
        if name:
            yield replace(known.get(name, PartnerContent(name)), agreement=_agreement(line.get("agreement")))


def _agreement(value: object) -> Agreement:
    """What cannot be read protects: the partner is held not to have been asked."""
    try:
        return Agreement(_text(value))
    except ValueError:
        return Agreement.NOT_ASKED


def _year(text: str, problems: list[Problem]) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) == 4:
        return int(text)
    problems.append(
        Problem("since_year", f"« {text[:40]} » n’est pas une année. Écrivez-la en quatre chiffres : 2015.")
    )
    return None


def _stage(text: str) -> Stage | None:
    try:
        return Stage(text)
    except ValueError:
        return None
