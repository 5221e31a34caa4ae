"""The forms of a report: a content, a reply, a contestation; and the desk's decision."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import BooleanField, HiddenField, RadioField
from wtforms.fields import SelectChoice

from directory.reports.rules import LONGEST_REPLY, MAX_NAME, MAX_STATEMENT, Notice
from directory.reports.vocabulary import KIND_LABELS, PART_LABELS, Kind, Outcome, outcome_choices
from directory.web.forms import Form, GuardedForm, Text


def _one_of(label: str, choices: Iterable[tuple[str, str]] = ()) -> RadioField:
    """One of a list, nothing chosen in advance; what is missing is asked by the operation."""
    return RadioField(label, choices=_choices(choices), default="", validate_choice=False)


def _choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


class ContentForm(GuardedForm):
    """What is wrong, where, what it should say; who reports."""

    kind = _one_of(
        "Que signalez-vous ?", ((kind.value, label) for kind, label in KIND_LABELS.items() if kind is not Kind.REPLY)
    )
    part = _one_of("Dans quelle partie de la fiche ?", ((part.value, label) for part, label in PART_LABELS.items()))
    statement = Text("Qu’est-ce qui ne va pas ?", limit=MAX_STATEMENT, multiline=True)
    proposal = Text("Que faudrait-il écrire à la place ? (facultatif)", limit=MAX_STATEMENT, multiline=True)
    name = Text("Votre nom", limit=MAX_NAME)
    email = Text("Votre adresse électronique", limit=254)
    is_in_good_faith = BooleanField("Je signale de bonne foi ce que je crois exact et complet", default=False)

    def notice(self) -> Notice:
        """What was typed."""
        is_listed = self.kind.data in {kind.value for kind in Kind if kind is not Kind.REPLY}
        return Notice(
            kind=Kind(self.kind.data) if is_listed else None,
            part=self.part.data or "",
            statement=self.statement.data,
            proposal=self.proposal.data,
            name=self.name.data,
            email=self.email.data,
            is_in_good_faith=self.is_in_good_faith.data,
        )


class ReplyForm(GuardedForm):
    """What is contested, the reply as it will be published, how it is signed; who asks."""

    part = _one_of(
        "Quelle partie de la fiche parle de vous ?", ((part.value, label) for part, label in PART_LABELS.items())
    )
    statement = Text("Quel passage contestez-vous, et pourquoi ?", limit=MAX_STATEMENT, multiline=True)
    reply = Text("Votre réponse, telle qu’elle sera publiée", limit=LONGEST_REPLY, multiline=True)
    signature = Text("Comment la signer ?", limit=MAX_NAME)
    name = Text("Votre nom", limit=MAX_NAME)
    email = Text("Votre adresse électronique", limit=254)
    is_in_good_faith = BooleanField(
        "La fiche me nomme ou permet de me reconnaître, moi ou la structure que je représente", default=False
    )

    def notice(self) -> Notice:
        """What was typed."""
        return Notice(
            kind=Kind.REPLY,
            part=self.part.data or "",
            statement=self.statement.data,
            reply=self.reply.data,
            signature=self.signature.data,
            name=self.name.data,
            email=self.email.data,
            is_in_good_faith=self.is_in_good_faith.data,
        )


class ContestForm(Form):
    """Why a decision is not accepted."""

    text = Text("Pourquoi contestez-vous cette décision ?", limit=MAX_STATEMENT, multiline=True)


class ConfirmForm(Form):
    """The address is mine: nothing to fill in."""


class DecisionForm(Form):
    """What is decided and why; `round_` is that of the page on which it was read."""

    round_ = HiddenField()
    outcome = _one_of("Que décidez-vous ?")
    agrees_to_withdraw = BooleanField("Oui, retirer cette fiche maintenant", default=False)
    reason = Text("Vos raisons", limit=MAX_STATEMENT, multiline=True)

    def offer(self, kind: Kind) -> None:
        """The decisions that a report of this kind may receive."""
        self.outcome.choices = _choices((one.value, label) for one, label in outcome_choices(kind).items())

    def chosen(self) -> Outcome | None:
        """The outcome chosen, if any."""
        return Outcome(self.outcome.data) if self.outcome.data in {one.value for one in Outcome} else None
