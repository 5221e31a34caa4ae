"""What every form stands on: its protection, its French, texts that cannot break a page, robots asked to wait.

Every POST needs the token that came with the page. A page left open too long is answered by another that holds what was
typed, to be sent again; a request from another site is refused without a word more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError, CSRFProtect
from wtforms import Field, FieldList, FormField, HiddenField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import TextArea, TextInput

from directory.core import tokens
from directory.core.errors import InvalidText, Problem
from directory.core.text import clean_text
from directory.core.time import utcnow
from directory.web.errors import error_answer, wants_problem
from directory.web.typed import UNSHOWABLE, is_from_here, typed_here

SHORTEST_SECONDS = 3
"""Nobody reads a form, answers it and sends it in less."""
LONGEST_SECONDS = 86_400
TOP = ""
"""The field of a problem that stands at no field: it is told at the top of the form."""
WAIT = "Attendez quelques secondes, puis renvoyez : ce que vous avez écrit est gardé."
STALE = "La page était ouverte depuis trop longtemps. Renvoyez : ce que vous avez écrit est gardé."
_PURPOSE = "form displayed"


def init_app(app: Flask) -> None:
    """Ask every POST for its token; in the tests of the project, robots' pace is not asked for unless a test does."""
    app.config.update(
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as the session cookie that holds its other half
        WTF_I18N_ENABLED=False,
    )
    app.config.setdefault("FORM_SHORTEST_SECONDS", 0 if app.testing else SHORTEST_SECONDS)
    CSRFProtect(app)
    app.register_error_handler(CSRFError, _answer_stale)


class Text(StringField):  # type: ignore[misc]  # WTForms has no types
    """A text that pages and databases can carry, in NFC and stripped; as typed, less the unshowable, when refused."""

    def __init__(self, label: str = "", *, limit: int, multiline: bool = False, **options: Any) -> None:
        super().__init__(label, **{"default": "", **options})
        self.data: str
        self.limit, self.multiline = limit, multiline
        self.widget = TextArea() if multiline else TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what was typed, whatever it is."""
        self.data = valuelist[0] if valuelist and isinstance(valuelist[0], str) else self.data or ""

    def pre_validate(self, form: Any) -> None:
        """Clean the text, or say why it cannot be kept."""
        typed = self.data or ""
        try:
            self.data = clean_text(typed, self.limit, multiline=self.multiline)
        except InvalidText as error:
            self.data = UNSHOWABLE.sub("", typed)
            raise ValidationError(error.message) from error


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form in French whose problems are told together on top and each at its field."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # the same
        """WTForms' own messages are never shown in English."""

        locales = ("fr",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._top: list[str] = []

    def problems(self) -> list[Problem]:
        """Every problem, in the order of the page; those of no field first."""
        found = [Problem(TOP, message) for message in self._top]
        for field in leaves(self):
            at = TOP if field.name.endswith("csrf_token") else field.name
            found += [Problem(at, STALE if at == TOP else str(error)) for error in field.errors]
        return found

    def refuse(self, problems: Iterable[Problem], fields: Mapping[str, str] | None = None) -> None:
        """Put the problems of an operation at their fields, renamed by `fields`; what has no field here goes on top."""
        known = {field.name: field for field in leaves(self)}
        for problem in problems:
            name = (fields or {}).get(problem.field, problem.field)
            if name in known:
                known[name].errors = [*known[name].errors, problem.message]
            else:
                self._top.append(problem.message)


class GuardedForm(Form):
    """A form that strangers may send: a field that only robots fill in, and the time at which it was displayed.

    A page shown again after a refusal keeps its first time. A refusal is a sentence: people are never locked out.
    """

    site = StringField("Ne remplissez pas ce champ")
    opened = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._age = self._seconds_open()
        if self._age is None:
            self.opened.data = tokens.sign(current_app.config["SECRET_KEY"], _PURPOSE, utcnow().timestamp())

    def validate(self, extra_validators: Any = None) -> bool:
        """Also refuse, with the same quiet sentence, a filled trap, a missing time and a time too short."""
        is_valid = super().validate(extra_validators)
        is_robot = bool(self.site.data) or self._age is None
        if is_robot or (self._age or 0) < current_app.config["FORM_SHORTEST_SECONDS"]:
            self.site.data = ""
            self._top.append(WAIT)
            return False
        return bool(is_valid)

    def _seconds_open(self) -> float | None:
        """Since when the page has been open; None for a page that we did not show, or too long ago."""
        try:
            opened = tokens.read(current_app.config["SECRET_KEY"], _PURPOSE, self.opened.data or "", LONGEST_SECONDS)
        except tokens.BadToken:
            return None
        return utcnow().timestamp() - float(opened)


def leaves(fields: Iterable[Field]) -> Iterator[Field]:
    """The fields that people fill in, those of repeated lines included."""
    for field in fields:
        if isinstance(field, FieldList):
            yield from leaves(field.entries)
        elif isinstance(field, FormField):
            yield from leaves(field.form)
        else:
            yield field


def _answer_stale(_error: CSRFError) -> Response:
    """A page of ours left open too long comes back with what was typed; another site's request gets nothing."""
    if wants_problem() or not is_from_here():
        return error_answer(400)
    return resend_page(STALE, 400)


def resend_page(message: str, status: int, *, sign_in: str = "") -> Response:
    """What was typed, and the button that sends it again; `sign_in` is the way to sign in, where that is needed."""
    page = render_template(
        "errors/resend.html", typed=typed_here(), form=Form(formdata=None), message=message, sign_in=sign_in
    )
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
