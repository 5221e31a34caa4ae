"""Who acts in this request: Flask-Security's signed-in person, whose session is a row that can be closed.

Flask's cookie is only signed: a stolen copy would outlive sign-out. The row is what sign-out, a new password or
« fermer les autres sessions » close, and it is read whenever a view asks who acts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import secrets
from typing import cast

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask import session as cookie
from flask_login.utils import _user_context_processor
from flask_security import Security, SQLAlchemySessionUserDatastore, current_user, login_user, logout_user
from sqlalchemy.orm import Session, scoped_session
from werkzeug.exceptions import HTTPException
from werkzeug.local import LocalProxy

from config import Environment, Settings
from directory.accounts import operations
from directory.accounts.credentials import LastCounterTotp, derived_key
from directory.accounts.models import Account, Role
from directory.accounts.queries import find_signed_in
from directory.accounts.rules import browser_name
from directory.core.errors import DirectoryError
from directory.core.time import utcnow
from directory.web.database import SAFE_METHODS, session
from directory.web.errors import error_answer, wants_problem
from directory.web.forms import resend_page
from directory.web.typed import words_typed

log = logging.getLogger(__name__)

LONGEST_IDLE = dt.timedelta(hours=2)
LONGEST_SESSION = dt.timedelta(hours=12)
CLOSED = "Votre session s’est fermée. Rien n’est parti\u00a0: ce que vous avez écrit est gardé dans cette page."
_NOTICED_EVERY = dt.timedelta(minutes=1)
"""How often the cookie is signed anew: its own time tells when the person was last here, without writing on a GET."""

_HASH = {"argon2__time_cost": 2, "argon2__memory_cost": 19_456, "argon2__parallelism": 1}
"""What OWASP asks for: 19 MiB and two passes, so that a small machine survives ten people signing in at once."""
_CHEAP_HASH = {"argon2__time_cost": 1, "argon2__memory_cost": 1_024, "argon2__parallelism": 1}


class NotSignedIn(DirectoryError):
    """Nobody is signed in, or no longer; a page answers by the way to sign in, then back."""

    status = 401

    def __init__(self) -> None:
        super().__init__("Connectez-vous pour continuer.")


def init_app(app: Flask, settings: Settings) -> None:
    """Wire Flask-Security: its store, hashes, links and one-time codes; the pages are our own.

    Three of its views write on a GET, which a mail scanner triggers: hence no blueprint of its own.
    """
    secret = settings.secret_key
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  # the name of the hash
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=True,  # no secret of the site in the hash: changing the secret loses no password
        SECURITY_HASHING_SCHEMES=["hex_sha256"],
        SECURITY_RESET_PASSWORD_WITHIN=dt.timedelta(hours=1),
        SECURITY_CONFIRM_EMAIL_WITHIN=dt.timedelta(days=2),
        SECURITY_CHANGE_EMAIL_WITHIN=dt.timedelta(hours=2),
        SECURITY_TWO_FACTOR=True,
        SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
        SECURITY_TOTP_SECRETS={"1": derived_key(secret, "one-time codes")},
        SECURITY_TOTP_ISSUER=settings.site_name,
        SECURITY_MULTI_FACTOR_RECOVERY_CODES=True,
        SECURITY_MULTI_FACTOR_RECOVERY_CODES_N=8,
        SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS=[derived_key(secret, "recovery codes")],
        SECURITY_ANONYMOUS_USER_DISABLED=True,
        SECURITY_DATETIME_FACTORY=utcnow,
        SECURITY_CLI_USERS_NAME=False,
        SECURITY_CLI_ROLES_NAME=False,
        SECURITY_USE_REGISTER_V2=True,
        SESSION_PROTECTION=None,  # a phone changes its address all day long
    )
    app.config["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"] = (
        _CHEAP_HASH if settings.environment is Environment.TEST else _HASH
    )
    current = cast("scoped_session[Session]", LocalProxy(session))
    store = SQLAlchemySessionUserDatastore(current, Account, Role)
    security = Security(app, store, register_blueprint=False, totp_cls=LastCounterTotp)
    security.login_manager.user_loader(_load)
    _look_only_when_asked(app, security)
    app.register_error_handler(NotSignedIn, _lead_to_sign_in)


def actor() -> Account | None:
    """Who acts in this request, or None for a visitor."""
    found = current_user._get_current_object()
    return found if isinstance(found, Account) else None


def signed_in() -> Account:
    """Who acts in this request; raises NotSignedIn."""
    found = actor()
    if found is None:
        raise NotSignedIn
    return found


def sign_in(account: Account) -> bool:
    """Sign in who just proved an address by a mailed link; False when the account must come through the front door.

    That is: a second factor is set up, or the account is closed. Nobody is signed in then.
    """
    if account.tf_primary_method is not None or not account.active or account.confirmed_at is None:
        return False
    open_session(account)
    return True


def open_session(account: Account) -> None:
    """Open a session under a new identifier for somebody whose every factor was checked; the one before is closed."""
    before = actor()
    if before is not None:
        operations.close_session(session(), before, digest=current_digest())
    cookie.clear()
    g.pop(current_app.config.get("WTF_CSRF_FIELD_NAME", "csrf_token"), None)  # Flask-WTF keeps the old token there
    login_user(account, remember=False)
    identifier = secrets.token_urlsafe(32)
    cookie["sid"] = identifier
    cookie["seen"] = int(utcnow().timestamp())
    operations.open_session(
        session(), account, digest=_digest(identifier), browser=browser_name(request.user_agent.string)
    )
    log.info("account %d signed in", account.id)


def sign_out() -> None:
    """Close the session of this browser, on the server too."""
    account = actor()
    if account is not None:
        operations.close_session(session(), account, digest=current_digest())
        log.info("account %d signed out", account.id)
        logout_user()
    cookie.clear()


def current_digest() -> str:
    """The digest that names the session of this browser among those of the account."""
    return _digest(cookie.get("sid", ""))


def _digest(identifier: str) -> str:
    return hashlib.sha256(identifier.encode("utf-8", "replace")).hexdigest()


def _load(uniquifier: str) -> Account | None:
    """The account that the cookie names, while its session row is open and neither too old nor idle."""
    now = utcnow()
    seen = cookie.get("seen", 0)
    if now.timestamp() - seen <= LONGEST_IDLE.total_seconds():
        account = find_signed_in(session(), current_digest(), since=now - LONGEST_SESSION)
        if account is not None and account.fs_uniquifier == uniquifier:
            if now.timestamp() - seen >= _NOTICED_EVERY.total_seconds():
                cookie["seen"] = int(now.timestamp())
            return account
    for key in ("_user_id", "sid", "seen"):
        cookie.pop(key, None)
    return None


def _look_only_when_asked(app: Flask, security: Security) -> None:
    """Undo what would read the cookie at every request: public pages are kept, and the same for everybody."""
    app.template_context_processors[None].remove(_user_context_processor)
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    app.after_request_funcs[None].remove(security.login_manager._update_remember_cookie)
    security.login_manager._request_callback = None  # no sign-in by a token in the address or in JSON


def _lead_to_sign_in(error: NotSignedIn) -> Response:
    """The way to sign in and back; what was typed comes back first; a program gets a problem document."""
    session().rollback()
    if wants_problem():
        return error_answer(error.status, error.message)
    if words_typed():
        return resend_page(CLOSED, error.status, sign_in=url_for("accounts.sign_in"))
    wanted = request.full_path.rstrip("?") if _may_be_read() else ""
    target = url_for("accounts.sign_in", suite=wanted) if wanted else url_for("accounts.sign_in")
    answer = redirect(target, 303)
    answer.headers["Cache-Control"] = "no-store"
    return answer  # type: ignore[return-value]  # Werkzeug's response is Flask's here


def _may_be_read() -> bool:
    """The address can be asked for again once signed in: it answers a GET."""
    if request.method in SAFE_METHODS:
        return True
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter is not None and bool(adapter.match(request.path, method="GET"))
    except HTTPException:
        return False
