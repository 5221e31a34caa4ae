"""Every address that can be read, with and without nonsense: safe headers, never a fault of the site.

A visitor gets a cookie from the pages that hold a form, and from them alone. What each role may do: test_permissions.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.routing.converters import UnicodeConverter
from werkzeug.wrappers import Response

from directory.initiatives.content import OrganisationContent
from directory.networks.models import Network
from directory.organisations.models import Organisation
from tests.factories import MORLAIX, make_initiative
from tests.web.world import build, rules

FILTERS = [
    "q", "secteur", "odd", "pays", "region", "departement", "reseau", "acteur", "organisation", "etat", "depuis",
    "ici", "labas", "bbox", "tri", "page", "niveau", "inconnu", "lieu", "cle", "cote",
    "suite", "fait", "file", "retour", "garde",
]  # fmt: skip
HOSTILE = [
    "", " ", "é", "œuvre", "l'eau", '"', "''", "%", "_", "\\", "*", "(", "AND", "NEAR(a b)", "-x", "^a", "a:b", "$1",
    "<script>pwned()</script>", "\"><img src=x onerror=pwned()>", "{{7*7}}", "${7*7}", "javascript:pwned()",
    "0", "-1", "1e400", "NaN", "inf", "99999999999999999999", "9" * 400, "true", "null", "[]", "٣", "①", "2,35",
    "1,2,3", "-180,-90,180,90", "170,-10,-170,10", "nan,0,1,1", "1e999,0,2,1", "5,5,1,1", "0,0,0,0",
    "c:29151", "c:99999", "p:ML", "p:XX", "z:FX", "c:", ":", "r:53,r:84", "FR", "fr", "ML", "ml", "17", "18",
    "\u202e", "\u200d", "e" + "\u0301" * 7, "🌍", "\ufeff", "\u2028", "a" * 300, "../../etc/passwd", "//evil.example",
]  # fmt: skip
REFUSED = ["%00", "%ff", "%ED%A0%80", "%C0%AF", "%1b", "%EF%BF%BE"]
OFTEN_EMPTY = {
    "geocoding.suggestions",
    "share.initiative",
    "share.territory",
    "syndication.territory",
    "telling.file",
    "territories.show",
    "map.script",
}
"""Endpoints that answer 404 to a version or a territory that does not exist, 503 where there is no gazetteer."""
ASKED_NOTHING = {"nearby.around"}
"""Endpoints that answer 400, in words, to an address without a question."""
FORMS = ("/proposer", "/compte/", "/initiatives/", "/signalements/")
"""Where the pages that hold a form are; public pages beside them are told in test_permissions."""
LED_AWAY = {"accounts", "contributions", "mailed_link", "relay", "reports", "reviews", "space"}
"""Blueprints that are not public: a visitor is led to sign in, or finds nothing."""
patient = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def slugs(session: Session) -> dict[str, str]:
    """The parts of addresses that lead to a page; every text of that page is hostile."""
    attack = "<script>pwned()</script><img src=x onerror=pwned()> {{7*7}} \"'& l’eau"
    initiative = make_initiative(
        session,
        title=f"Titre {attack}",
        summary=f"Résumé {attack}",
        description=f"Récit {attack}",
        carriers=(OrganisationContent(f"Association {attack}", "association"),),
        here=(replace(MORLAIX, label=attack),),
    )
    organisation = session.scalars(select(Organisation.slug).limit(1)).one()
    network = session.scalars(select(Network.slug).limit(1)).one()
    own = dict.fromkeys(("sheet.show", "sheet.code", "telling.choose"), initiative.slug or "")
    return {**own, "organisations.show": organisation, "networks.show": network}


def address(app: Flask, rule: Rule, part: str = "nulle-part") -> str:
    """The address of a rule, each free part being `part`; numbers and choices lead nowhere."""
    free = [name for name in rule.arguments if isinstance(rule._converters[name], UnicodeConverter)]
    return build(app, rule, dict.fromkeys(free, part))


def assert_sound(answer: Response, asked: str) -> None:
    assert answer.status_code < 500 or (answer.status_code == 503 and asked.startswith("/lieux/")), asked
    if "Set-Cookie" in answer.headers:
        assert asked.startswith(FORMS), asked
        assert answer.headers["Cache-Control"] == "no-store", asked
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; "), asked
    assert "unsafe" not in policy, asked
    assert answer.headers["X-Content-Type-Options"] == "nosniff", asked
    if answer.mimetype == "text/html":
        page = answer.get_data(as_text=True)
        assert "<script>pwned" not in page, asked
        assert "<img src=x" not in page, asked


def test_every_address_is_sound_as_it_is(app: Flask, slugs: dict[str, str], client: FlaskClient) -> None:
    for rule in rules(app):
        asked = address(app, rule, slugs.get(rule.endpoint, "nulle-part"))
        with client.get(asked) as answer:
            assert_sound(answer, asked)
            is_public = rule.endpoint.partition(".")[0] not in LED_AWAY and rule.endpoint not in OFTEN_EMPTY
            if rule.endpoint in ASKED_NOTHING:
                assert answer.status_code == 400, asked
                continue
            assert answer.status_code in ((200,) if is_public else (200, 303, 404, 410, 503)), asked
        with client.head(asked) as answer:
            assert_sound(answer, asked)
            assert answer.data == b""


def test_what_nobody_can_read_is_refused_at_every_address(app: Flask, client: FlaskClient) -> None:
    for rule in rules(app):
        for nonsense in REFUSED:
            asked = f"{address(app, rule)}?q={nonsense}"
            with client.get(asked) as answer:
                assert answer.status_code == 400, asked
                assert_sound(answer, asked)


@pytest.mark.parametrize("part", ["%00", "%ff", "..%2f..", "%0d%0aX:1", "é", "a" * 3000, "%E2%80%AE", "<b>", "'"])
def test_no_part_of_an_address_is_the_sites_fault(app: Flask, client: FlaskClient, part: str) -> None:
    for rule in rules(app):
        if "@" in address(app, rule, "@").replace("%40", "@"):
            asked = address(app, rule, "@").replace("@", part).replace("%40", part)
            with client.get(asked) as answer:
                assert_sound(answer, asked)


@patient
@given(data=st.data())
def test_no_filter_is_the_sites_fault(app: Flask, client: FlaskClient, data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(list(rules(app))))
    value = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(FILTERS), value), min_size=1, max_size=4))
    accept = data.draw(st.sampled_from(["text/html", "application/json", "*/*", "image/png", ""]))
    with client.get(address(app, rule), query_string=pairs, headers={"Accept": accept}) as answer:
        assert_sound(answer, f"{address(app, rule)} {pairs}")


def test_no_hostile_search_is_the_sites_fault(app: Flask, slugs: dict[str, str], client: FlaskClient) -> None:
    addresses = [address(app, rule, slugs.get(rule.endpoint, "nulle-part")) for rule in rules(app)]
    for asked, value in product(addresses, HOSTILE):
        with client.get(asked, query_string={"q": value, "lieu": value, "suite": value}) as answer:
            assert_sound(answer, f"{asked} q={value!r}")


def test_a_writing_method_is_refused_where_nothing_is_written(app: Flask, client: FlaskClient) -> None:
    for rule in rules(app):
        if "POST" not in (rule.methods or ()):
            with client.post(address(app, rule), data={"x": "1"}) as answer:
                assert answer.status_code in (404, 405), rule
                assert_sound(answer, str(rule))
