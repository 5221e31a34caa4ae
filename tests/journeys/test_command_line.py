"""The same path from the command line: a draft, its sending, its review, its withdrawal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.initiatives.content import to_json
from tests.factories import make_content


@pytest.fixture
def people(app: Flask, session: Session) -> None:
    """An author and a curator, made by the commands."""
    for command in (
        ["accounts", "create", "autrice@exemple.org"],
        ["accounts", "create", "animateur@exemple.org"],
        ["networks", "appoint", "animateur@exemple.org", "reseau-bretagne-solidaire"],
    ):
        assert run(app, *command).exit_code == 0


def run(app: Flask, *command: str) -> Result:
    """What a command prints."""
    return app.test_cli_runner().invoke(args=list(command))


def write(folder: Path, document: object) -> str:
    """A JSON file."""
    path = folder / "brouillon.json"
    path.write_text(json.dumps(document), "utf-8")
    return str(path)


@pytest.mark.usefixtures("people")
def test_a_sheet_goes_from_a_file_to_the_public_list_and_back(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    author, curator = ("--as", "autrice@exemple.org"), ("--as", "animateur@exemple.org")
    draft = run(
        app, "drafts", "start", write(tmp_path, to_json(make_content(title="Deux rives"))), *author
    ).output.strip()
    review = run(app, "drafts", "submit", draft, *author).output.split("\t")[0]
    assert "Deux rives" in run(app, "reviews", "list", *curator).output
    assert '"title": "Deux rives"' in run(app, "reviews", "show", review, *curator).output
    assert "Deux rives" not in client.get("/initiatives").get_data(as_text=True)
    assert "deux-rives" in run(app, "reviews", "decide", review, "publish", *curator).output
    assert "Deux rives" in client.get("/initiatives").get_data(as_text=True)
    assert run(app, "initiatives", "withdraw", "deux-rives", *author).exit_code == 0
    assert client.get("/initiatives/deux-rives").status_code == 410


@pytest.mark.usefixtures("people")
def test_refusals_are_sentences_and_change_nothing(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    author, curator = ("--as", "autrice@exemple.org"), ("--as", "animateur@exemple.org")
    half = run(app, "drafts", "start", write(tmp_path, {"title": "À moitié"}), *author).output.strip()
    refused = run(app, "drafts", "submit", half, *author)
    assert refused.exit_code == 1
    assert "forme attendue" in refused.output
    whole = run(app, "drafts", "start", write(tmp_path, to_json(make_content())), *author).output.strip()
    assert "n’existe pas" in run(app, "drafts", "submit", whole, *curator).output
    review = run(app, "drafts", "submit", whole, *author).output.split("\t")[0]
    assert "n’existe pas dans vos réseaux" in run(app, "reviews", "decide", review, "publish", *author).output
    assert "Dites pourquoi" in run(app, "reviews", "decide", review, "decline", *curator).output
    assert client.get("/initiatives").get_data(as_text=True).count("<article") == 0


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff\xfe", b"[" * 10_000, b'{"x": NaN}', b'"texte"'])
def test_a_file_that_is_no_draft_is_refused_with_a_sentence(app: Flask, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "brouillon.json"
    path.write_bytes(content)
    refused = run(app, "drafts", "start", str(path), "--as", "autrice@exemple.org")
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: Ce ")
