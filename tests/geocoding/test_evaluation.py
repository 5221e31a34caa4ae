"""Measuring: the shape that machines read, and the lines that people read."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from directory.geocoding.commands import group
from directory.geocoding.evaluation import evaluate, report
from directory.geocoding.gazetteer import Gazetteer

GOLD = Path(__file__).resolve().parents[2] / "data" / "geocoding" / "gold_dev.csv"
HEADER = "query,kind,expected_country,expected_name,lat,lon,tolerance_km,source\n"
SHARES = (
    "accuracy_at_1",
    "accuracy_at_5",
    "wrong_country",
    "unanswered",
    "sure",
    "wrong_while_sure",
    "keystrokes_never",
)


@pytest.fixture(scope="module")
def queries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("queries") / "queries.csv"
    path.write_text(
        HEADER
        + "Morlaix,ici-ville,FR,29151,48.578,-3.828,6,x\n"
        + "Konna (Mali),labas-absent,ML,Konna,14.94,-3.9,20,x\n"
        + '"Alep (Syrie)",labas-ville,SY,Alep,36.2,37.16,20,x\n',
        "utf-8",
    )
    return path


def test_the_figures_have_the_promised_shape(gazetteer: Gazetteer, queries: Path) -> None:
    figures = evaluate(gazetteer, queries)
    assert list(figures) == ["ici", "labas"]
    assert (figures["ici"]["accuracy_at_1"], figures["labas"]["accuracy_at_1"]) == (1.0, 0.5)
    for side in figures.values():
        assert all(0 <= side[name] <= 1 for name in SHARES)
        assert set(side["verdicts"]) == {"sûr", "probable", "ambigu", "approché"}
        assert side["milliseconds_median"] <= side["milliseconds_p95"] <= side["milliseconds_max"]
        assert side["keystrokes_median"] >= 2
    assert figures["labas"]["verdicts"]["approché"] == {"share": 0.5, "errors": 1.0, "wrong": 1}


def test_people_get_words_and_machines_json(app: Flask, queries: Path, gazetteer_path: Path) -> None:
    with app.app_context():
        for_machines = CliRunner().invoke(group, ["evaluate", str(queries), "--json"])
        for_people = CliRunner().invoke(group, ["evaluate", str(queries)])
    assert json.loads(for_machines.output)["ici"]["accuracy_at_1"] == 1.0
    assert "juste en premier" in for_people.output
    assert "Là-bas" in for_people.output


def test_a_file_that_is_no_list_of_queries_is_told(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    for content in ("a,b\n1,2\n", HEADER + "Morlaix,ici,FR,29151,nord,ouest,6,x\n"):
        path.write_text(content, "utf-8")
        with app.app_context():
            answer = CliRunner().invoke(group, ["evaluate", str(path)])
        assert answer.exit_code == 1
        assert "n’est pas une liste de demandes" in answer.output


def test_the_goals_on_the_development_set_are_held(gazetteer: Gazetteer) -> None:
    figures = evaluate(gazetteer, GOLD)
    here, there = figures["ici"], figures["labas"]
    assert (here["accuracy_at_1"] >= 0.985, here["accuracy_at_5"] >= 0.99) == (True, True)
    assert (there["accuracy_at_1"] >= 0.93, there["accuracy_at_5"] >= 0.95) == (True, True)
    assert here["verdicts"]["sûr"]["wrong"] <= 1
    assert there["verdicts"]["sûr"]["wrong"] <= 2
    assert (here["sure"] >= 0.88, there["sure"] >= 0.75) == (True, True)
    assert (here["keystrokes_median"] <= 4, there["keystrokes_median"] <= 3) == (True, True)
    assert len(report(figures)) > 20
