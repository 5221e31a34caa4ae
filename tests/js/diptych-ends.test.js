import assert from "node:assert/strict";
import { test } from "node:test";

import { MAX_SHIFT, isCoarse, keepInside, radiusIn, spread } from "../../static/js/map/diptych-ends.js";

const end = (x, y, r = 5) => ({ x, y, trueX: x, trueY: y, r });
const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

test("the area of a mark follows its count", () => {
  const radius = (count) => radiusIn({ count, largest: 4, isArea: false, among: 5 });
  assert.ok(Math.abs(radius(4) / radius(1) - 2) < 0.01);
});

test("no mark is huge or invisible, whatever the counts", () => {
  for (const count of [1, 50, 9_000]) {
    const r = radiusIn({ count, largest: 9_000, isArea: false, among: 90 });
    assert.ok(r >= 3.5 && r <= 14, String(r));
  }
});

test("marks that overlap part when there is room", () => {
  const ends = [end(100, 100), end(103, 100)];
  spread(ends);
  assert.ok(distance(...ends) >= 10);
});

test("no mark goes further than eight pixels from its place, even in a crowd", () => {
  const ends = Array.from({ length: 60 }, (_, i) => end(200 + (i % 3), 200 + (i % 5)));
  spread(ends);
  for (const { x, y, trueX, trueY } of ends) assert.ok(Math.hypot(x - trueX, y - trueY) <= MAX_SHIFT + 1e-9);
});

test("two drawings of the same places agree", () => {
  const draw = () => {
    const ends = [end(10, 10), end(10, 10), end(12, 9)];
    spread(ends);
    return ends.map(({ x, y }) => [x, y]);
  };
  assert.deepEqual(draw(), draw());
});

test("an end known by its country or its region alone is an area, a town or a commune is a place", () => {
  assert.equal(isCoarse("v:2253354", false, 3), false);
  assert.equal(isCoarse("a:SN.01", false, 3), true);
  assert.equal(isCoarse("p:SN", false, 3), true);
  assert.equal(isCoarse("c:29232", true, 3), false);
  assert.equal(isCoarse("e:242900835", true, 3), true);
  assert.equal(isCoarse("r:53", true, 3), true);
});

test("gathered by département and subdivision, these are places, and what is coarser is an area", () => {
  assert.equal(isCoarse("d:29", true, 2), false);
  assert.equal(isCoarse("a:SN.01", false, 2), false);
  assert.equal(isCoarse("p:SN", false, 2), true);
});

test("an area whose middle is out of the panel is drawn inside it", () => {
  const far = end(900, -40);
  keepInside(far, { x: 16, y: 0, width: 300, height: 400 }, 24);
  assert.deepEqual([far.x, far.y], [292, 24]);
});
