"""Building: a new file replaces the old one only when it is right."""

import json
from pathlib import Path

import pytest

from directory.geocoding.build import BuildError, Progress, checks
from directory.geocoding.build import build as steps
from directory.geocoding.build.draft import Draft, Entry
from directory.geocoding.build.sources import stream_values
from directory.geocoding.build.wordings import is_latin, without_french_title, without_local_title
from directory.geocoding.commands import show
from directory.geocoding.places import Kind
from directory.geocoding.store import Store

DATA = Path(__file__).resolve().parents[2] / "data"


def town(name: str) -> Entry:
    return Entry(Kind.TOWN, name, "ML", 12.6, -8.0, 1000, 0.4)


def test_the_old_file_stays_when_the_new_one_is_wrong(tmp_path: Path) -> None:
    output = tmp_path / "gazetteer.sqlite"
    output.write_bytes(b"the old one")
    with pytest.raises(OSError, match="No such file"):
        steps(output, tmp_path / "nothing", lambda step: None)
    assert output.read_bytes() == b"the old one"
    assert list(tmp_path.iterdir()) == [output]


def test_too_few_places_are_refused() -> None:
    draft = Draft()
    draft.add(town("Bamako"), "Bamako")
    with pytest.raises(BuildError, match="town: 1 <"):
        checks.check_counts(draft)


def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gazetteer.sqlite"
    path.write_bytes(b"nonsense" * 1000)
    with pytest.raises(BuildError, match="unreadable"):
        checks.check_answers(path)


def test_the_best_quality_of_a_name_is_kept() -> None:
    draft = Draft()
    index = draft.add(town("Ségou"), "Ségou", quality=8)
    assert not draft.name(index, "SEGOU", 10)
    assert draft.names[index] == {"segou": 10}


def test_a_json_object_is_read_value_by_value(tmp_path: Path) -> None:
    path = tmp_path / "towns.json"
    path.write_text('{"1": {"name": "a \\"b\\"", "others": ["{", "é"]}, "2": {"name": "c", "others": []}}', "utf-8")
    assert [value["name"] for value in stream_values(path)] == ['a "b"', "c"]


@pytest.mark.parametrize(
    ("title", "name"), [("Région de Kayes", "Kayes"), ("gouvernorat d’Alep", "Alep"), ("Bamako", "Bamako")]
)
def test_french_titles_are_set_apart(title: str, name: str) -> None:
    assert without_french_title(title) == name


def test_local_titles_are_set_apart() -> None:
    assert without_local_title("Kayes Cercle") == without_local_title("Cercle de Kayes") == "Kayes"


def test_only_latin_names_with_a_capital_are_kept() -> None:
    assert is_latin("Tombouctou")
    assert not is_latin("tonbuktu")
    assert not is_latin("تمبكتو")


def test_places_that_lie_nowhere_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = Draft()
    draft.add(Entry(Kind.TOWN, "Nulle part", "ML", 0.0, 0.0, 1000, 0.4), "Nulle part")
    monkeypatch.setattr(checks, "FEWEST", {})
    monkeypatch.setattr(checks, "FEWEST_POSTCODES", 0)
    with pytest.raises(BuildError, match="Nulle part"):
        checks.check_counts(draft)


def test_a_query_that_leads_elsewhere_is_refused(gazetteer_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.check_answers(gazetteer_path) == len(checks.SENTINELS)
    monkeypatch.setattr(checks, "SENTINELS", (("Paris", "c:29151"),))
    with pytest.raises(BuildError, match="Paris → c:75056, not c:29151"):
        checks.check_answers(gazetteer_path)


def test_a_step_is_shown_with_a_bar(capsys: pytest.CaptureFixture[str]) -> None:
    show(Progress(0.5, 12.34, "219256 villes du monde"))
    assert capsys.readouterr().out == "[##########..........]  50 %   12.3 s  219256 villes du monde\n"


def test_what_the_file_holds_is_counted(gazetteer_path: Path) -> None:
    counts = json.loads(Store(gazetteer_path).meta("counts"))
    assert counts["commune"] == 34_969
    assert counts["borough"] == 45
    assert counts["division"] + counts["subdivision"] + counts["town"] > 260_000
