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


TOKENS = [
    "/proposer/lien/WzEyLCJhYmNkIiwiYW5uZUBleGVtcGxlLm9yZyJd.aSF2Vw.Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5",
    "/proposer/lien/court",
    "/compte/confirmer/.eJwNyMsJgDAMANBdcm4gTdI2cQpXkH4SPAmKJ3F3fcf3QF_3sW_XDQv0ZJ.aSF2Vw.abc-def_gh",
    "/compte/mot-de-passe/WzEyLCJhYmNkIiwiYW5uZUBleGVtcGxlLm9yZyJd.aSF2Vw",
    "/compte/adresse/WzEyLCJhYmNkIiwiYW5uZUBleGVtcGxlLm9yZyJd.",
    "/adresse-recopiee-de-travers/WzEyLCJhYmNkIiwiYW5uZUBleGVtcGxlLm9yZyJd.aSF2Vw.Zm9vYmFy",
]


@pytest.mark.parametrize("path", TOKENS)
def test_a_mailed_link_cannot_be_used_by_who_reads_the_log(
    visitor: FlaskClient, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    with caplog.at_level(logging.INFO, logger="directory"):
        visitor.get(path)
    told = lines(caplog)[-1]
    assert path.rsplit("/", 1)[-1][:12] not in told
    assert json.loads(told)["path"] == path.rsplit("/", 1)[0] + "/…"


def test_addresses_without_token_are_told_whole(visitor: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    for path in ("/initiatives.geojson", "/initiatives/une-initiative-au-nom-assez-long-pour-une-adresse-entiere"):
        with caplog.at_level(logging.INFO, logger="directory"):
            visitor.get(path)
        assert json.loads(lines(caplog)[-1])["path"] == path
