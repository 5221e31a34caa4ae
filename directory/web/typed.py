"""What a form of ours carried, when it cannot be taken in: it goes back to whoever typed it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import HTTPException

UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SECRET_FIELDS = frozenset({"csrf_token", "password", "current", "code"})


def typed_here() -> list[tuple[str, str]]:
    """Every field of the form being sent, less its secrets; none when another site sent it."""
    if request.method != "POST" or not is_from_here():
        return []
    try:
        fields = list(request.form.items(multi=True))
    except HTTPException:  # too heavy, or cut on its way
        return []
    return [(name, UNSHOWABLE.sub("", text)) for name, text in fields if name.rsplit("-", 1)[-1] not in _SECRET_FIELDS]


def words_typed() -> list[tuple[str, str]]:
    """The same when it holds somebody's words, and not only the marks of the page."""
    typed = typed_here()
    return typed if any(is_words(text) for _, text in typed) else []


def is_words(text: str) -> bool:
    """A text that somebody would miss."""
    return len(text) > 12 and " " in text.strip()


def is_from_here() -> bool:
    """The browser says that the page which sent this is ours; without a word from it, it is not."""
    told = request.headers.get("Sec-Fetch-Site")
    if told is not None:
        return told == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(origin).netloc == request.host
