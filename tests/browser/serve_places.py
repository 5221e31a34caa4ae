"""Serves one page for each small map of the tests: `python -m tests.browser.serve_places FOLDER`; no database."""

from __future__ import annotations

import sys
from pathlib import Path

from flask import render_template_string
from werkzeug.serving import make_server

from config import Environment, Settings
from directory import create_app
from directory.basemap.page import MapPoint, PlacesMap, places_map
from tests.browser.conftest import HOSTILE

MORLAIX = MapPoint("here", "Morlaix", "placé sur le centre de la commune", -3.8279, 48.5778, "commune")
ANTSIRABE = MapPoint("there", "Antsirabe", "placé sur le centre de la localité", 47.0333, -19.8667, "commune")
SUVA = MapPoint("there", "Suva", "placé sur le centre de la localité", 178.4419, -18.1416, "commune")
NOUMEA = MapPoint("here", "Nouméa", "repère placé à la main", 166.4416, -22.2763)
PAPEETE = MapPoint("here", "Papeete", "placé sur le centre de la commune", -149.5667, -17.5334, "commune")
CHOICES = tuple(
    MapPoint("here", name, detail, lon, lat, "commune", mark=str(number), field=f"choix-{number}")
    for number, (name, detail, lon, lat) in enumerate(
        (
            ("Pleumeur-Bodou", "Côtes-d’Armor, près de Lannion", -3.5181, 48.7731),
            ("Pleumeur-Gautier", "Côtes-d’Armor, près de Paimpol", -3.1556, 48.8025),
            ("Plomeur", "Finistère, près de Pont-l’Abbé", -4.2842, 47.8408),
            ("Ploemeur", "Morbihan, près de Lorient", -3.4281, 47.7356),
        ),
        start=1,
    )
)
MAPS: dict[str, PlacesMap] = {
    "repere": places_map("here-0", "Carte du lieu d’ici", (MORLAIX,), movable=True),
    "choix": places_map("here-0", "Carte des communes proposées", CHOICES, movable=True),
    "vide": places_map("there-0", "Carte du lieu de là-bas", (), movable=True, side="there"),
    "relecture": places_map("lieux", "Carte des lieux", (MORLAIX, ANTSIRABE)),
    "pacifique": places_map("lieux", "Carte des lieux", (NOUMEA, SUVA, PAPEETE)),
    "hostile": places_map(
        "lieux",
        "Carte des lieux",
        [MapPoint("here", text, text, -4 + number / 3, 48 - number / 9) for number, text in enumerate(HOSTILE)],
    ),
}
PAGE = """
{% extends "layouts/page.html" %}
{% from "basemap/_places.html" import small_map %}
{% block title %}Essai{% endblock %}
{% block head %}
<link rel="stylesheet" href="{{ asset('css/form.css') }}">
<link rel="stylesheet" href="{{ asset('css/small-map.css') }}">
{% endblock %}
{% block scripts %}<script type="module" src="{{ asset('js/places/open.js') }}"></script>{% endblock %}
{% block main %}<div class="section"><div class="page page--reading flow"><h1>Essai</h1>
{% if map.is_movable %}
<form class="flow">
  {% for point in map.points if point.field %}
  <p><label><input type="radio" name="choix" id="{{ point.field }}"> {{ point.mark }}. {{ point.name }}</label></p>
  {% endfor %}
  <label for="lat">Latitude</label> <input class="input" id="lat">
  <label for="lon">Longitude</label> <input class="input" id="lon">
  <details><summary>Voir sur la carte</summary>{{ small_map(map, lon_field="lon", lat_field="lat") }}</details>
</form>
{% else %}{{ small_map(map) }}{% endif %}
<p>Fin de la page.</p></div></div>{% endblock %}
"""


def main(folder: str) -> None:
    """Print the free loopback port that was taken, then serve until the process ends."""
    settings = Settings(
        environment=Environment.TEST, instance=Path(folder), database_url=f"sqlite:///{Path(folder) / 'none.sqlite'}"
    )
    app = create_app(settings)
    app.add_url_rule("/essai/<name>", "essai", lambda name: render_template_string(PAGE, map=MAPS[name]))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
