"""A text cut for a page: an excerpt that ends with a whole word."""

from __future__ import annotations


def excerpt(text: str, length: int) -> str:
    """The beginning of a text: whole sentences where they fit, else whole words and an ellipsis."""
    flat = " ".join(text.split())
    if len(flat) <= length:
        return flat
    start = flat[:length]
    sentences = max(start.rfind(mark) for mark in (". ", "! ", "? ", "… "))
    if sentences > length // 2:
        return start[: sentences + 1]
    return f"{start[: start.rfind(' ')] if ' ' in start else start} …"
