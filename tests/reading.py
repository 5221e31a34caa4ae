"""A page as its reader takes it: its words, and what its forms send by themselves."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from werkzeug.test import TestResponse


def words(answer: TestResponse) -> str:
    """What the page says, without its tags, single-spaced."""
    text = re.sub(r"<(script|style|head).*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


def hidden(answer: TestResponse) -> dict[str, str]:
    """The hidden fields of the page, by name."""
    reader = _Hidden()
    reader.feed(answer.text)
    return reader.fields


class _Hidden(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.fields[given["name"] or ""] = given.get("value") or ""
