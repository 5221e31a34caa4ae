"""Who is at the door of a draft: the account, and what the signed cookie of this browser holds."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, current_app, g, request

from directory.accounts.identity import actor
from directory.contributions.models import Draft
from directory.contributions.permissions import Holder
from directory.core import tokens

PURPOSE_LINK, _PURPOSE_COOKIE = "draft", "drafts held"
PURPOSE_REVIEW = "review"
"""Signed by the mails of reviews, which know no draft."""
LIFE = 30 * 86_400
"""Seconds during which the cookie and the mailed link open a draft."""
_MOST = 12
"""Drafts in one cookie, the last ones: a browser refuses cookies over 4 kB."""


@dataclass(frozen=True)
class Held:
    """One draft that this browser holds, and the address that a mailed link has proven for it ("" before)."""

    draft_id: int
    nonce: str
    proven: str = ""

    @property
    def holder(self) -> Holder:
        """Whoever comes by this link alone."""
        return Holder(nonces=frozenset((self.nonce,)), proven=frozenset((self.proven,)))


def holder() -> Holder:
    """Who asks: the account signed in, and the drafts of this browser."""
    held = held_here()
    return Holder(
        account=actor(),
        nonces=frozenset(one.nonce for one in held),
        proven=frozenset(one.proven for one in held if one.proven),
    )


def held_here() -> list[Held]:
    """The drafts that the cookie names; a cookie that we did not sign holds none."""
    try:
        value = tokens.read(_secret(), _PURPOSE_COOKIE, request.cookies.get(_name(), ""), LIFE)
        return [Held(int(number), str(nonce), str(proven)) for number, nonce, proven in value]
    except (tokens.BadToken, TypeError, ValueError):
        return []


def hold(response: Response, draft: Draft, proven: str = "") -> Response:
    """Let this browser go on with a draft; the cookie is set here and nowhere else."""
    others = [one for one in held_here() if one.draft_id != draft.id]
    before = next((one.proven for one in held_here() if one.draft_id == draft.id), "")
    held = [*others, Held(draft.id, draft.nonce, proven or before)][-_MOST:]
    return _keep(response, held)


def let_go(response: Response, draft_id: int) -> Response:
    """Forget a draft in this browser."""
    return _keep(response, [one for one in held_here() if one.draft_id != draft_id])


def _keep(response: Response, held: list[Held]) -> Response:
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    if not held:
        response.delete_cookie(_name(), secure=secure, httponly=True, samesite="Lax")
        return response
    value = tokens.sign(_secret(), _PURPOSE_COOKIE, [[one.draft_id, one.nonce, one.proven] for one in held])
    response.set_cookie(_name(), value, max_age=LIFE, secure=secure, httponly=True, samesite="Lax")
    return response


def init_app(app: Flask) -> None:
    """Signing out closes, in this browser, the drafts that a mailed link had opened."""
    app.after_request(_forget_proven)


def _forget_proven(response: Response) -> Response:
    if g.get("signed_out"):
        _keep(response, [one for one in held_here() if not one.proven])
    return response


def draft_of_link(token: str) -> Held:
    """What a mailed link names; raises BadToken when it is not ours or too old."""
    number, nonce, email = tokens.read(_secret(), PURPOSE_LINK, token, LIFE)
    return Held(int(number), str(nonce), str(email))


def review_of_link(token: str) -> tuple[int, str]:
    """The review and the address that the mail of a decision names; raises BadToken when it is not ours or too old."""
    number, email = tokens.read(_secret(), PURPOSE_REVIEW, token, LIFE)
    return int(number), str(email)


def _name() -> str:
    return "__Host-brouillon" if current_app.config["SESSION_COOKIE_SECURE"] else "brouillon"


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
