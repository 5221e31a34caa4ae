"""Twin towns of a public list: marked as such wherever they are read, placed only where the place is sure."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.core.errors import Conflict, Forbidden, Invalid
from directory.demo import corpus, mark, twin_towns
from directory.demo.commands import group
from directory.geocoding.gazetteer import Gazetteer
from directory.initiatives.filters import TWINS_ONLY, Filters
from directory.initiatives.flows import flows
from directory.initiatives.index import CorpusIndex
from directory.initiatives.models import Anchor, Initiative
from directory.initiatives.vocabulary import Origin
from tests.factories import make_initiative

DATA = Path(__file__).resolve().parents[2] / "data"
HEAD = "id,commune_ici,code_insee,departement,partenaire_labas,pays_labas_iso2,pays_labas,lat_labas,lon_labas,remarques"
ROWS = (
    "1,Morlaix,29151,Finistère,Reading,GB,Royaume-Uni,51.454,-0.973,",
    "2,Quimper,29232,Finistère,Limerick,IE,Irlande,52.665,-8.624,",
    "3,Quimper,29232,Finistère,Limerick,IE,Irlande,52.665,-8.624,",
    "4,Angoulême,16015,Charente,Ségou,ML,Mali,13.432,-6.216,",
    "5,Quimper,29232,Finistère,Xyzzyqwfp,DE,Allemagne,50.0,8.0,",
    "6,Morlaix,29151,Finistère,Würzburg,DE,Allemagne,41.0,2.0,",
    "7,Nice,06088,Alpes-Maritimes,Yalta,UA,Ukraine,44.5,34.16,plusieurs pays dans la source : Russia / Ukraine",
)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A small list with its faults."""
    path = tmp_path / "jumelages.csv"
    path.write_text("\n".join((HEAD, *ROWS)), "utf-8")
    return path


def load(session: Session, gazetteer: Gazetteer, path: Path) -> twin_towns.Report:
    """Load a list that is not there yet."""
    report = twin_towns.load(session, gazetteer, path, is_production=False)
    session.commit()
    assert report is not None
    return report


def test_what_is_not_sure_is_left_out_and_counted(session: Session, gazetteer: Gazetteer, listed: Path) -> None:
    report = load(session, gazetteer, listed)
    assert report.published == 3
    assert sum(report.left_out.values()) == 4
    assert report.left_out["deux fois dans la liste"] == 1
    assert report.left_out["pays incertain dans la source"] == 1
    assert report.left_out["là-bas : à plus de 60 km du point de la source"] == 1
    assert session.scalars(select(Initiative.origin).distinct()).all() == [Origin.TWIN_TOWNS.value]


def test_a_card_and_a_sheet_say_what_they_are(
    session: Session, gazetteer: Gazetteer, listed: Path, client: FlaskClient
) -> None:
    load(session, gazetteer, listed)
    listing = client.get("/initiatives?jumelages=seuls").text
    assert listing.count("Jumelage relevé dans une liste publique") == 3
    assert "Trois jumelages relient" in listing
    assert "initiatives relient" not in listing
    slug = session.scalar(select(Initiative.slug).where(Initiative.title == "Jumelage Morlaix – Reading"))
    text = client.get(f"/initiatives/{slug}").text
    assert "ce n’est pas une initiative citoyenne racontée par ses acteurs" in text
    assert "Wikidata" in text
    assert "juillet 2017" in text
    assert "CC0" in text
    assert "liste de jumelages, pas une initiative citoyenne" in client.get("/initiatives.csv?jumelages=seuls").text


def test_nothing_counts_them_as_initiatives(
    session: Session, gazetteer: Gazetteer, listed: Path, client: FlaskClient
) -> None:
    load(session, gazetteer, listed)
    made = make_initiative(session, title="Deux rives")
    session.commit()
    index = CorpusIndex().current(session)
    assert index.size == 4
    assert index.ids[index.select(session, Filters())].tolist() == [made.id]
    assert sum(index.counts(session, Filters(), "stages").values()) == 1
    assert index.select(session, Filters(twins=TWINS_ONLY)).sum() == 3
    assert index.lying_in(("c:29151",)).sum() == index.select(session, Filters(here=("c:29151",))).sum() == 1
    for level in range(4):
        assert flows(index, session, Filters(), level=level).total == 1
    assert "Jumelage" not in client.get("/initiatives.csv").text
    assert client.get("/initiatives?jumelages=oui").status_code == 400


def test_where_people_could_be_endangered_only_the_country_is_told(
    session: Session, gazetteer: Gazetteer, listed: Path
) -> None:
    load(session, gazetteer, listed)
    twin = session.scalars(select(Initiative).where(Initiative.title.contains("Angoulême"))).one()
    assert twin.title == "Jumelage Angoulême – Mali"
    assert "Ségou" not in f"{twin.title}{twin.summary}{twin.description}{twin.slug}"
    keys = session.scalars(select(Anchor.key).where(Anchor.initiative_id == twin.id, Anchor.side == "there")).all()
    assert keys == ["p:ML"]


def test_the_same_file_is_loaded_once_and_another_is_refused(
    session: Session, gazetteer: Gazetteer, listed: Path
) -> None:
    load(session, gazetteer, listed)
    assert twin_towns.load(session, gazetteer, listed, is_production=False) is None
    listed.write_text("\n".join((HEAD, *ROWS[:2])), "utf-8")
    with pytest.raises(Conflict, match="base neuve"):
        twin_towns.load(session, gazetteer, listed, is_production=False)


def test_production_refuses_and_the_base_is_marked(session: Session, gazetteer: Gazetteer, listed: Path) -> None:
    with pytest.raises(Forbidden):
        twin_towns.load(session, gazetteer, listed, is_production=True)
    load(session, gazetteer, listed)
    assert mark.found(session) is not None


def test_a_file_of_another_shape_is_refused(session: Session, gazetteer: Gazetteer, tmp_path: Path) -> None:
    path = tmp_path / "autre.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(Invalid):
        twin_towns.load(session, gazetteer, path, is_production=False)
    assert session.scalar(select(func.count()).select_from(Initiative)) == 0


def test_the_demonstration_never_loads_them(session: Session, gazetteer: Gazetteer) -> None:
    corpus.load(session, gazetteer, DATA, is_production=False)
    assert Origin.TWIN_TOWNS.value not in session.scalars(select(Initiative.origin)).all()


def test_the_command_tells_how_to_load_them() -> None:
    assert "--twin-towns" in CliRunner().invoke(group, ["load", "--help"]).output


def test_most_links_of_the_real_list_are_placed(session: Session, gazetteer: Gazetteer) -> None:
    samples = os.environ.get("DIRECTORY_SAMPLES")
    if not samples:
        pytest.skip("DIRECTORY_SAMPLES is not set: the list of 2,503 twin towns is left out")
    path = Path(samples) / "jumelages" / "jumelages_dev.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = len(list(csv.DictReader(file)))
    report = load(session, gazetteer, path)
    assert report.published + sum(report.left_out.values()) == rows
    assert report.published > 0.9 * rows
