import assert from "node:assert/strict";
import { test } from "node:test";

import { mostOf } from "../../static/js/map/extent.js";

const SENEGAL = [-14.5, 14.4];

/** Links of one territory there: [lon, lat, count] of each territory here. */
function answerOf(there, heres) {
  return {
    lon: [there[0], ...heres.map(([lon]) => lon)],
    lat: [there[1], ...heres.map((one) => one[1])],
    flows: heres.flatMap(([, , count], i) => [i + 1, 0, count]),
  };
}

test("a few far territories do not make the view of a selection tiny", () => {
  const regions = [[2, 48, 100], [-3, 48, 60], [5, 45, 80], [1, 44, 70]];
  const overseas = [[55.5, -21, 4], [-61, 16, 6], [165, -21, 3], [-149, -17, 2]];
  const { lon } = mostOf(answerOf(SENEGAL, [...regions, ...overseas]));
  assert.deepEqual([Math.min(...lon), Math.max(...lon)], [-14.5, 5]);
});

test("far territories that have many of the links are framed", () => {
  const { lon } = mostOf(answerOf(SENEGAL, [[2, 48, 50], [55.5, -21, 50]]));
  assert.equal(Math.max(...lon), 55.5);
});

test("nothing is left out when it would hardly show the rest larger", () => {
  const { lat } = mostOf(answerOf(SENEGAL, [[-3, 48, 40], [-1, 44, 1]]));
  assert.ok(lat.includes(44));
});

test("a view across the 180th meridian goes the short way", () => {
  const { lon } = mostOf(answerOf([168, -17], [[165.6, -21.3, 5], [-149.4, -17.6, 5]]));
  assert.ok(Math.max(...lon) - Math.min(...lon) < 60);
});

test("an answer without links has nothing to frame, or its places", () => {
  assert.deepEqual(mostOf({ lon: [], lat: [], flows: [] }), { lon: [], lat: [] });
  assert.deepEqual(mostOf({ lon: [2], lat: [47], flows: [] }), { lon: [2], lat: [47] });
});
