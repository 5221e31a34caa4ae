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
from directory.networks.models import Network
from directory.organisations.models import Membership, Organisation
from directory.reviews import operations as reviews
from directory.reviews.vocabulary import Decision
from tests.factories import make_account, make_answers, make_review

IN_CHARGE, ELSEWHERE = "reseau-bretagne-solidaire", "so-cooperation"
ROLES = ("visitor", "owner", "other", "curator", "elsewhere", "administrator")
"""The roles in the order of every table: « owner » is the association to which the objects belong."""
PUBLIC = frozenset("basemap directory exchange geocoding health home legal map networks organisations sheet".split())
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
    people = {
        "owner": make_account(session),
        "other": make_account(session),
        "curator": make_account(session, curates=IN_CHARGE),
        "elsewhere": make_account(session, curates=ELSEWHERE),
        "administrator": make_account(session),
    }
    people["administrator"].is_administrator = True
    owner = people["owner"]
    published = make_review(session, author=owner)
    reviews.decide(session, published, actor=people["curator"], decision=Decision.PUBLISH)
    session.commit()
    initiative = published.revision.initiative
    waiting = make_review(session, author=owner)
    waiting_initiative = waiting.revision.initiative
    draft = contributions.start(session, make_answers(), account=owner)
    unconfirmed = _sent_without_account(session, "nouvelle@example.org")
    organisation = session.scalars(select(Organisation).where(Organisation.side == "here").limit(1)).one()
    session.add(Membership(account_id=owner.id, organisation_id=organisation.id, granted_at=owner.created_at))
    session.flush()
    asked = memberships.ask(session, organisation, actor=make_account(session))
    opened = AccountSession(account_id=owner.id, digest="0" * 64)
    session.add(opened)
    newcomer = Account(email="inscrite@example.org")
    session.add(newcomer)
    owner.pending_email = "ailleurs@example.org"
    session.commit()
    network = session.scalars(select(Network.slug).limit(1)).one()
    with app.app_context():
        confirming = credentials.confirmation_token(newcomer)
        resetting = credentials.reset_token(owner)
        changing = credentials.change_token(owner, "ailleurs@example.org")
    linking = tokens.sign(app.config["SECRET_KEY"], "draft", [unconfirmed.id, unconfirmed.nonce, unconfirmed.email])
    of_draft, of_review = {"draft_id": draft.id}, {"review_id": waiting.id}
    of_initiative = {"initiative_id": initiative.id}
    sheet = {"slug": initiative.slug}
    values: dict[str, dict[str, Any]] = {
        "accounts.close_session": {"session_id": opened.id},
        "accounts.confirm": {"token": confirming},
        "accounts.confirm_address": {"token": changing},
        "accounts.reset": {"token": resetting},
        "contributions.forget": of_draft,
        "contributions.link": {"token": linking},
        "contributions.read_over": of_draft,
        "contributions.receipt": {"draft_id": _draft_of(session, waiting.id).id},
        "contributions.send": of_draft,
        "contributions.step": {**of_draft, "slug": "ensemble"},
        "networks.show": {"slug": network},
        "organisations.show": {"slug": organisation.slug},
        "relay.sent": sheet,
        "relay.write": sheet,
        "reviews.decide": of_review,
        "reviews.hand_over": of_review,
        "reviews.show": of_review,
        "sheet.show": sheet,
        "space.change": of_initiative,
        "space.discard": of_draft,
        "space.end": {"membership_id": asked.id, "act": "refuser"},
        "space.grant": {"membership_id": asked.id},
        "space.initiative": of_initiative,
        "space.membership": {"slug": organisation.slug},
        "space.take_back": {"initiative_id": waiting_initiative.id},
        "space.withdraw": of_initiative,
    }
    return World(people, values)


def _draft_of(session: Session, review_id: int) -> Draft:
    return session.scalars(select(Draft).where(Draft.review_id == review_id)).one()


def _sent_without_account(session: Session, email: str) -> Draft:
    """A draft that waits for its address to be confirmed."""
    draft = contributions.start(session, make_answers())
    me = Holder(nonces=frozenset({draft.nonce}))
    contributions.save(session, draft, {"email": email}, holder=me, counter=draft.counter)
    contributions.send(session, draft, holder=me)
    return draft
