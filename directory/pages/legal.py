"""What the law asks a site to say: who publishes it, what becomes of personal data, how accessible it is."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from directory.web.caching import public_answer

blueprint = Blueprint("legal", __name__)


@blueprint.get("/mentions-legales")
def notice() -> Response:
    """Who publishes, who hosts, under which licence."""
    return public_answer("", lambda: render_template("pages/legal.html"))


@blueprint.get("/vie-privee")
def privacy() -> Response:
    """What becomes of personal data."""
    return public_answer("", lambda: render_template("pages/privacy.html"))


@blueprint.get("/accessibilite")
def accessibility() -> Response:
    """How accessible the site is, and how to report an obstacle."""
    return public_answer("", lambda: render_template("pages/accessibility.html"))
