"""Ici & Là-bas: a public directory and map of the links between a place here and a place there."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from directory.accounts import identity
from directory.accounts import jobs as account_jobs
from directory.accounts import views as accounts
from directory.basemap import views as basemap
from directory.contributions import identity as drafts_held
from directory.contributions import jobs as contribution_jobs
from directory.contributions import mailed_link, space
from directory.contributions import views as contributions
from directory.core.jobs import Handler
from directory.geocoding import views as geocoding
from directory.geocoding.gazetteer import open_gazetteer
from directory.geocoding.providers import make_providers
from directory.initiatives.actors import ActorsIndex
from directory.initiatives.index import CorpusIndex
from directory.initiatives.suggestions import Suggester
from directory.organisations import jobs as organisation_jobs
from directory.pages import directory as listing
from directory.pages import (
    embed,
    health,
    home,
    legal,
    nearby,
    networks,
    organisations,
    share,
    sheet,
    suggestions,
    telling,
    territories,
)
from directory.pages import map as links_map
from directory.relay import jobs as relay_jobs
from directory.relay import views as relay
from directory.reports import jobs as report_jobs
from directory.reports import views as reports
from directory.reviews import jobs as review_jobs
from directory.reviews import views as reviews
from directory.syndication import views as syndication
from directory.web import (
    assets,
    caching,
    database,
    errors,
    formatting,
    forms,
    headers,
    limits,
    logs,
    requests,
    safety,
    site,
)

ROOT = Path(__file__).resolve().parent.parent
DOORS = (
    home,
    links_map,
    nearby,
    basemap,
    listing,
    suggestions,
    embed,
    sheet,
    telling,
    share,
    organisations,
    territories,
    networks,
    syndication,
    legal,
    health,
    geocoding,
    accounts,
    contributions,
    mailed_link,
    space,
    relay,
    reviews,
    reports,
)
"""Every module of public views, in the order of the menus; each holds one blueprint."""

JOBS = (account_jobs, contribution_jobs, review_jobs, relay_jobs, report_jobs, organisation_jobs)
"""Every module of work to be done later; each holds its handlers by kind."""

COMPRESSED = [
    "application/atom+xml",
    "application/geo+json",
    "application/json",
    "application/problem+json",
    "application/xml",
    "image/svg+xml",
    "text/css",
    "text/csv",
    "text/html",
    "text/javascript",
    "text/plain",
]


class Commands(AppGroup):
    """The groups of the `flask` command, loaded when one is asked for: serving pages needs none of what they import."""

    is_filled = False

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every group."""
        self._fill()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One group."""
        self._fill()
        return super().get_command(ctx, cmd_name)

    def _fill(self) -> None:
        if not self.is_filled:
            from directory import cli  # noqa: PLC0415  # half a second that a server does not spend

            self.is_filled = True
            cli.fill(self)


def create_app(settings: Settings) -> Flask:
    """The application for these settings; raises UnsafeSettings when production would serve the demonstration."""
    app = Flask(__name__, static_folder=ROOT / "static", static_url_path="/static", template_folder=ROOT / "templates")
    _configure(app, settings)
    _plumb(app, settings)
    _open_data(app, settings)
    _open_pages(app)
    app.extensions["job_handlers"] = _handlers()
    app.cli = Commands()
    safety.check_production(settings, app.extensions["engine"])
    return app


def _configure(app: Flask, settings: Settings) -> None:
    """Flask's own configuration follows from the settings; nothing else is read from the environment."""
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        DEBUG=settings.debug,
        TESTING=settings.environment == "test",
        PROPAGATE_EXCEPTIONS=settings.debug,
        MAX_CONTENT_LENGTH=settings.max_content_length,
        MAX_FORM_MEMORY_SIZE=settings.max_content_length,
        MAX_FORM_PARTS=500,
        PREFERRED_URL_SCHEME="https" if settings.is_production else "http",
        SESSION_COOKIE_NAME="__Host-session" if settings.is_production else "session",
        SESSION_COOKIE_SECURE=settings.is_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        COMPRESS_MIMETYPES=COMPRESSED,
        COMPRESS_ALGORITHM=["br", "zstd", "gzip"],
        COMPRESS_ALGORITHM_STREAMING=["br", "zstd", "deflate"],
    )


def _plumb(app: Flask, settings: Settings) -> None:
    """What surrounds every request, the first before and the last after the others."""
    logs.init_app(app, settings)
    requests.init_app(app, settings)
    Compress(app)
    assets.init_app(app)
    caching.init_app(app, settings)
    database.init_app(app, settings)
    errors.init_app(app)
    identity.init_app(app, settings)
    drafts_held.init_app(app)
    forms.init_app(app)
    limits.init_app(app)
    formatting.init_app(app)
    site.init_app(app, settings)
    headers.init_app(app, strict_transport=settings.is_production)
    if settings.proxy_hops:
        proxied = ProxyFix(app.wsgi_app, x_for=settings.proxy_hops, x_proto=settings.proxy_hops, x_host=0)
        app.wsgi_app = proxied  # type: ignore[method-assign]  # the way Flask documents


def _open_data(app: Flask, settings: Settings) -> None:
    """The embedded gazetteer, or None without a good file; the providers of the settings; the corpus, read later."""
    app.extensions["gazetteer"] = open_gazetteer(settings.gazetteer) if settings.gazetteer.exists() else None
    app.extensions["place_providers"] = make_providers(
        settings.place_providers, f"{settings.site_name} ({settings.public_url})"
    )
    app.extensions["corpus"] = CorpusIndex()
    app.extensions["actors"] = ActorsIndex()
    app.extensions["suggester"] = Suggester()


def _open_pages(app: Flask) -> None:
    """Every public page and address."""
    for door in DOORS:
        app.register_blueprint(door.blueprint)


def _handlers() -> dict[str, Handler]:
    """What the worker calls for each kind of job; a kind has one handler."""
    handlers: dict[str, Handler] = {}
    for module in JOBS:
        if handlers.keys() & module.HANDLERS.keys():
            raise RuntimeError(f"{module.__name__} handles a kind of job that is handled elsewhere")
        handlers |= module.HANDLERS
    return handlers
