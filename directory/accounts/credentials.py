"""Passwords, mailed links and one-time codes: Flask-Security's primitives, inside an application context."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

from flask_security import Totp, UserMixin, hash_password
from flask_security.confirmable import confirm_email_token_status, generate_confirmation_token
from flask_security.proxies import _datastore, _security
from flask_security.recoverable import generate_reset_password_token, reset_password_token_status
from flask_security.utils import _config_value, check_and_get_token_status, hash_data, verify_hash
from passlib.exc import UsedTokenError
from passlib.totp import TotpMatch
from sqlalchemy import or_, update
from sqlalchemy.orm import object_session

from directory.accounts.models import Account
from directory.accounts.rules import normal_password
from directory.core.tokens import BadToken

_ONE_STEP = 30
"""Seconds that a one-time code lasts; the one before and the one after are accepted too."""


def derived_key(secret: str, purpose: str) -> str:
    """A key of its own for a purpose, in the form that Fernet asks, from the secret of the site."""
    digest = hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode("ascii")


def hashed(password: str) -> str:
    """The argon2 hash of a password, after Unicode normalisation; every byte counts."""
    return hash_password(normal_password(password))


def is_password_of(account: Account | None, password: str) -> bool:
    """True when the password opens this account; takes as long when there is no account, or no password."""
    normal = normal_password(password)
    if account is None or account.password is None:
        hash_password(normal)
        return False
    return account.verify_and_update_password(normal)


def confirmation_token(account: Account) -> str:
    """What the link that confirms a new account carries."""
    return str(generate_confirmation_token(account))  # type: ignore[no-untyped-call]  # the library's


def account_to_confirm(token: str) -> Account:
    """The account that a confirmation link opens, until it is confirmed; raises BadToken."""
    expired, invalid, account = confirm_email_token_status(token)  # type: ignore[no-untyped-call]  # the library's
    if expired or invalid or not isinstance(account, Account) or account.confirmed_at is not None:
        raise _over()
    return account


def reset_token(account: Account) -> str:
    """What the link that leads to a new password carries; it dies with the next change of password."""
    return str(generate_reset_password_token(account))  # type: ignore[no-untyped-call]  # the library's


def account_to_reset(token: str) -> Account:
    """The account whose password a link may change; raises BadToken."""
    expired, invalid, account = reset_password_token_status(token)  # type: ignore[no-untyped-call]  # the library's
    if expired or invalid or not isinstance(account, Account) or not account.active or account.confirmed_at is None:
        raise _over()
    return account


@dataclass(frozen=True)
class NewAddress:
    """An address that its owner asked for and now confirms."""

    account: Account
    email: str


def change_token(account: Account, email: str) -> str:
    """What the link that confirms a new address carries."""
    return str(_security.change_email_serializer.dumps([account.fs_uniquifier, hash_data(account.email), email]))


def address_to_change(token: str) -> NewAddress:
    """The account and its new address, until either changes again; raises BadToken."""
    within = _config_value("CHANGE_EMAIL_WITHIN")  # type: ignore[no-untyped-call]  # the library's
    expired, invalid, data = check_and_get_token_status(token, "change_email", within)
    if expired or invalid:
        raise _over()
    uniquifier, old, email = data
    account = _datastore.find_user(fs_uniquifier=uniquifier)
    if not isinstance(account, Account) or not account.active or account.pending_email != email:
        raise _over()
    if not verify_hash(old, account.email):
        raise _over()
    return NewAddress(account, email)


class LastCounterTotp(Totp):
    """One-time codes that serve once: the time step of the last one is kept with the account."""

    def get_last_counter(self, user: UserMixin) -> int | None:
        """The step of the last code accepted."""
        return user.tf_last_counter if isinstance(user, Account) else None

    def set_last_counter(self, user: UserMixin, tmatch: TotpMatch) -> None:
        """Keep the step; raises UsedTokenError when another request used it, or a later one, meanwhile."""
        current = object_session(user)
        if not isinstance(user, Account) or current is None:
            return
        later = or_(Account.tf_last_counter.is_(None), Account.tf_last_counter < tmatch.counter)
        changed = current.connection().execute(
            update(Account).where(Account.id == user.id, later).values(tf_last_counter=tmatch.counter)
        )
        if changed.rowcount != 1:
            raise UsedTokenError


def new_secret() -> str:
    """A secret for an authenticator app, encrypted by the site's key."""
    return str(_security.totp_factory.generate_totp_secret())


@dataclass(frozen=True)
class Enrolment:
    """What a person gives to an authenticator app: a picture to scan, or a key to type."""

    image: str
    key: str


def enrolment_of(account: Account, secret: str) -> Enrolment:
    """The picture (a data: address) and the key of a secret."""
    values = _security.totp_factory.fetch_setup_values(secret, account)
    return Enrolment(image=values["image"], key=values["key"])


def is_code_of(account: Account, secret: str | None, code: str) -> bool:
    """True when the one-time code fits the secret now, and was not used before."""
    digits = "".join(code.split())
    if secret is None or not (digits.isascii() and digits.isdigit() and len(digits) == 6):
        return False
    return _security.totp_factory.verify_totp(digits, secret, account, window=_ONE_STEP)


def new_recovery_codes(account: Account) -> list[str]:
    """Codes to keep on paper, shown once; those given before no longer work."""
    return _security.mf_recovery_codes_util.create_recovery_codes(account)


def use_recovery_code(account: Account, code: str) -> bool:
    """True when the code was one of those given and not used yet; it is used up."""
    current = object_session(account)
    if current is not None:
        current.refresh(account, with_for_update=True)
    kept = account.mf_recovery_codes or []
    codes = _security.mf_recovery_codes_util.get_recovery_codes(account)
    wanted = "".join(code.split()).lower().replace("-", "")
    places = [place for place, given in enumerate(codes) if hmac.compare_digest(given.replace("-", ""), wanted)]
    if not places:
        return False
    account.mf_recovery_codes = [item for place, item in enumerate(kept) if place != places[0]]
    return True


def _over() -> BadToken:
    return BadToken("Ce lien a déjà servi, ou il a été envoyé il y a trop longtemps. Demandez-en un nouveau.")
