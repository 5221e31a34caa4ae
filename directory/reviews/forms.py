"""The curator's forms: a decision with its message, a handover."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from directory.reviews.operations import MAX_MESSAGE
from directory.reviews.questions import REASONS, Question, message_of, reason_of
from directory.reviews.vocabulary import Decision
from directory.web.forms import Form, Text

DECISIONS = {
    "publier": Decision.PUBLISH,
    "demander": Decision.REQUEST_CHANGES,
    "refuser": Decision.DECLINE,
}
"""The value of the button pressed."""


class Checks(SelectMultipleField):  # type: ignore[misc]  # WTForms has no types
    """Several of a list, as checkboxes; a value that is not of the list is left out."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Keep what the list holds: it may have changed since the page was shown."""
        self.data: list[str] = [value for value in self.data or [] if value in dict(self.choices)]


class DecisionForm(Form):
    """A decision: prepared questions or reasons, the curator's own words, and the word given for a watched place."""

    questions = Checks("Questions à poser")
    reasons = Checks("Pourquoi elle n’est pas retenue", choices=list(REASONS.items()))
    message = Text("Un mot à la structure", limit=MAX_MESSAGE, multiline=True)
    agrees_to_place = BooleanField("Je suis d’accord pour montrer ce lieu et ce partenaire", default=False)

    def __init__(self, asked: tuple[Question, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        self.questions.choices = [(question.name, question.text) for question in asked]

    def message_for(self, decision: Decision) -> str:
        """What the structure will read: prepared sentences, then the curator's own."""
        words = self.message.data.strip()
        if decision is Decision.REQUEST_CHANGES:
            return message_of(self.asked, self.questions.data or [], words)
        if decision is Decision.DECLINE:
            return reason_of(self.reasons.data or [], words)
        return words


class HandoverForm(Form):
    """Another network, and why."""

    network = SelectField("À quel réseau ?", choices=[], validate_choice=False)
    reason = Text("Un mot à ce réseau", limit=MAX_MESSAGE, multiline=True)
