"""The reference lists in the database: complete, well chained, loaded again without harm."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from directory.core.errors import NotFound
from directory.initiatives.index import CorpusIndex
from directory.reference import operations, queries
from directory.reference.keys import FRANCE_ZONES, Level, Side, level_of, side_of
from directory.reference.models import Territory

DATA = Path(__file__).resolve().parents[2] / "data"
COUNTS = {
    Level.COMMUNE: 34_969,
    Level.EPCI: 1_255,
    Level.DEPARTEMENT: 109,
    Level.REGION: 18,
    Level.ZONE: len(FRANCE_ZONES),
    Level.COUNTRY: 232,
    Level.DIVISION: 3_683,
}


def copy_of_the_data(folder: Path) -> Path:
    """The files of data/ that are loaded, in a folder where a test may change them."""
    for name in operations.FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DATA / name, folder / name)
    return folder


def replace_in(path: Path, old: str, new: str) -> None:
    """Change one text of a file, which must be there."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_every_territory_of_the_files_is_there(session: Session) -> None:
    counted = session.execute(select(Territory.level, func.count()).group_by(Territory.level))
    assert {level: count for level, count in counted} == COUNTS  # noqa: C416 - rows are not pairs for the type checker


def test_the_other_lists_are_complete(session: Session) -> None:
    assert len(queries.sectors(session)) == 18
    assert [goal.number for goal in queries.goals(session)] == list(range(1, 18))
    assert len(queries.actor_types(session)) == 22
    assert len(queries.publics(session)) == 13
    assert len(queries.needs(session)) == 9
    assert [row.country for row in queries.vigilance(session)] == ["BF", "ML", "NE", "PS"]


def test_every_commune_has_a_departement_and_a_zone(session: Session) -> None:
    departement, above, higher = aliased(Territory), aliased(Territory), aliased(Territory)
    rows = session.execute(
        select(departement.level, above.level, higher.level, func.count())
        .select_from(Territory)
        .where(Territory.level == Level.COMMUNE)
        .join(departement, departement.key == Territory.parent_key)
        .join(above, above.key == departement.parent_key)
        .outerjoin(higher, higher.key == above.parent_key)
        .group_by(departement.level, above.level, higher.level)
    ).all()
    assert {tuple(row[:3]): row[3] for row in rows} == {
        (Level.DEPARTEMENT, Level.REGION, Level.ZONE): 34_875,
        (Level.DEPARTEMENT, Level.ZONE, None): 94,
    }


def test_a_row_agrees_with_its_key(session: Session) -> None:
    for key, level, side, country in session.execute(
        select(Territory.key, Territory.level, Territory.side, Territory.country)
    ):
        assert (level_of(key), side_of(key)) == (level, side)
        assert (country == "FR") == (side is Side.HERE)


def test_every_centre_is_on_the_globe(session: Session) -> None:
    west, east, south, north = session.execute(
        select(func.min(Territory.lon), func.max(Territory.lon), func.min(Territory.lat), func.max(Territory.lat))
    ).one()
    assert -180 <= west < east <= 180
    assert -90 <= south < north <= 90


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("c:29151", ("c:29151", "e:242900835", "d:29", "r:53", "z:FX")),
        ("c:29155", ("c:29155", "d:29", "r:53", "z:FX")),
        ("c:97411", ("c:97411", "e:249740119", "d:974", "r:04", "z:04")),
        ("c:98818", ("c:98818", "d:988", "z:NC")),
        ("c:98901", ("c:98901", "d:989", "z:CP")),
        ("e:200067981", ("e:200067981", "d:22", "r:53", "z:FX")),
        ("a:MG.14", ("a:MG.14", "p:MG")),
        ("p:MG", ("p:MG",)),
        ("v:2463232", ()),
        ("c:99999", ()),
        ("nothing", ()),
    ],
)
def test_ancestors_go_from_the_finest_to_the_coarsest(session: Session, key: str, expected: tuple[str, ...]) -> None:
    assert queries.ancestors(session, key) == expected


def test_names_are_written_as_in_french(session: Session) -> None:
    keys = ["c:01001", "p:CD", "p:PS", "r:93", "a:MG.14", "v:1", "e:200000172"]
    assert queries.territory_names(session, keys) == {
        "c:01001": "L’Abergement-Clémenciat",
        "p:CD": "RD Congo",
        "p:PS": "Palestine",
        "r:93": "Provence-Alpes-Côte d’Azur",
        "a:MG.14": "Bongolava",
        "e:200000172": "Communauté de communes Faucigny-Glières",
    }


def test_an_unknown_territory_is_not_found(session: Session) -> None:
    assert queries.find_territory(session, "c:99999") is None
    with pytest.raises(NotFound):
        queries.get_territory(session, "c:99999")


def test_france_is_not_among_the_countries_there(session: Session) -> None:
    codes = {country.country for country in queries.countries(session)}
    assert not codes & set(FRANCE_ZONES.values())
    assert {"ML", "MG", "PS", "XK"} <= codes


def test_loading_again_does_nothing_and_at_once(session: Session) -> None:
    started = time.perf_counter()
    report = operations.load(session, DATA)
    assert time.perf_counter() - started < 0.1
    assert report.is_unchanged


def test_a_changed_file_changes_only_what_it_tells(session: Session, tmp_path: Path) -> None:
    data = copy_of_the_data(tmp_path)
    replace_in(data / "territories/communes.csv", "29151,Morlaix,", "29151,Montroulez,")
    replace_in(data / "sectors.yaml", 'label: "Santé"', 'label: "Santé et soins"')
    report = operations.load(session, data)
    assert sum(report.added.values()) == 0
    assert {table: count for table, count in report.changed.items() if count} == {"territory": 1, "sector": 1}
    assert queries.get_territory(session, "c:29151").name_fold == "montroulez"
    assert operations.load(session, data).is_unchanged


def test_lists_that_changed_are_seen_by_every_worker_though_nothing_was_published(
    session: Session, tmp_path: Path
) -> None:
    index = CorpusIndex()
    before = index.current(session)
    data = copy_of_the_data(tmp_path)
    replace_in(data / "publics.yaml", '"Aînés"', '"Personnes âgées"')
    operations.load(session, data)
    session.commit()
    after = index.current(session)
    assert after.version == before.version + 1
    assert (before.known.publics["aines"], after.known.publics["aines"]) == ("Aînés", "Personnes âgées")


def test_what_left_the_files_stays_for_what_refers_to_it_but_vigilance_is_lifted(
    session: Session, tmp_path: Path
) -> None:
    data = copy_of_the_data(tmp_path)
    lines = (data / "territories/communes.csv").read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("29151,")]
    (data / "territories/communes.csv").write_text("".join(kept), "utf-8")
    lines = (data / "vigilance.csv").read_text("utf-8").splitlines(keepends=True)
    (data / "vigilance.csv").write_text("".join(line for line in lines if not line.startswith("NE,")), "utf-8")
    operations.load(session, data)
    assert queries.get_territory(session, "c:29151").name == "Morlaix"
    assert [row.country for row in queries.vigilance(session)] == ["BF", "ML", "PS"]


def test_a_malformed_code_is_refused_before_anything_is_written(session: Session, tmp_path: Path) -> None:
    data = copy_of_the_data(tmp_path)
    replace_in(data / "territories/communes.csv", "29151,Morlaix,29,", "2915,Montroulez,29,")
    with pytest.raises((ValueError, KeyError)):
        operations.load(session, data)
    assert queries.get_territory(session, "c:29151").name == "Morlaix"
