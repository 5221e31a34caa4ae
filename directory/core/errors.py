"""The errors of the house. Doors turn each into one HTTP status; nothing else is caught on purpose."""

from __future__ import annotations

from dataclasses import dataclass


class DirectoryError(Exception):
    """Base of every error that a person may read; the message is a French sentence."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(DirectoryError):
    """What was asked for does not exist, or may not be known to exist."""

    status = 404


class Withdrawn(DirectoryError):
    """What was asked for existed and was taken down."""

    status = 410


class Forbidden(DirectoryError):
    """The actor may not do this."""

    status = 403


class Conflict(DirectoryError):
    """The world changed meanwhile: a decision on an outdated revision, a second answer to one review."""

    status = 409


class InvalidText(DirectoryError, ValueError):
    """A text holds what no page, feed or database can carry, or is too long."""


class BadFilter(DirectoryError):
    """A filter of the address bar holds a value that means nothing; never answered by an unfiltered list."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True)
class Problem:
    """One thing to mend: the field it stands at and a French sentence saying what and how."""

    field: str
    message: str


class Invalid(DirectoryError):
    """A content breaks rules; every problem is told at once, each at its field."""

    status = 422

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = tuple(problems)
