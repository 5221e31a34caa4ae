"""Every form that a page shows, with nonsense in every field: what was typed may be refused, it never breaks the site.

Lines 1 to 8 of the list of bad input, where they touch forms. Line 15 has no object yet: nothing can be uploaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tests.conftest import SignIn
from tests.web.world import PUBLIC, World, build, make_world, rules

HOSTILE = [
    "", " ", "\u00a0", "\x00", "a\x00b", "\x1b[31m", "\x85", "\ufffe", "\ufffd", "\u202e", "\u200d", "\u2028", "\ufeff",
    "e" + "\u0301" * 1000, "e" + "\u0301" * 7, "🌍" * 300, "é" * 20_001, "a" * 20_001, "a " * 10_000,
    "\r\nBcc: x@example.org",
    "<script>pwned()</script>", "\"><img src=x onerror=pwned()>", "{{7*7}}", "javascript:pwned()", "//evil.example",
    "NaN", "inf", "-inf", "1e400", "2,35", "true", "null", "[]", "{}", "-1", "0", "90.0000001", "180.1", "9" * 400,
    "٣", "①", "2105", "'; DROP TABLE draft; --", "%00", "\\", "../../etc/passwd", "Antananarivo", "Morlaix",
    "c:29151", "p:ML",
    "nom@exemple.org", "nom@exemple", "@", "a@b@c", "x" * 255 + "@exemple.org",
    "\u202enom@exemple.org", "nom@éxemple.org",
]  # fmt: skip
BODIES = [b"\xff\xfe", b"%", b"a=%ff%fe&csrf_token=%ED%A0%80", b"&&&=&=", b"\x00" * 50, b"{" * 10_000]
KINDS = ["application/x-www-form-urlencoded", "multipart/form-data", "application/json", 'a/b;c="é']
ATTACK = "<script>pwned"
patient = settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@dataclass
class Shown:
    """A form as a page shows it: where it is sent, its fields with what they hold."""

    role: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class FormReader(HTMLParser):
    """The forms of a page that write."""

    def __init__(self, role: str, page: str) -> None:
        super().__init__()
        self.role, self.page, self.forms = role, page, list[Shown]()
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, or a field of the form that is open."""
        given_by = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_inside = given_by.get("method", "").lower() == "post"
            if self._is_inside:
                self.forms.append(Shown(self.role, given_by.get("action") or self.page))
        elif self._is_inside and tag in ("input", "textarea", "select", "button") and given_by.get("name"):
            self.forms[-1].fields.setdefault(given_by["name"], given_by.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave the form."""
        if tag == "form":
            self._is_inside = False


@dataclass
class Site:
    """The browsers and every form that they see."""

    browsers: dict[str, FlaskClient]
    cookies: dict[str, str]
    forms: list[Shown]

    def send(self, form: Shown, data: dict[str, str]) -> tuple[int, str]:
        """The status and the page that answer a form."""
        browser = self.browsers[form.role]
        browser.set_cookie("session", self.cookies[form.role])
        with browser.post(form.action, data=data, headers={"Sec-Fetch-Site": "same-origin"}) as answer:
            return answer.status_code, answer.get_data(as_text=True)


@pytest.fixture
def site(app: Flask, session: Session, sign_in: SignIn) -> Site:
    """Every form of every page, as a visitor, the association and its curator see it."""
    world = make_world(app, session)
    browsers = {role: sign_in(world.accounts[role]) for role in ("owner", "curator")}
    browsers["visitor"] = app.test_client()
    forms: dict[tuple[str, str], Shown] = {}
    for role, browser in browsers.items():
        for page in pages(app, world):
            reader = FormReader(role, page)
            with browser.get(page) as answer:
                reader.feed(answer.get_data(as_text=True))
            for form in reader.forms:
                forms.setdefault((role, form.action), form)
    cookies = {role: cookie.value for role, one in browsers.items() if (cookie := one.get_cookie("session"))}
    return Site(browsers, cookies, list(forms.values()))


def pages(app: Flask, world: World) -> Iterator[str]:
    """Every address that is not a public page; each screen of the ten questions."""
    for rule in rules(app):
        if rule.endpoint == "contributions.step":
            step = world.values[rule.endpoint]
            for slug in ("ensemble", "lieux", "structure", "partenaire", "histoire"):
                yield build(app, rule, step | {"slug": slug})
        elif rule.endpoint.partition(".")[0] not in PUBLIC:
            yield world.address(app, rule)


def test_every_form_that_writes_carries_its_token(site: Site, connection: Connection) -> None:
    assert len({form.action for form in site.forms}) > 20
    assert [form.action for form in site.forms if "csrf_token" not in form.fields] == []
    for form in site.forms:
        savepoint = connection.begin_nested()
        assert site.send(form, form.fields)[0] != 400, form.action
        savepoint.rollback()


@patient
@given(data=st.data())
def test_no_text_in_any_field_is_the_sites_fault(site: Site, connection: Connection, data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(site.forms))
    names = sorted(set(form.fields) - {"csrf_token"})
    wild = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
    texts = st.one_of(st.sampled_from(HOSTILE), wild)
    typed = data.draw(st.dictionaries(st.sampled_from([*names, "inconnu"]), texts, min_size=1, max_size=4))
    savepoint = connection.begin_nested()
    status, page = site.send(form, form.fields | typed)
    savepoint.rollback()
    assert status < 500, (form.action, typed)
    assert ATTACK not in page, (form.action, typed)
    assert "<img src=x" not in page, (form.action, typed)


def test_the_same_nonsense_in_every_field_at_once_is_answered(site: Site, connection: Connection) -> None:
    for form, text in product(site.forms, HOSTILE[::3]):
        data = dict.fromkeys(form.fields, text) | {"csrf_token": form.fields["csrf_token"]}
        savepoint = connection.begin_nested()
        status, page = site.send(form, data)
        savepoint.rollback()
        assert status < 500, (form.action, text)
        assert ATTACK not in page, (form.action, text)


def test_no_body_is_the_sites_fault(site: Site) -> None:
    for form, body, kind in product(site.forms, BODIES, KINDS):
        with site.browsers[form.role].post(form.action, data=body, content_type=kind) as answer:
            assert answer.status_code == 400, (form.action, body, kind)


def test_a_heavy_body_is_refused_before_it_is_read(site: Site) -> None:
    for form in site.forms:
        assert site.send(form, {**form.fields, "inconnu": "a" * 10_000_000})[0] == 413
