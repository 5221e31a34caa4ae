"""What every form stands on: the words typed come back, robots wait, a page left open is sent again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from config import Settings
from directory import create_app
from directory.core import tokens
from directory.core.errors import Problem
from directory.web.forms import STALE, WAIT, Form, GuardedForm, Text
from tests.web.world import token_of

START = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
HERE = {"Sec-Fetch-Site": "same-origin"}
PAGE = """{% extends "layouts/page.html" %}{% from "layouts/_forms.html" import errors, text_field, area, choices,
hidden_fields, submit %}{% block main %}<form method="post">{{ hidden_fields(form) }}{{ errors(form) }}
{{ text_field(form.name, hint="Le nom") }}{{ area(form.story) }}{{ choices(form.stage) }}
{{ text_field(form.password, type="password") }}{{ submit("Envoyer") }}</form>{% endblock %}"""
patient = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class TriedForm(GuardedForm):
    """One field of each kind."""

    name = Text("Votre nom", limit=20, validators=[InputRequired("Dites votre nom.")])
    story = Text("L’histoire", limit=20_000, multiline=True)
    stage = RadioField(
        "L’étape", choices=[SelectChoice("", "Aucune"), SelectChoice("idea", "Une idée")], validate_choice=False
    )
    password = PasswordField("Mot de passe")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A form that asks for its token and for three seconds, as in production."""
    app = create_app(Settings(environment="test", instance=tmp_path_factory.mktemp("forms")))  # type: ignore[arg-type]
    app.config["FORM_SHORTEST_SECONDS"] = 3

    def tried() -> ResponseReturnValue:
        form = TriedForm()
        if form.validate_on_submit():
            return f"reçu : {form.name.data}"
        if form.name.data == "refuse":
            form.refuse([Problem("title", "Ce nom est pris."), Problem("ailleurs", "Et ceci ?")], {"title": "name"})
        return render_template_string(PAGE, form=form), 422 if form.is_submitted() else 200

    app.add_url_rule("/essai/formulaire", "essai.form", tried, methods=["GET", "POST"])
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture
def browser(site: Flask) -> FlaskClient:
    """A visitor."""
    return site.test_client()


def shown(browser: FlaskClient) -> dict[str, str]:
    """The hidden fields of the page."""
    return hidden(browser.get("/essai/formulaire").text)


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input name="(csrf_token|opened)" type="hidden" value="([^"]*)"', page))


def send(browser: FlaskClient, fields: dict[str, str], **typed: str) -> Any:
    """Send the form."""
    return browser.post("/essai/formulaire", data={"name": "Anne", **fields, **typed}, headers=HERE)


