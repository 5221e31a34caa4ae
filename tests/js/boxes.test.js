import assert from "node:assert/strict";
import { test } from "node:test";

import { Boxes, crosses, overlap } from "../../static/js/map/boxes.js";
import { randomOf } from "./random.js";

test("boxes that touch do not overlap", () => {
  assert.equal(overlap([0, 0, 10, 10], [10, 0, 20, 10]), false);
  assert.equal(overlap([0, 0, 10, 10], [9, 9, 20, 20]), true);
});

test("a line crosses the box it passes through, not the one beside", () => {
  assert.equal(crosses([0, 5, 100, 5], [40, 0, 60, 10]), true);
  assert.equal(crosses([0, 15, 100, 15], [40, 0, 60, 10]), false);
  assert.equal(crosses([0, 0, 30, 30], [40, 0, 60, 10]), false);
  assert.equal(crosses([50, -20, 50, -5], [40, 0, 60, 10]), false);
});

test("room is found as one would by looking at every box", () => {
  const random = randomOf(7);
  const boxOf = (most) => {
    const [x, y] = [random() * 1200 - 100, random() * 900 - 100];
    return [x, y, x + 1 + random() * most, y + 1 + random() * most];
  };
  for (let round = 0; round < 40; round += 1) {
    const taken = Array.from({ length: 60 }, () => boxOf(120));
    const boxes = new Boxes(taken);
    for (let i = 0; i < 40; i += 1) {
      const box = boxOf(90);
      const own = taken[i];
      assert.equal(boxes.isFree(box, own), !taken.some((one) => one !== own && overlap(box, one)));
      const segment = [random() * 1200, random() * 900, random() * 1200, random() * 900];
      assert.equal(boxes.isClear(segment, own), !taken.some((one) => one !== own && crosses(segment, one)));
    }
  }
});
