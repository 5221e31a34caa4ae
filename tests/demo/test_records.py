"""The demonstration as written: complete, sourced, and silent where somebody could be endangered."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml

from directory.core.text import fold, words
from directory.demo import records
from directory.demo.records import InitiativeRecord, PlaceRecord
from directory.initiatives.content import AnchorContent, from_json, to_json
from directory.initiatives.rules import LIMITS, is_web_address
from directory.initiatives.vocabulary import Agreement, Disclosure, LinkNature, Origin, Stage
from directory.reference.keys import Level, Side, level_of, side_of

DATA = Path(__file__).resolve().parents[2] / "data"
RECORDS = records.read(DATA)


def first_cells(path: Path) -> dict[str, list[str]]:
    """The rows of a CSV file after its header and its line of source, by their first cell."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(line for line in file if not line.startswith("#")))
    return {row[0]: row for row in rows[1:]}


NAMES = {code: row[1] for code, row in first_cells(DATA / "territories/countries.csv").items()}
VIGILANCE = set(first_cells(DATA / "vigilance.csv"))
every_record = pytest.mark.parametrize("record", RECORDS, ids=lambda record: fold(record.title)[:30])


def divisions_of(countries: set[str]) -> set[str]:
    """The names of the first-level divisions of countries, and of what holds them, that stand for nothing else."""
    with (DATA / "territories/divisions.csv").open(encoding="utf-8") as file:
        names = {row["name"] for row in csv.DictReader(file) if row["country"] in countries}
    return {" ".join(words(name.removeprefix("Région de "))) for name in names} - {"est", "nord", "centre", "sahel"}


def texts_of(record: InitiativeRecord) -> list[str]:
    """Everything a stranger could read of a record."""
    organisations = [(one.name, one.website) for one in record.carriers]
    organisations += [(one.name, one.website) for one in record.partners]
    places = [*record.here, *record.there]
    return [
        record.title,
        record.summary,
        record.description,
        *(text for one in organisations for text in one),
        *(text for place in places for text in (place.place, place.label)),
        *(text for source in record.sources for text in (source.label, source.url or "")),
    ]


def located(place: PlaceRecord) -> AnchorContent:
    """A place as if the gazetteer had found it."""
    return AnchorContent(place.label, (place.key,), place.label, "", 0.5, 45.0, "commune", "sûr", place.shown_as)


def test_there_are_at_least_fifteen_records_with_titles_of_their_own() -> None:
    assert len(RECORDS) >= 15
    assert len({record.title for record in RECORDS}) == len(RECORDS)


@every_record
def test_a_record_has_all_that_publication_asks(record: InitiativeRecord) -> None:
    assert record.title.strip()
    assert record.summary.strip()
    assert record.carriers
    assert all(one.name.strip() for one in record.carriers)
    assert record.here
    assert record.there
    assert isinstance(record.stage, Stage)
    assert 1980 <= record.stage_on <= 2026
    assert record.since_year is None or record.since_year <= record.stage_on
    assert all(len(getattr(record, name)) <= LIMITS[name] for name in ("title", "summary", "description"))
    assert len(record.other_sectors) <= 2
    assert len(record.goals) <= 3


@every_record
def test_a_record_uses_the_words_of_the_lists(record: InitiativeRecord) -> None:
    sectors = {sector["id"] for sector in yaml.safe_load((DATA / "sectors.yaml").read_text("utf-8"))["sectors"]}
    families = yaml.safe_load((DATA / "actor_types.yaml").read_text("utf-8"))["families"]
    types = {kind["id"] for family in families for kind in family["types"]}
    assert {record.main_sector, *record.other_sectors} <= sectors
    assert {one.actor_type for one in record.carriers} <= types
    assert {one.actor_type for one in record.partners} <= types | {None}
    assert set(record.goals) <= set(range(1, 18))
    assert record.nature is None or isinstance(record.nature, LinkNature)


@every_record
def test_a_record_says_where_its_facts_were_read(record: InitiativeRecord) -> None:
    assert record.sources
    assert all(source.label.strip() for source in record.sources)
    assert all(source.url is None or is_web_address(source.url) for source in record.sources)


@every_record
def test_each_place_is_on_its_side_and_in_its_country(record: InitiativeRecord) -> None:
    assert {side_of(place.key) for place in record.here} == {Side.HERE}
    assert {side_of(place.key) for place in record.there} == {Side.THERE}
    assert {place.country for place in record.here} == {"FR"}
    for place in record.there:
        if level_of(place.key) is not Level.TOWN:
            assert place.key[2:4] == place.country


@every_record
def test_in_a_country_under_vigilance_nothing_is_finer_than_the_country(record: InitiativeRecord) -> None:
    protected = [place for place in record.there if place.country in VIGILANCE]
    for place in protected:
        assert place.key == f"p:{place.country}"
        assert place.shown_as is Disclosure.COUNTRY
        assert place.place == place.label == NAMES[place.country]
    if protected:
        assert not record.partners
        spoken = f" {' '.join(word for text in texts_of(record) for word in words(text))} "
        assert not [name for name in divisions_of({place.country for place in protected}) if f" {name} " in spoken]


def test_the_countries_under_vigilance_are_those_of_the_list() -> None:
    assert sorted(VIGILANCE) == ["BF", "ML", "NE", "PS"]
    assert {place.country for record in RECORDS for place in record.there} >= VIGILANCE


@every_record
def test_no_partner_is_named_without_its_agreement(record: InitiativeRecord) -> None:
    public = "".join(words(" ".join([record.title, record.summary, record.description])))
    for partner in record.partners:
        assert partner.agreement is not Agreement.YES
        assert "".join(words(partner.name)) not in public


@every_record
def test_a_record_becomes_a_content_that_says_it_comes_from_a_public_source(record: InitiativeRecord) -> None:
    content = record.to_content(located)
    assert content.origin is Origin.PUBLIC_SOURCE
    assert content.is_sector_by_site
    assert from_json(to_json(content)) == content


def test_french_is_written_with_its_spaces_and_apostrophes() -> None:
    text = "\n".join(text for record in RECORDS for text in (record.title, record.summary, record.description))
    assert "'" not in text
    assert not [mark for mark in ("« ", " »", " :", " ;", " ?", " !") if mark in text]


@pytest.mark.parametrize("change", [{"statut": "ok"}, {"stage": "unknown"}, {"here": [{"place": "x"}]}])
def test_a_record_of_another_shape_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    document = yaml.safe_load((DATA / records.FILE).read_text("utf-8"))
    document["initiatives"][0] |= change
    (tmp_path / "demo").mkdir()
    (tmp_path / records.FILE).write_text(yaml.safe_dump(document), "utf-8")
    with pytest.raises(ValueError, match=r"\S"):
        records.read(tmp_path)


def test_a_malformed_key_is_refused(tmp_path: Path) -> None:
    text = (DATA / records.FILE).read_text("utf-8").replace("c:29151", "c:2915", 1)
    (tmp_path / "demo").mkdir()
    (tmp_path / records.FILE).write_text(text, "utf-8")
    with pytest.raises(ValueError, match="c:2915"):
        records.read(tmp_path)
