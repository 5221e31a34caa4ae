"""Log lines are JSON, cannot be forged, and name nobody."""

from __future__ import annotations

import json
import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.web.logs import JsonFormatter


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [JsonFormatter().format(record) for record in caplog.records if record.name == "directory.web.logs"]


def test_a_request_is_one_line_without_who_asked_nor_what_was_searched(
    visitor: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="directory"):
        visitor.get(
            "/essai/texte?q=Morlaix",
            headers={"User-Agent": "Navigateur de Jeanne", "X-Forwarded-For": "203.0.113.9"},
        )
    (line,) = lines(caplog)
    told = json.loads(line)
    assert (told["method"], told["path"], told["status"]) == ("GET", "/essai/texte", 200)
    assert told["at"].endswith("+00:00")
    for private in ("Morlaix", "Jeanne", "203.0.113.9", "127.0.0.1"):
        assert private not in line


def test_no_input_can_forge_a_line(plumbed: Flask) -> None:
    record = logging.LogRecord("directory", logging.INFO, "", 0, 'a\r\n{"level": "forged"}\u2028b', (), None)
    line = JsonFormatter().format(record)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"].startswith("a\r\n")
