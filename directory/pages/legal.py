"""What the law asks a site to say: who publishes it, what becomes of personal data, how accessible it is."""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint("legal", __name__)


@blueprint.get("/mentions-legales")
def notice() -> str:
    """Who publishes, who hosts, under which licence."""
    return render_template("pages/legal.html")


@blueprint.get("/vie-privee")
def privacy() -> str:
    """What becomes of personal data."""
    return render_template("pages/privacy.html")


@blueprint.get("/accessibilite")
def accessibility() -> str:
    """How accessible the site is, and how to report an obstacle."""
    return render_template("pages/accessibility.html")
