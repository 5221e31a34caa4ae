import assert from "node:assert/strict";
import { test } from "node:test";

import { COMMUNE, DEPARTEMENT, REGION, ZONE, isTooMuch, levelAt } from "../../static/js/map/flows.js";

const never = () => false;
const always = () => true;

test("a young directory is told by regions at world level, a full one by zones", () => {
  assert.equal(levelAt(2.5, never), REGION);
  assert.equal(levelAt(2.5, always), ZONE);
  assert.equal(levelAt(5, always), REGION);
});

test("between the region and the town, départements gather what would be a hairball", () => {
  assert.equal(levelAt(6.5, never), COMMUNE);
  assert.equal(levelAt(6.5, always), DEPARTEMENT);
  assert.equal(levelAt(8, always), COMMUNE);
});

test("sixty ribbons are readable at world level, sixty-one are not", () => {
  assert.equal(isTooMuch({ level: REGION, flows_total: 60 }, 2.5), false);
  assert.equal(isTooMuch({ level: REGION, flows_total: 61 }, 2.5), true);
  assert.equal(isTooMuch({ level: REGION, flows_total: 61 }, 5), false);
  assert.equal(isTooMuch({ level: COMMUNE, flows_total: 500 }, 9), false);
});
