"""The ten questions as forms: one a screen. They carry texts as typed to the draft and back; `answers` reads them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from typing import Any

from wtforms import FieldList, FormField, HiddenField, SelectMultipleField, StringField
from wtforms import Form as Part
from wtforms.widgets import HiddenInput

from directory.contributions.answers import STEPS, Step, proposed_title
from directory.contributions.models import Draft
from directory.contributions.permissions import Holder
from directory.contributions.places import Line
from directory.contributions.queries import content_of
from directory.initiatives.queries import known_lists
from directory.initiatives.rules import LIMITS, MAX_HERE, MAX_PARTNERS, MAX_THERE
from directory.initiatives.vocabulary import Agreement, Disclosure, Stage
from directory.reference.keys import Side
from directory.web.database import session
from directory.web.forms import Form, GuardedForm, Text

AGREEMENTS = (
    (Agreement.YES.value, "Oui"),
    (Agreement.NOT_ASKED.value, "Pas encore demandé"),
    (Agreement.NO.value, "Non"),
)
STAGES = (
    (Stage.IDEA.value, "C’est une idée", "Rien n’a encore commencé"),
    (Stage.ONGOING.value, "C’est en cours", ""),
    (Stage.PAUSED.value, "C’est en pause", "Par choix, par fatigue ou à cause de la situation là-bas"),
    (Stage.FINISHED.value, "C’est terminé", ""),
    (Stage.TRANSFORMED.value, "C’est devenu autre chose", ""),
)
SHOWN_AS = {
    Side.HERE: (
        (Disclosure.LOCALITY.value, "Le lieu lui-même"),
        (Disclosure.REGION.value, "La région seulement"),
    ),
    Side.THERE: (
        (Disclosure.LOCALITY.value, "La localité"),
        (Disclosure.REGION.value, "La région"),
        (Disclosure.COUNTRY.value, "Le pays"),
    ),
}
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 20_000
_MOST_TICKED = 50


def storable(value: object) -> str:
    """The text as typed, less what no database or page can carry; a text as long as a book is cut."""
    return _CONTROLS.sub("", value)[:_LONGEST] if isinstance(value, str) else ""


class Numbered(FieldList):  # type: ignore[misc]  # WTForms has no types
    """Repeated lines, whose numbers are read from plain digits only."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        pattern = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,2}})-", re.ASCII)
        return (int(found[1]) for name in formdata if (found := pattern.match(name)))


def _hidden() -> StringField:
    return StringField(widget=HiddenInput())


def _several(label: str) -> SelectMultipleField:
    """Boxes to tick; the lists are read by the page, and what they do not hold is refused by `rules`."""
    return SelectMultipleField(label, choices=[], coerce=storable, validate_choice=False)


class StepForm(Form):
    """A screen: the counter that keeps two tabs from overwriting each other, and what was stored when it was shown."""

    counter = HiddenField(default="0")
    base = HiddenField()

    def answers(self) -> dict[str, Any]:
        """The answers of this screen, as typed."""
        raise NotImplementedError

    @property
    def counted(self) -> int:
        """The counter that the page held; -1, which no draft has, when it is not a number."""
        text = self.counter.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


class FirstForm(GuardedForm):
    """Question 1, asked before any draft exists; its key makes a double click one draft."""

    summary = Text("Votre phrase", limit=LIMITS["summary"], multiline=True)
    start_key = HiddenField(default=lambda: secrets.token_urlsafe(24))

    def answers(self) -> dict[str, Any]:
        """The first answer, as typed."""
        return {"summary": one_line(self.summary.data)}


class SummaryForm(StepForm):
    """Question 1, once the draft exists."""

    summary = Text("Votre phrase", limit=LIMITS["summary"], multiline=True)

    def answers(self) -> dict[str, Any]:
        """The sentence."""
        return {"summary": one_line(self.summary.data)}


def one_line(text: object) -> str:
    """A sentence typed in a field of several lines."""
    return " ".join(storable(text).split())


class PlaceFields(Part):  # type: ignore[misc]  # WTForms has no types
    """One place: the words, and what the page knows of them."""

    typed = StringField()
    key = _hidden()
    chosen_for = _hidden()
    choice = StringField()
    shown_as = StringField()
    lon = StringField()
    lat = StringField()
    pin_shown = _hidden()
    point = StringField()

    def line(self) -> Line:
        """The place as it came."""
        values = {name: storable(field.data).strip() for name, field in self._fields.items()}
        shown_as = values["shown_as"]
        values["shown_as"] = shown_as if shown_as in set(Disclosure) else Disclosure.LOCALITY.value
        return Line(**{**values, "typed": " ".join(values["typed"].split())})


