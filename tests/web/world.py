"""What a walk over the addresses needs: one object of each kind, one person of each role, an address for each rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.routing.converters import AnyConverter, IntegerConverter

from directory.accounts import credentials
from directory.accounts.models import Account, AccountSession
from directory.contributions import memberships
from directory.contributions import operations as contributions
from directory.contributions.models import Draft
from directory.contributions.permissions import Holder
from directory.core import tokens
from directory.initiatives.models import Initiative
from directory.networks.models import Network
from directory.organisations.models import Membership, Organisation
from directory.reports import operations as reports
from directory.reports.mails import follow_token
from directory.reports.models import Report
from directory.reports.rules import Notice
from directory.reports.vocabulary import Kind, Part
from directory.reviews import operations as reviews
from directory.reviews.vocabulary import Decision
from tests.factories import make_account, make_answers, make_review

IN_CHARGE, ELSEWHERE = "reseau-bretagne-solidaire", "so-cooperation"
ROLES = ("visitor", "owner", "other", "curator", "elsewhere", "administrator")
"""The roles in the order of every table: « owner » is the association to which the objects belong."""
PUBLIC = frozenset(
    "basemap directory embed exchange geocoding health home legal map nearby networks organisations share sheet"
    " suggestions syndication telling territories".split()
)
"""Blueprints of pages that are the same for everybody: they neither give a cookie nor read one."""


@dataclass
class World:
    """One object of each kind, all of them the owner's; `values` fill the addresses, by endpoint."""

    accounts: dict[str, Account]
    values: dict[str, dict[str, Any]] = field(default_factory=dict)

    def address(self, app: Flask, rule: Rule) -> str:
        """The address of a rule, leading to the objects of this world."""
        return build(app, rule, self.values.get(rule.endpoint, {}))


def build(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    """The address of a rule, what is not told being a plausible part that leads nowhere."""
    filled = {name: _plausible(rule, name) for name in rule.arguments} | values
    with app.test_request_context():
        return str(app.url_map.bind("localhost").build(rule.endpoint, filled))


def _plausible(rule: Rule, name: str) -> str | int:
    converter = rule._converters[name]
    if isinstance(converter, IntegerConverter):
        return 2_000_000_000
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return "nulle-part"


def rules(app: Flask, *, method: str = "GET") -> Iterator[Rule]:
    """The rules that answer a method, in a lasting order."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: (one.endpoint, one.rule)):
        if method in (rule.methods or ()) and rule.endpoint != "static":
            yield rule


def token_of(client: FlaskClient, page: str = "/proposer") -> str:
    """The token that a page of forms gives to this browser."""
    with client.get(page) as answer:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.get_data(as_text=True))
    assert found is not None, page
    return found[1]


def make_world(app: Flask, session: Session) -> World:
    """An association with a published sheet, one that waits, a draft, a session, a member who asks; and the others."""
    people = _people(session)
    owner = people["owner"]
    published, waiting = make_review(session, author=owner), make_review(session, author=owner)
    reviews.decide(session, published, actor=people["curator"], decision=Decision.PUBLISH)
    session.commit()
    sheet = published.revision.initiative
    draft = contributions.start(session, make_answers(), account=owner)
    organisation = session.scalars(select(Organisation).where(Organisation.side == "here").limit(1)).one()
    session.add(Membership(account_id=owner.id, organisation_id=organisation.id, granted_at=owner.created_at))
    session.flush()
    asked = memberships.ask(session, organisation, actor=make_account(session))
    opened = AccountSession(account_id=owner.id, digest="0" * 64)
    session.add(opened)
    report = _report(session, sheet)
    session.commit()
    by_number = {"draft_id": draft.id, "review_id": waiting.id, "initiative_id": sheet.id, "session_id": opened.id}
    by_number["report_id"] = report.id
    values: dict[str, dict[str, Any]] = {
        rule.endpoint: {name: by_number[name] for name in rule.arguments if name in by_number}
        for rule in app.url_map.iter_rules()
    }
    values["contributions.receipt"] = {"draft_id": _draft_of(session, waiting.id).id}
    values["contributions.step"] |= {"slug": "ensemble"}
    values["space.end"] = {"membership_id": asked.id, "act": "refuser"}
    values["space.grant"] = {"membership_id": asked.id}
    values["space.take_back"] = {"initiative_id": waiting.revision.initiative_id}
    values["share.territory"] = {"key": "r:53", "other": "p:SN"}
    values |= {name: {"key": "r:53"} for name in ("territories.show", "syndication.territory")}
    values["networks.show"] = {"slug": session.scalars(select(Network.slug).limit(1)).one()}
    values |= {key: {"slug": organisation.slug} for key in ("organisations.show", "space.membership")}
    values |= {
        key: {"slug": sheet.slug}
        for key in ("sheet.show", "sheet.code", "telling.choose", "share.initiative", "relay.write", "relay.sent")
    }
    values["reports.write"] = {"slug": sheet.slug}
    values["telling.file"] = {"slug": sheet.slug, "reader": "mairie", "form": "odt"}
    token = follow_token(app.config["SECRET_KEY"], report, is_mailed=True)
    values |= {f"reports.{act}": {"token": token} for act in ("follow", "confirm", "contest")}
    return World(people, values | _mailed_links(app, session, owner))


def _report(session: Session, sheet: Initiative) -> Report:
    """A stranger reports the owner's sheet."""
    notice = Notice(
        kind=Kind.INACCURATE,
        part=Part.STORY.value,
        statement="Les élèves n’étaient pas cent.",
        name="Awa Diallo",
        email="awa@example.org",
        is_in_good_faith=True,
    )
    return reports.send(session, sheet, notice)


def _people(session: Session) -> dict[str, Account]:
    """Everybody who has an account, by role."""
    people = {
        "owner": make_account(session),
        "other": make_account(session),
        "curator": make_account(session, curates=IN_CHARGE),
        "elsewhere": make_account(session, curates=ELSEWHERE),
        "administrator": make_account(session),
    }
    people["administrator"].is_administrator = True
    return people


def _mailed_links(app: Flask, session: Session, owner: Account) -> dict[str, dict[str, Any]]:
    """What the links of mails carry: they open to whoever holds them."""
    newcomer = Account(email="inscrite@example.org")
    session.add(newcomer)
    owner.pending_email = "ailleurs@example.org"
    draft = _sent_without_account(session, "nouvelle@example.org")
    session.commit()
    with app.app_context():
        links = {
            "accounts.confirm": credentials.confirmation_token(newcomer),
            "accounts.confirm_address": credentials.change_token(owner, owner.pending_email),
            "accounts.reset": credentials.reset_token(owner),
        }
    links["mailed_link.follow"] = tokens.sign(app.config["SECRET_KEY"], "draft", [draft.id, draft.nonce, draft.email])
    return {endpoint: {"token": token} for endpoint, token in links.items()}


def _draft_of(session: Session, review_id: int) -> Draft:
    return session.scalars(select(Draft).where(Draft.review_id == review_id)).one()


def _sent_without_account(session: Session, email: str) -> Draft:
    """A draft that waits for its address to be confirmed."""
    draft = contributions.start(session, make_answers())
    me = Holder(nonces=frozenset({draft.nonce}))
    contributions.save(session, draft, {"email": email}, holder=me, counter=draft.counter)
    contributions.send(session, draft, holder=me)
    return draft
