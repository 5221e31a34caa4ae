import assert from "node:assert/strict";
import { test } from "node:test";

import { bundleRibbons, distanceTo, pointAt } from "../../static/js/map/curves.js";
import { randomOf } from "./random.js";

const strand = (here, there, count = 1, width = 2) => ({ here, there, count, width });
const near = (one, other, within = 1e-6) => Math.hypot(one[0] - other[0], one[1] - other[1]) <= within;

test("a ribbon begins and ends where its symbols are", () => {
  const random = randomOf(1);
  for (let round = 0; round < 50; round += 1) {
    const [here, there] = [0, 1].map(() => ({ x: random() * 1000, y: random() * 700 }));
    const [{ curve }] = bundleRibbons([strand(here, there)]);
    assert.ok(near(pointAt(curve, 0), [here.x, here.y]));
    assert.ok(near(pointAt(curve, 1), [there.x, there.y]));
  }
});

test("a ribbon to the east or the west rises towards the pole", () => {
  for (const x of [-400, 400]) {
    const [{ curve }] = bundleRibbons([strand({ x: 0, y: 0 }, { x, y: 0 })]);
    assert.ok(pointAt(curve, 0.5)[1] < 0);
  }
});

test("strands of a bundle lie side by side at their root, in the order of their directions", () => {
  const random = randomOf(2);
  for (let round = 0; round < 60; round += 1) {
    const root = { x: 500, y: 400 };
    const ends = Array.from({ length: 8 }, () => {
      const angle = 1.3 + random() * 0.5;
      const distance = 150 + random() * 300;
      return { x: root.x + Math.cos(angle) * distance, y: root.y + Math.sin(angle) * distance };
    });
    const ribbons = bundleRibbons(ends.map((end) => strand(root, end, 1 + Math.floor(random() * 9), 1 + random() * 8)));
    const sorted = [...ribbons].sort((a, b) => angleOf(root, a.there) - angleOf(root, b.there));
    const width = ribbons.reduce((total, one) => total + one.width, 0);
    const [first, last] = [sorted[0], sorted.at(-1)];
    const across = Math.hypot(first.curve.x0 - last.curve.x0, first.curve.y0 - last.curve.y0);
    assert.ok(across <= width);
    for (let i = 1; i < sorted.length; i += 1) {
      const [one, other] = [sorted[i - 1], sorted[i]];
      const apart = Math.hypot(one.curve.x0 - other.curve.x0, one.curve.y0 - other.curve.y0);
      assert.ok(apart >= (one.width + other.width) / 2 - 1e-6);
    }
  }
});

const angleOf = (root, end) => Math.atan2(end.y - root.y, end.x - root.x);

test("strands from places that share a symbol leave it together", () => {
  const symbol = {};
  const from = () => ({ x: 0, y: 0, symbol });
  const ribbons = bundleRibbons([strand(from(), { x: 200, y: 10 }), strand(from(), { x: 210, y: 14 })]);
  assert.ok(!near([ribbons[0].curve.x0, ribbons[0].curve.y0], [ribbons[1].curve.x0, ribbons[1].curve.y0], 1));
});

test("no curve has a coordinate that is not a number, even between two ends at one point", () => {
  const [{ curve }] = bundleRibbons([strand({ x: 5, y: 5 }, { x: 5, y: 5 })]);
  assert.ok(Object.values(curve).every(Number.isFinite));
});

test("the distance to a curve is that of its nearest point, to a pixel", () => {
  const random = randomOf(3);
  for (let round = 0; round < 40; round += 1) {
    const [here, there] = [0, 1].map(() => ({ x: random() * 800, y: random() * 600 }));
    const [{ curve }] = bundleRibbons([strand(here, there)]);
    const [x, y] = [random() * 800, random() * 600];
    let least = Infinity;
    for (let t = 0; t <= 1; t += 1 / 2000) {
      const [px, py] = pointAt(curve, t);
      least = Math.min(least, Math.hypot(px - x, py - y));
    }
    assert.ok(Math.abs(distanceTo(curve, x, y) - least) < 1.5);
  }
});
