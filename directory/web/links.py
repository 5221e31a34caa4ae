"""Addresses that leave the site, in mails and feeds: built on the configured address, never on the request's."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app


def address_of(endpoint: str, **values: Any) -> str:
    """The absolute address of an endpoint under `settings.public_url`; works without a request.

    A Host header that somebody forged can therefore never end in a mail.
    """
    parts = urlsplit(current_app.extensions["settings"].public_url)
    adapter = current_app.url_map.bind(parts.netloc, url_scheme=parts.scheme)
    return adapter.build(endpoint, values, force_external=True)
