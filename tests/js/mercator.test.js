import assert from "node:assert/strict";
import { test } from "node:test";

import { shortWay, unwrap, worldX, worldY } from "../../static/js/map/mercator.js";

test("the equator and Greenwich meet in the middle of the world", () => {
  assert.equal(worldX(0), 0.5);
  assert.ok(Math.abs(worldY(0) - 0.5) < 1e-12);
});

test("the poles stay on the edge of the square world", () => {
  assert.ok(worldY(90) >= 0 && worldY(90) < 0.001);
  assert.ok(worldY(-90) <= 1 && worldY(-90) > 0.999);
});

test("a link from Nouméa to Papeete crosses the 180th meridian", () => {
  assert.equal(shortWay(worldX(166.4), worldX(-149.6)), 1);
  assert.equal(shortWay(worldX(-149.6), worldX(166.4)), -1);
  assert.equal(shortWay(worldX(2.35), worldX(-17.4)), 0);
});

test("longitudes of the Pacific are gathered around the first", () => {
  assert.deepEqual(unwrap([166, -150, 178]), [166, 210, 178]);
});
