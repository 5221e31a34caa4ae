"""`/proposer/lien`: the mailed link of a draft, which opens it anywhere or confirms its sending; asked for again."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from directory.accounts.identity import sign_in
from directory.accounts.rules import normal_address
from directory.contributions import operations
from directory.contributions.forms import AddressForm, PlainForm
from directory.contributions.identity import Held, draft_of_link, hold, holder, review_of_link
from directory.contributions.models import Draft
from directory.contributions.permissions import can_edit
from directory.contributions.queries import content_of, draft_of_review, get_draft, is_waiting
from directory.core.errors import Invalid, InvalidText, NotFound, Problem
from directory.core.tokens import BadToken
from directory.networks.queries import network_in_charge
from directory.web.database import session
from directory.web.limits import limiter

blueprint = Blueprint("mailed_link", __name__, url_prefix="/proposer/lien")


@blueprint.route("/<token>", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
def follow(token: str) -> ResponseReturnValue:
    """The mailed link: goes on with the draft here, or confirms its sending by one button."""
    try:
        named = draft_of_link(token)
        draft = get_draft(session(), named.draft_id, named.holder)
    except (BadToken, NotFound):
        return _asked_again(token)
    if draft.email != named.proven:  # the address was corrected since
        return render_template("contributions/ask_link.html", form=AddressForm(), is_expired=True), 410
    waits = draft.sent_at is not None and draft.review_id is None and draft.sent_counter == draft.counter
    if request.method != "POST":
        if waits:
            content = content_of(draft.typed)
            network = network_in_charge(session(), content.here[0].keys)
            return make_response(
                render_template("contributions/confirm.html", content=content, plain=PlainForm(), network=network)
            )
        target = url_for("contributions.receipt" if is_waiting(draft) else "contributions.read_over", draft_id=draft.id)
        return hold(make_response(redirect(target, 303)), draft, named.proven)
    return _confirm(draft, named)


def _asked_again(token: str) -> ResponseReturnValue:
    """The link of a mail that asks for changes: to the draft, through the front door if it belongs to an account."""
    try:
        review_id, email = review_of_link(token)
    except BadToken:
        return render_template("contributions/ask_link.html", form=AddressForm(), is_expired=True), 410
    draft, who = draft_of_review(session(), review_id), holder()
    if draft is None:  # begun otherwise, or sent again since
        return redirect(url_for("space.show"), 303)
    target = url_for("contributions.receipt" if is_waiting(draft) else "contributions.read_over", draft_id=draft.id)
    if can_edit(who, draft):
        return redirect(target, 303)
    if draft.email == email and who.account is None:
        return hold(make_response(redirect(target, 303)), draft, email)
    return redirect(url_for("accounts.sign_in", suite=target), 303)


def _confirm(draft: Draft, named: Held) -> Response:
    """The button of the mailed link: the account, the review, and this browser goes on."""
    after, is_first = "contributions.receipt", draft.review_id is None
    if not PlainForm().validate():
        raise BadRequest
    try:
        account, _ = operations.confirm(session(), draft, named.proven)
        if is_first:  # the link is kept in a mailbox for thirty days: it signs in once
            sign_in(account)
    except Invalid:
        after = "contributions.read_over"
    return hold(make_response(redirect(url_for(after, draft_id=draft.id), 303)), draft, named.proven)


@blueprint.route("", methods=["GET", "POST"])
@limiter.limit("10 per hour", methods=["POST"])
def ask() -> ResponseReturnValue:
    """Another link for an address; the answer is the same whether a draft waits there or not."""
    form = AddressForm()
    if request.method != "POST":
        return render_template("contributions/ask_link.html", form=form)
    is_valid = form.validate()
    try:
        email = normal_address(form.email.data or "")
    except InvalidText as error:
        form.refuse([Problem("email", error.message)])
        is_valid = False
    if not is_valid:
        return render_template("contributions/ask_link.html", form=form), 422
    operations.send_links_to(session(), email)
    return render_template("contributions/ask_link.html", form=form, asked=email)
