"""Writing to the structure of a sheet: no address is shown to anybody, the site passes the message on."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit

from directory.core.errors import Conflict, Invalid, Problem
from directory.initiatives.models import Initiative
from directory.relay import operations
from directory.relay.forms import MessageForm
from directory.relay.queries import carrier_names, destination, open_sheet
from directory.relay.rules import TooManyMessages
from directory.web.database import session
from directory.web.limits import limiter

blueprint = Blueprint("relay", __name__)

RETRY_AFTER = 3600
"""Seconds: the limit is counted by the hour, the day's slides with it."""
TOO_MANY = "Cinq messages sont déjà partis d’ici en une heure. Gardez cette page et renvoyez-la plus tard."


def _was_taken_in(response: Response) -> bool:
    """Only what was sent counts: nobody is locked out for mending a form."""
    return response.status_code < 400


def _wait(_limit: RequestLimit) -> Response:
    """The form again, filled in, when this address has sent enough for now."""
    initiative = open_sheet(session(), (request.view_args or {})["slug"])
    form = MessageForm()
    form.refuse([Problem("", TOO_MANY)])
    return _page(initiative, form, TooManyMessages.status)


@blueprint.route("/initiatives/<slug>/ecrire", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
@limiter.limit("5 per hour", methods=["POST"], deduct_when=_was_taken_in, on_breach=_wait)
def write(slug: str) -> ResponseReturnValue:
    """The form, then the message taken in: 404 when the sheet never was public, 410 when it was withdrawn."""
    initiative = open_sheet(session(), slug)
    form = MessageForm()
    if not form.is_submitted():
        return _page(initiative, form, 200)
    if not form.validate():
        return _page(initiative, form, 422)
    try:
        operations.send(session(), initiative, name=form.name.data, email=form.email.data, body=form.body.data)
    except Invalid as error:
        form.refuse(error.problems)
        return _page(initiative, form, 422)
    except (Conflict, TooManyMessages) as error:
        form.refuse([Problem("", error.message)])
        return _page(initiative, form, error.status)
    return redirect(url_for(".sent", slug=slug), 303)


@blueprint.get("/initiatives/<slug>/ecrire/envoye")
def sent(slug: str) -> ResponseReturnValue:
    """What happens now to a message that was taken in."""
    initiative = open_sheet(session(), slug)
    return render_template("relay/sent.html", initiative=initiative, to=destination(session(), initiative))


def _page(initiative: Initiative, form: MessageForm, status: int) -> Response:
    to = destination(session(), initiative)
    names = carrier_names(session(), initiative)
    return make_response(
        render_template("relay/write.html", initiative=initiative, form=form, to=to, names=names), status
    )
