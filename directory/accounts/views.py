"""The doors of an account: signing in and out."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.identity import sign_out

blueprint = Blueprint("accounts", __name__, url_prefix="/compte")


@blueprint.get("/connexion")
def sign_in() -> ResponseReturnValue:
    """The page to sign in."""
    return "Connexion"


@blueprint.post("/deconnexion")
def leave() -> ResponseReturnValue:
    """Close this session, here and on the server."""
    sign_out()
    return redirect(url_for("home.show"), 303)
