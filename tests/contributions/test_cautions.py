"""A sentence that names a town withheld in a country of the vigilance list: its author is warned, kindly, in time."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.contributions.proposing import answer_all, begin, fill
from tests.reading import words

SHOWN = {"there-0-shown_as": "locality"}


def test_a_town_named_in_the_sentence_is_told_on_the_step_of_places_and_at_relire(client: FlaskClient) -> None:
    draft_id = begin(client, "Un lycée de Bamako et un lycée d’ici s’écrivent.")
    answer_all(client, draft_id, lieux=SHOWN)
    caution = "nommez « Bamako » : par prudence pour les personnes là-bas, le réseau vous demandera peut-être"
    over = words(client.get(f"/proposer/{draft_id}/relire"))
    assert f"Vous {caution} d’écrire plutôt « Mali »." in over
    assert over.count("par prudence pour les personnes") == 1
    assert "Envoyer au réseau" in over, "it is a word of caution, nothing is barred"
    places = words(client.get(f"/proposer/{draft_id}/lieux"))
    assert "Votre phrase nomme « Bamako » : par prudence" in places


def test_a_title_is_warned_about_too(client: FlaskClient) -> None:
    draft_id = begin(client)
    answer_all(client, draft_id, lieux=SHOWN, histoire={"title": "De Bamako à Morlaix"})
    assert "Vous nommez « Bamako »" in words(client.get(f"/proposer/{draft_id}/relire"))
    assert "Le nom de l’initiative nomme « Bamako »" in words(client.get(f"/proposer/{draft_id}/lieux"))


def test_without_agreement_the_problem_is_told_once_and_not_softened(client: FlaskClient) -> None:
    draft_id = begin(client, "Un lycée de Bamako et un lycée d’ici s’écrivent.")
    answer_all(client, draft_id, lieux=SHOWN, partenaire={"partners-0-agreement": "not_asked"})
    over = words(client.get(f"/proposer/{draft_id}/relire"))
    assert "« Bamako » ne peut être montré" in over
    assert "par prudence pour les personnes" not in over


def test_nothing_is_said_elsewhere(client: FlaskClient) -> None:
    draft_id = begin(client, "Un lycée de Dakar et un lycée d’ici s’écrivent.")
    answer_all(client, draft_id, lieux={"there-0-typed": "Dakar", **SHOWN})
    for page in ("relire", "lieux"):
        assert "prudence pour" not in words(client.get(f"/proposer/{draft_id}/{page}"))
    draft_id = begin(client)
    fill(client, f"/proposer/{draft_id}/lieux", {"here-0-typed": "Morlaix", "there-0-typed": "Bamako, Mali"})
    assert "prudence pour les" not in words(client.get(f"/proposer/{draft_id}/lieux"))