class PlacesForm(StepForm):
    """Questions 2 and 3: the two ends."""

    here = Numbered(FormField(PlaceFields), min_entries=1, max_entries=MAX_HERE)
    there = Numbered(FormField(PlaceFields), min_entries=1, max_entries=MAX_THERE)

    def lines(self, side: Side) -> list[Line]:
        """The places of a side as they came."""
        return [entry.form.line() for entry in self[side.value].entries]


class CarrierForm(StepForm):
    """Questions 4 and 5; the address is not asked of somebody who has signed in."""

    carrier = Text("Nom de la structure ou du collectif", limit=LIMITS["name"])
    email = Text("Votre adresse électronique", limit=254)

    def answers(self) -> dict[str, Any]:
        """The structure, and the address when it was asked."""
        answers = {"carrier": storable(self.carrier.data)}
        if "email" in self:
            answers["email"] = storable(self.email.data).strip()
        return answers


class PartnerFields(Part):  # type: ignore[misc]  # WTForms has no types
    """One partner there."""

    name = Text("Son nom", limit=LIMITS["name"])
    agreement = StringField("Accepte d’être nommé ?", default=Agreement.NOT_ASKED.value)


class PartnersForm(StepForm):
    """Questions 6 and 7."""

    partners = Numbered(FormField(PartnerFields), min_entries=1, max_entries=MAX_PARTNERS)
    main_sector = StringField("Quel domaine principal ?")

    def answers(self) -> dict[str, Any]:
        """Every partner named, and the field of action."""
        lines = [
            {"name": storable(entry.form.data["name"]), "agreement": storable(entry.form.data["agreement"])}
            for entry in self.partners.entries
        ]
        return {"partners": lines, "main_sector": storable(self.main_sector.data)}


class StoryForm(StepForm):
    """Questions 8, 9 and 10."""

    since_year = Text("Année de la première rencontre", limit=40)
    stage = StringField("Où en est-on ?")
    meeting = Text("La rencontre", limit=LIMITS["story"], multiline=True)
    change_here = Text("Ce qui change ici", limit=LIMITS["story"], multiline=True)
    change_there = Text("Ce qui change là-bas", limit=LIMITS["story"], multiline=True)
    publics = _several("Avec qui, pour qui ?")
    needs = _several("Que cherchez-vous aujourd’hui ?")
    title = Text("Nom de l’initiative", limit=LIMITS["title"])

    def answers(self) -> dict[str, Any]:
        """The year, the stage, the stories, who it is for, what is looked for, and the name."""
        names = ("since_year", "stage", "meeting", "change_here", "change_there", "title")
        ticked = {name: [one for one in self[name].data or [] if one][:_MOST_TICKED] for name in ("publics", "needs")}
        return {name: storable(self[name].data) for name in names} | ticked


class AddressForm(Form):
    """An address to which a link is mailed."""

    email = Text("Votre adresse électronique", limit=254)


class PlainForm(Form):
    """A button that writes: nothing but its protection."""


FORMS: dict[str, type[StepForm]] = {
    "ensemble": SummaryForm,
    "lieux": PlacesForm,
    "structure": CarrierForm,
    "partenaire": PartnersForm,
    "histoire": StoryForm,
}
"""The form of each screen."""


# From a draft to the form of a screen; what is read of it is in `lines`


def form_of(here: Step, who: Holder, **filled: Any) -> StepForm:
    """The form of a screen, from the request or filled; the address is not asked of somebody signed in."""
    form = FORMS[here.slug](**filled)
    if who.account is not None and "email" in form:
        del form["email"]
    return form


def stored_form(draft: Draft, here: Step, who: Holder) -> StepForm:
    """The form of a screen with what the draft holds; a name is proposed while there is none."""
    answers = dict(draft.typed.get("answers", {}))
    if here is STEPS[-1] and not answers.get("title"):
        content = content_of(draft.typed)
        answers["title"] = proposed_title(content, known_lists(session(), content))
    told = {name: answers[name] for name in here.fields if name in answers and name not in ("here", "there")}
    return form_of(here, who, formdata=None, data=told)
