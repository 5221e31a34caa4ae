"""The curator's forms: a decision with its message, a handover."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, Field, StringField

from directory.reviews.operations import MAX_MESSAGE
from directory.reviews.questions import Question, message_of, note_of, reason_of
from directory.reviews.vocabulary import Decision
from directory.web.forms import Form, Text

DECISIONS = {
    "publier": Decision.PUBLISH,
    "demander": Decision.REQUEST_CHANGES,
    "refuser": Decision.DECLINE,
}
"""The value of the button pressed."""


class Ticks(Field):  # type: ignore[misc]  # WTForms has no types
    """The names of the boxes ticked; the page writes the boxes, whoever reads keeps the names it knows."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep every name."""
        self.data: list[str] = list(valuelist)


class DecisionForm(Form):
    """A decision: prepared questions or reasons, the curator's own words, and the word given for a watched place."""

    notes = Ticks("Un mot tout prêt")
    questions = Ticks("Questions à poser")
    reasons = Ticks("Pourquoi elle n’est pas retenue")
    message = Text("Un mot à la structure", limit=MAX_MESSAGE, multiline=True)
    agrees_to_place = BooleanField("Je suis d’accord pour montrer ce lieu et ce partenaire", default=False)

    def __init__(self, asked: tuple[Question, ...], prepared: tuple[Question, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.prepared = asked, prepared

    def message_for(self, decision: Decision) -> str:
        """What the structure will read: prepared sentences, then the curator's own."""
        words = self.message.data.strip()
        if decision is Decision.REQUEST_CHANGES:
            return message_of(self.asked, self.questions.data or [], words)
        if decision is Decision.DECLINE:
            return reason_of(self.reasons.data or [], words)
        return note_of(self.prepared, self.notes.data or [], words)


class HandoverForm(Form):
    """Another network, and why."""

    network = StringField("À quel réseau ?")
    reason = Text("Un mot à ce réseau", limit=MAX_MESSAGE, multiline=True)
