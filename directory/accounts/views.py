"""The doors of an account: signing in and out, opening an account, its password, its address, its sessions, its code.

A GET never writes: each mailed link shows a page with one button, which mail scanners do not press.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from directory.accounts import credentials, operations
from directory.accounts.forms import (
    ButtonForm,
    ChangeAddressForm,
    ChangePasswordForm,
    CodeForm,
    ForgottenForm,
    NewPasswordForm,
    RegisterForm,
    SignInForm,
    StartTwoFactorForm,
    StopTwoFactorForm,
)
from directory.accounts.identity import LONGEST_SESSION, actor, current_digest, open_session, sign_out, signed_in
from directory.accounts.models import Account
from directory.accounts.queries import find_account, sessions_of
from directory.accounts.rules import way_back
from directory.core.errors import Conflict, InvalidText, Problem
from directory.core.time import PARIS, date_fr, utcnow
from directory.core.tokens import BadToken
from directory.web.database import session
from directory.web.forms import Form
from directory.web.limits import limiter

log = logging.getLogger(__name__)
blueprint = Blueprint("accounts", __name__, url_prefix="/compte")

_SECONDS_FOR_A_CODE = 300
NO_MATCH = (
    "L’adresse et le mot de passe ne vont pas ensemble. Vérifiez l’un et l’autre, ou recevez un lien pour changer de "
    "mot de passe."
)
NOT_YOURS = (
    "Ce n’est pas votre mot de passe actuel. Vérifiez les majuscules, ou recevez un lien pour en choisir un autre."
)
NO_SUCH_CODE = (
    "Ce code n’est pas le bon, ou il a déjà servi. Attendez le suivant : il change toutes les trente secondes."
)
DONE = {
    "compte": "Votre compte est ouvert.",
    "mot-de-passe": "Votre mot de passe est changé. Vos autres sessions sont fermées.",
    "adresse": "Votre adresse est changée. Vos autres sessions sont fermées.",
    "session": "La session est fermée.",
    "sessions": "Vos autres sessions sont fermées.",
    "code": "Aucun code ne sera plus demandé à la connexion.",
}
"""What has just been done, told on the next page."""


def _typed_name() -> str:
    """What limits by name count: the address typed, whether it has an account or not."""
    return "name:" + request.form.get("email", "").strip().lower()[:254]


def _was_refused(answer: Response) -> bool:
    """Only failures count against a name, so that nobody is slowed down by signing in often."""
    return answer.status_code == 422


def _pending_name() -> str:
    return f"code:{cookie.get('pending', {}).get('id', '')}"


@blueprint.get("")
def show() -> ResponseReturnValue:
    """My account: its address, its password, its sessions, its code."""
    account = signed_in()
    return _page("show", 200, account=account, leave=ButtonForm(), done=DONE.get(request.args.get("fait", "")))


@blueprint.route("/connexion", methods=["GET", "POST"])
@limiter.limit("10 per minute", methods=["POST"])
@limiter.limit("10 per minute", methods=["POST"], key_func=_typed_name, deduct_when=_was_refused)
def sign_in() -> ResponseReturnValue:
    """Sign in; the same words and the same time whether the address has an account or not."""
    if request.method != "POST" and actor() is not None:
        return redirect(_back(), 303)
    form = SignInForm()
    if form.validate_on_submit():
        account = _account_of(form.email.data)
        is_right = credentials.is_password_of(account, form.password.data)  # as long for an address without account
        if account is not None and is_right and _is_open(account):
            return _enter(account)
        log.info("sign-in refused: %s", f"account {account.id}" if account is not None else "no such account")
        form.refuse([Problem("email", NO_MATCH)])
    return _page("sign_in", _status(form), form=form, back=_wanted())


@blueprint.route("/connexion/code", methods=["GET", "POST"])
@limiter.limit("5 per minute", methods=["POST"], key_func=_pending_name)
@limiter.limit("10 per minute", methods=["POST"])
def code() -> ResponseReturnValue:
    """The second step of signing in: a code of the application, or one kept on paper."""
    account = _pending()
    if account is None:
        return redirect(url_for("accounts.sign_in", suite=_wanted() or None), 303)
    form = CodeForm()
    if form.validate_on_submit():
        if credentials.is_code_of(account, account.tf_totp_secret, form.code.data) or credentials.use_recovery_code(
            account, form.code.data
        ):
            open_session(account)
            return redirect(_back(), 303)
        log.info("code refused: account %d", account.id)
        form.refuse([Problem("code", NO_SUCH_CODE)])
    return _page("code", _status(form), form=form)


@blueprint.post("/deconnexion")
def leave() -> ResponseReturnValue:
    """Close this session, here and on the server."""
    sign_out()
    g.signed_out = True  # what else this browser holds for the account is closed with the answer
    answer = redirect(url_for("home.show"), 303)
    answer.headers["Clear-Site-Data"] = '"storage"'  # words that a shared device kept for want of a network
    return answer


@blueprint.route("/inscription", methods=["GET", "POST"])
@limiter.limit("5 per minute; 30 per hour", methods=["POST"])
@limiter.limit("5 per hour", methods=["POST"], key_func=_typed_name)
def register() -> ResponseReturnValue:
    """Ask for an account; the answer is the same when the address has one, the mail is not."""
    form = RegisterForm()
    if form.validate_on_submit() and _accepts(form, operations.register):
        return redirect(url_for("accounts.sent"), 303)
    return _page("register", _status(form), form=form)


@blueprint.get("/courriel")
def sent() -> ResponseReturnValue:
    """What to do now that a mail may be on its way."""
    return _page("sent", 200)


@blueprint.route("/confirmer/<token>", methods=["GET", "POST"])
@limiter.limit("20 per minute", methods=["POST"])
def confirm(token: str) -> ResponseReturnValue:
    """Open the account of a mailed link, by choosing its password."""
    try:
        account = credentials.account_to_confirm(token)
    except BadToken as error:
        return _over(error, url_for("accounts.register"))
    form = NewPasswordForm(known=_known(account))
    if form.validate_on_submit():
        operations.confirm(session(), account, form.password.data)
        open_session(account)
        return redirect(url_for("accounts.show", fait="compte"), 303)
    return _page("confirm", _status(form), form=form, account=account)


@blueprint.route("/mot-de-passe-oublie", methods=["GET", "POST"])
@limiter.limit("5 per minute; 30 per hour", methods=["POST"])
@limiter.limit("5 per hour", methods=["POST"], key_func=_typed_name)
def forgotten() -> ResponseReturnValue:
    """Ask for a new password; the answer is the same when the address has no account."""
    form = ForgottenForm()
    if form.validate_on_submit() and _accepts(form, operations.ask_reset):
        return redirect(url_for("accounts.sent"), 303)
    return _page("forgotten", _status(form), form=form)


@blueprint.route("/mot-de-passe/<token>", methods=["GET", "POST"])
@limiter.limit("20 per minute", methods=["POST"])
def reset(token: str) -> ResponseReturnValue:
    """Choose a password by a mailed link; it serves once, and a second factor is still asked for."""
    try:
        account = credentials.account_to_reset(token)
    except BadToken as error:
        return _over(error, url_for("accounts.forgotten"))
    form = NewPasswordForm(known=_known(account))
    if form.validate_on_submit():
        operations.change_password(session(), account, form.password.data)
        log.info("password changed by a link: account %d", account.id)
        return _enter(account, url_for("accounts.show", fait="mot-de-passe"))
    return _page("reset", _status(form), form=form, account=account)


@blueprint.route("/mot-de-passe", methods=["GET", "POST"])
@limiter.limit("10 per minute", methods=["POST"])
def password() -> ResponseReturnValue:
    """Change my password; without one yet, receive the link that lets me choose it."""
    account = signed_in()
    if account.password is None:
        first = ButtonForm()
        if first.validate_on_submit():
            operations.ask_reset(session(), account.email)
            return redirect(url_for("accounts.sent"), 303)
        return _page("first_password", _status(first), form=first, account=account)
    form = ChangePasswordForm(known=_known(account))
    if form.validate_on_submit() and _is_mine(form, account):
        operations.change_password(session(), account, form.password.data)
        open_session(account)
        log.info("password changed: account %d", account.id)
        return redirect(url_for("accounts.show", fait="mot-de-passe"), 303)
    return _page("password", _status(form), form=form, account=account)


@blueprint.route("/adresse", methods=["GET", "POST"])
@limiter.limit("10 per minute", methods=["POST"])
def address() -> ResponseReturnValue:
    """Ask for another address; it counts once confirmed from its own mailbox."""
    account = signed_in()
    if account.password is None:
        return redirect(url_for("accounts.password"), 303)
    form = ChangeAddressForm()
    if (
        form.validate_on_submit()
        and _is_mine(form, account)
        and _accepts(form, partial(operations.ask_address, account=account))
    ):
        return redirect(url_for("accounts.sent"), 303)
    return _page("address", _status(form), form=form, account=account)


@blueprint.route("/adresse/<token>", methods=["GET", "POST"])
@limiter.limit("20 per minute", methods=["POST"])
def confirm_address(token: str) -> ResponseReturnValue:
    """Confirm the new address by the button of the page that its mail opens, once signed in with the one before.

    An address typed with a fault may be somebody's: their mailbox must open neither the account nor its address.
    """
    try:
        wanted = credentials.address_to_change(token)
    except BadToken as error:
        return _over(error, url_for("accounts.address"))
    if signed_in().id != wanted.account.id:
        return _page("link_other", 409)
    form = ButtonForm()
    if form.validate_on_submit():
        try:
            operations.change_address(session(), wanted.account, wanted.email)
        except Conflict as error:
            return _over(error, url_for("accounts.address"))
        log.info("address changed: account %d", wanted.account.id)
        return _enter(wanted.account, url_for("accounts.show", fait="adresse"))
    return _page("confirm_address", _status(form), form=form, wanted=wanted)


@blueprint.get("/sessions")
def sessions() -> ResponseReturnValue:
    """My sessions: which browser, since when, and a button to close each."""
    account = signed_in()
    listed = [
        (item, _moment(item.opened_at)) for item in sessions_of(session(), account, since=utcnow() - LONGEST_SESSION)
    ]
    done = DONE.get(request.args.get("fait", ""))
    return _page("sessions", 200, sessions=listed, digest=current_digest(), form=ButtonForm(), done=done)


@blueprint.post("/sessions/<int(max=2147483647):session_id>/fermer")
def close_session(session_id: int) -> ResponseReturnValue:
    """Close one of my sessions."""
    operations.close_listed_session(session(), signed_in(), session_id)
    return redirect(url_for("accounts.sessions", fait="session"), 303)


@blueprint.post("/sessions/fermer-les-autres")
def close_other_sessions() -> ResponseReturnValue:
    """Close my sessions, this one excepted."""
    operations.close_other_sessions(session(), signed_in(), digest=current_digest())
    return redirect(url_for("accounts.sessions", fait="sessions"), 303)


@blueprint.route("/code", methods=["GET", "POST"])
@limiter.limit("10 per minute", methods=["POST"])
def two_factor() -> ResponseReturnValue:
    """Set up a code at sign-in with an authenticator app: scan, then prove that it works."""
    account = signed_in()
    if account.password is None:
        return redirect(url_for("accounts.password"), 303)
    if account.tf_primary_method is not None:
        return _page("two_factor_on", 200, form=StopTwoFactorForm(), left=len(account.mf_recovery_codes or []))
    secret = cookie["enrolment"] = cookie.get("enrolment") or credentials.new_secret()
    form = StartTwoFactorForm()
    if form.validate_on_submit() and _is_mine(form, account):
        if credentials.is_code_of(account, secret, form.code.data):
            codes = operations.start_two_factor(session(), account, secret)
            cookie.pop("enrolment")
            log.info("second factor set up: account %d", account.id)
            return _page("recovery_codes", 200, codes=codes)
        form.refuse([Problem("code", NO_SUCH_CODE)])
    enrolment = credentials.enrolment_of(account, secret)
    return _page("two_factor", _status(form), form=form, enrolment=enrolment)


@blueprint.post("/code/arreter")
@limiter.limit("10 per minute")
def stop_two_factor() -> ResponseReturnValue:
    """Give up the code at sign-in."""
    account, form = signed_in(), StopTwoFactorForm()
    if form.validate_on_submit() and _is_mine(form, account):
        operations.stop_two_factor(session(), account)
        log.info("second factor given up: account %d", account.id)
        return redirect(url_for("accounts.show", fait="code"), 303)
    return _page("two_factor_on", 422, form=form, left=len(account.mf_recovery_codes or []))


def _page(name: str, status: int, **values: Any) -> ResponseReturnValue:
    """A page of the account: never kept, wherever it is shown."""
    answer = make_response(render_template(f"accounts/{name}.html", **values), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _moment(instant: dt.datetime) -> str:
    """« 22 novembre 2026 à 9 h 05 », in Paris."""
    told = instant.astimezone(PARIS)
    return f"{date_fr(told)} à {told.hour}\u00a0h\u00a0{told.minute:02}"


def _over(error: BadToken | Conflict, again: str) -> ResponseReturnValue:
    """The page of a link that no longer serves, with the way to another."""
    return _page("link_over", error.status, message=error.message, again=again)


def _status(form: Form) -> int:
    return 422 if form.is_submitted() else 200


def _enter(account: Account, target: str | None = None) -> ResponseReturnValue:
    """Open a session, or ask for the code first when the account has a second factor."""
    if account.tf_primary_method is None:
        open_session(account)
        return redirect(target or _back(), 303)
    sign_out()
    at = int(utcnow().timestamp())
    cookie["pending"] = {"id": account.id, "of": account.fs_uniquifier[:16], "at": at}
    return redirect(url_for("accounts.code", suite=target or _wanted() or None), 303)


def _pending() -> Account | None:
    """Whose password was just checked, for five minutes."""
    pending = cookie.get("pending", {})
    if utcnow().timestamp() - pending.get("at", 0) > _SECONDS_FOR_A_CODE:
        return None
    account = session().get(Account, pending["id"])
    same = account is not None and _is_open(account) and account.fs_uniquifier[:16] == pending["of"]
    return account if same else None


def _account_of(email: str) -> Account | None:
    """The account of an address; what is no address has none."""
    try:
        return find_account(session(), email)
    except InvalidText:
        return None


def _is_open(account: Account) -> bool:
    return account.active and account.confirmed_at is not None


def _is_mine(
    form: ChangePasswordForm | ChangeAddressForm | StopTwoFactorForm | StartTwoFactorForm, account: Account
) -> bool:
    """Check the password of now; a wrong one is told at its field."""
    if credentials.is_password_of(account, form.current.data or ""):
        return True
    log.info("password refused: account %d", account.id)
    form.refuse([Problem("current", NOT_YOURS)])
    return False


def _accepts(form: RegisterForm | ForgottenForm | ChangeAddressForm, operation: Callable[[Session, str], None]) -> bool:
    """Hand the address typed to an operation; what is no address is told at its field."""
    try:
        operation(session(), form.email.data)
    except InvalidText as error:
        form.refuse([Problem("email", error.message)])
        return False
    return True


def _known(account: Account) -> tuple[str, ...]:
    """What anybody may know, and must not be a password."""
    return (account.email, current_app.extensions["settings"].site_name)


def _wanted() -> str:
    """Where the person was going, when that is on this site; "" otherwise."""
    return way_back(request.args.get("suite", ""), "")


def _back() -> str:
    return _wanted() or url_for("space.show")
