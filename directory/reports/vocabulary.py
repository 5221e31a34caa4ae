"""The closed lists of a report, with the words people read. Values are stored; labels may change."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What is asked: four reasons to report a content, and the right of reply."""

    INACCURATE = "inaccurate"
    DANGER = "danger"
    UNLAWFUL = "unlawful"
    OTHER = "other"
    REPLY = "reply"


class Part(StrEnum):
    """Which part of the sheet."""

    WHOLE = "whole"
    HEADING = "heading"
    PLACES = "places"
    ACTORS = "actors"
    STORY = "story"
    ELSEWHERE = "elsewhere"


class ReportState(StrEnum):
    """Where a report stands: it waits, was decided, is contested, was decided for good."""

    WAITING = "waiting"
    DECIDED = "decided"
    CONTESTED = "contested"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What is decided."""

    UNCHANGED = "unchanged"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    REPLY_PUBLISHED = "reply_published"


KIND_LABELS = {
    Kind.DANGER: "Quelqu’un est reconnaissable, ou peut être mis en danger",
    Kind.INACCURATE: "Une information est inexacte",
    Kind.UNLAWFUL: "Le contenu est contraire à la loi",
    Kind.OTHER: "Autre chose",
    Kind.REPLY: "Droit de réponse",
}
PART_LABELS = {
    Part.WHOLE: "La fiche entière",
    Part.HEADING: "Le titre ou le résumé",
    Part.PLACES: "Un lieu, ici ou là-bas",
    Part.ACTORS: "Une structure ou un partenaire",
    Part.STORY: "Le récit",
    Part.ELSEWHERE: "Autre chose dans la page",
}
OUTCOME_LABELS = {
    Outcome.UNCHANGED: "Rien ne change",
    Outcome.CORRECTED: "La fiche a été corrigée",
    Outcome.WITHDRAWN: "La fiche a été retirée",
    Outcome.REPLY_PUBLISHED: "La réponse est publiée sous la fiche",
}
OUTCOME_CHOICES = {
    Outcome.UNCHANGED: "Ne rien changer",
    Outcome.CORRECTED: "La fiche a été corrigée",
    Outcome.WITHDRAWN: "Retirer la fiche",
    Outcome.REPLY_PUBLISHED: "Publier la réponse sous la fiche",
}
OPEN = frozenset({ReportState.WAITING, ReportState.CONTESTED})
"""States in which somebody owes an answer."""
CHANGES = frozenset({Outcome.CORRECTED, Outcome.WITHDRAWN, Outcome.REPLY_PUBLISHED})
"""Outcomes of which the structure is told: its sheet changes."""
FIRST, FINAL = 1, 2
"""The two rounds of decision."""


def round_of(state: ReportState) -> int:
    """Which decision was taken last, or is awaited: the first until it is contested, then the final one."""
    return FINAL if state in (ReportState.CONTESTED, ReportState.CLOSED) else FIRST


def outcome_words(kind: Kind) -> dict[Outcome, str]:
    """What each outcome is called: to refuse a reply is not to change nothing."""
    return OUTCOME_LABELS | ({Outcome.UNCHANGED: "La réponse n’est pas publiée"} if kind is Kind.REPLY else {})


def outcome_choices(kind: Kind) -> dict[Outcome, str]:
    """The decisions that a report of this kind may receive, as acts."""
    words = OUTCOME_CHOICES | ({Outcome.UNCHANGED: "Ne pas publier la réponse"} if kind is Kind.REPLY else {})
    return {outcome: words[outcome] for outcome in outcomes_of(kind)}


def outcomes_of(kind: Kind) -> tuple[Outcome, ...]:
    """What may be decided about a report of this kind."""
    return tuple(one for one in Outcome if kind is Kind.REPLY or one is not Outcome.REPLY_PUBLISHED)
