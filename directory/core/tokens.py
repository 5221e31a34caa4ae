"""Signed values: what the site gave out and recognises when it comes back, in a link, a cookie or a form."""

from __future__ import annotations

from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from directory.core.errors import DirectoryError


class BadToken(DirectoryError):
    """A link, a cookie or a form that the site did not sign for this purpose, or too long ago."""

    status = 410


def sign(secret: str, purpose: str, value: Any) -> str:
    """The JSON value with its time and signature, safe in an address; another purpose will not read it."""
    return URLSafeTimedSerializer(secret, salt=purpose).dumps(value)


def read(secret: str, purpose: str, token: str, max_age: int) -> Any:
    """The value signed for that purpose at most `max_age` seconds ago; raises BadToken."""
    try:
        return URLSafeTimedSerializer(secret, salt=purpose).loads(token, max_age=max_age)
    except (BadData, UnicodeError, ValueError) as error:
        raise BadToken("Ce lien n’est plus valable. Demandez-en un nouveau.") from error
