/* Which names of the base map may be written at a zoom, and which take room first. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { byPriority, isShown } from "../../static/js/map/ground-labels.js";

const label = (kind, from, name = kind) => ({ kind, name, lon: 0, lat: 0, min_zoom: from });

test("countries are named before their regions, and towns only from near", () => {
  const shown = (zoom) =>
    [label("country", 2.5), label("region", 5.25), label("town", 6), label("departement", 6)]
      .filter((one) => isShown(one, zoom))
      .map(({ kind }) => kind);
  assert.deepEqual(shown(2.75), []);
  assert.deepEqual(shown(4), ["country"]);
  assert.deepEqual(shown(5.5), ["country", "region"]);
  assert.deepEqual(shown(6), ["country", "region", "town"]);
  assert.deepEqual(shown(8), ["country", "region", "town", "departement"]);
  assert.deepEqual(shown(9), ["town", "departement"]);
});

test("a name waits for the zoom at which it fits in its land", () => {
  assert.equal(isShown(label("country", 5.2), 5), false);
  assert.equal(isShown(label("country", 5.2), 5.25), true);
});

test("a kind that nobody knows is not written", () => {
  assert.equal(isShown(label("volcano", 0), 6), false);
});

test("countries take room first, then seas, regions, towns; among them those written from farthest", () => {
  const names = byPriority([
    label("town", 6, "Quimper"),
    label("region", 5.25, "Bretagne"),
    label("sea", 5, "Manche"),
    label("town", 5.5, "Paris"),
    label("departement", 6, "Finistère"),
    label("country", 7, "Luxembourg"),
    label("country", 3, "France"),
  ]).map(({ name }) => name);
  assert.deepEqual(names, ["France", "Luxembourg", "Manche", "Bretagne", "Paris", "Quimper", "Finistère"]);
});
