"""What every page may say about the site itself: its name, who publishes it, who hosts it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

from config import Settings


@dataclass(frozen=True)
class PublicSettings:
    """The settings that pages may show; "" where the host has not said it yet."""

    site_name: str
    public_url: str
    publication_director: str
    host_name: str
    host_address: str
    contact_email: str
    tiles_host: str
    """The other host that draws the ground of the maps; "" where the site does it."""
    place_services: tuple[str, ...]
    """The services outside that may be asked for a place that the site does not know: « photon »; usually none."""
    report_days: int
    """How long the name of whoever reported a sheet is kept after the last decision."""
    is_production: bool


def init_app(app: Flask, settings: Settings) -> None:
    """Offer `settings_public` to templates."""
    app.jinja_env.globals["settings_public"] = PublicSettings(
        site_name=settings.site_name,
        public_url=settings.public_url.rstrip("/"),
        publication_director=settings.publication_director,
        host_name=settings.host_name,
        host_address=settings.host_address,
        contact_email=settings.contact_email,
        tiles_host=settings.tiles_origin.partition("://")[2],
        place_services=tuple(service.partition("=")[0] for service in settings.place_providers),
        report_days=settings.report_days,
        is_production=settings.is_production,
    )