def test_a_form_read_and_filled_in_by_somebody_passes(browser: FlaskClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        fields = shown(browser)
        clock.shift(4)
        answer = send(browser, fields)
    assert answer.status_code == 200
    assert answer.text == "reçu : Anne"


@pytest.mark.parametrize(
    ("changes", "seconds"),
    [
        ({}, 2),
        ({"site": "https://x.example"}, 60),
        ({"opened": ""}, 60),
        ({"opened": "1"}, 60),
        ({"opened": "é.\x00.b"}, 60),
    ],
)
def test_a_robot_is_asked_to_wait_and_nobody_loses_a_word(
    browser: FlaskClient, changes: dict[str, str], seconds: int
) -> None:
    with time_machine.travel(START, tick=False) as clock:
        fields = shown(browser)
        clock.shift(seconds)
        answer = send(browser, fields, story="Une longue histoire", **changes)
        assert answer.status_code == 422
        assert WAIT in answer.text
        assert "Une longue histoire" in answer.text
        assert "x.example" not in answer.text
        clock.shift(4)
        assert send(browser, hidden(answer.text)).status_code == 200


def test_a_page_shown_again_keeps_its_first_time(browser: FlaskClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        fields = shown(browser)
        clock.shift(10)
        again = send(browser, fields, name="")
        assert "Dites votre nom." in again.text
        assert hidden(again.text)["opened"] == fields["opened"]
        assert send(browser, hidden(again.text)).status_code == 200  # at once


def test_a_page_left_open_for_two_days_asks_once_more_and_keeps_what_was_typed(browser: FlaskClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        fields = shown(browser)
        clock.shift(2 * 86_400)
        again = send(browser, fields, story="Depuis avant-hier")
        assert again.status_code == 422
        assert "Depuis avant-hier" in again.text
        clock.shift(4)
        assert send(browser, hidden(again.text)).status_code == 200


def test_a_time_signed_for_something_else_does_not_pass(site: Flask, browser: FlaskClient) -> None:
    with time_machine.travel(START, tick=False):
        other = tokens.sign(site.config["SECRET_KEY"], "draft", START.timestamp() - 100)
        assert send(browser, shown(browser), opened=other).status_code == 422


def test_every_problem_is_told_on_top_and_at_its_field(browser: FlaskClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        fields = shown(browser)
        clock.shift(10)
        page = send(browser, fields, name="a" * 21, story="\x00Il était\ufffe une fois", password="secret").text
    assert "Deux réponses sont à revoir" in page
    assert '<a href="#name">' in page
    assert '<a href="#story">' in page
    assert 'role="alert" tabindex="-1" data-focus' in page
    assert re.search(
        r'id="name"[^>]*value="a{21}"[^>]*aria-invalid="true" aria-describedby="name-erreur name-aide"', page
    )
    assert "Il était une fois" in page
    assert "secret" not in page


def test_the_problems_of_an_operation_go_to_their_fields_or_on_top(browser: FlaskClient) -> None:
    page = send(browser, shown(browser), name="refuse").text
    assert '<a href="#name">Ce nom est pris.</a>' in page
    assert "<li>Et ceci\u00a0?</li>" in page


def test_a_page_whose_session_is_over_comes_back_filled_in_to_be_sent_again(browser: FlaskClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        fields = shown(browser)
        clock.shift(60)
        browser.delete_cookie("session")
        stale = send(browser, fields, story="Tout ce que <b>j’ai</b> écrit", password="secret")
        assert stale.status_code == 400
        assert STALE in stale.text
        assert 'name="story" value="Tout ce que &lt;b&gt;j’ai&lt;/b&gt; écrit"' in stale.text
        assert "secret" not in stale.text
        assert stale.headers["Cache-Control"] == "no-store"
        token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', stale.text)
        assert token is not None
        assert send(browser, fields | {"csrf_token": token[1]}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Referer": "http://localhost.evil/"}],
)
def test_another_site_gets_nothing_back(browser: FlaskClient, headers: dict[str, str]) -> None:
    answer = browser.post("/essai/formulaire", data={"name": "Anne", "story": "pris ailleurs"}, headers=headers)
    assert answer.status_code == 400
    assert "pris ailleurs" not in answer.text
    assert "csrf_token" not in answer.text


def test_the_token_of_another_session_is_not_ours(site: Flask, browser: FlaskClient) -> None:
    fields = shown(browser) | {"csrf_token": token_of(site.test_client(), "/essai/formulaire")}
    assert send(browser, fields).status_code == 400


def test_a_cookie_comes_with_a_form_and_not_with_a_page(browser: FlaskClient) -> None:
    cookie = browser.get("/essai/formulaire").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Set-Cookie" not in browser.get("/mentions-legales").headers


@patient
@given(typed=st.dictionaries(st.sampled_from(["name", "story", "stage", "site", "opened", "password"]), st.text()))
def test_no_text_breaks_a_form(site: Flask, typed: dict[str, str]) -> None:
    with site.test_request_context(method="POST"):
        form = TriedForm(MultiDict(typed))
        form.validate()
        form.problems()
        page = render_template_string(PAGE, form=form)
    for name in ("name", "story"):
        assert "\x00" not in (form[name].data or "")
    page.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    "text", ["\x00", "\ud800", "a\udfff", "é" * 20_001, "e" + "\u0301" * 1000, "\x1b[31m", "\ufffe"]
)
def test_a_text_that_cannot_be_kept_is_refused_and_can_still_be_shown(site: Flask, text: str) -> None:
    with site.test_request_context(method="POST"):
        form = TriedForm(MultiDict({"name": "Anne", "story": text}))
        assert not form.validate()
        assert form.story.errors
        form.story.data.encode("utf-8")


def test_repeated_lines_tell_their_problems_under_their_own_names(site: Flask) -> None:
    from wtforms import FieldList, FormField
    from wtforms import Form as Part

    class Line(Part):  # type: ignore[misc]  # WTForms has no types
        name = Text("Nom", limit=3)

    class Lines(Form):
        lines = FieldList(FormField(Line))

    with site.test_request_context(method="POST"):
        form = Lines(MultiDict({"lines-0-name": "abc", "lines-1-name": "abcd"}), meta={"csrf": False})
        assert not form.validate()
        assert [problem.field for problem in form.problems()] == ["lines-1-name"]
