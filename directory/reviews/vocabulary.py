"""What a review can become."""

from __future__ import annotations

from enum import StrEnum


class ReviewState(StrEnum):
    """Where a review stands."""

    WAITING = "waiting"
    PUBLISHED = "published"
    CHANGES_REQUESTED = "changes_requested"
    DECLINED = "declined"
    SUPERSEDED = "superseded"
    TAKEN_BACK = "taken_back"


class Decision(StrEnum):
    """What a curator decides; the values are those of the state that follows."""

    PUBLISH = "published"
    REQUEST_CHANGES = "changes_requested"
    DECLINE = "declined"


NEEDS_MESSAGE = frozenset({Decision.REQUEST_CHANGES, Decision.DECLINE})
"""Decisions that must be explained."""
