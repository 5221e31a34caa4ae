"""Texts cut for a page: paragraphs, and an excerpt that ends with a whole word."""

from __future__ import annotations


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: each line break begins one."""
    return [part.strip() for part in text.splitlines() if part.strip()]


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
