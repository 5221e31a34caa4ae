import assert from "node:assert/strict";
import { test } from "node:test";

import { overlap } from "../../static/js/map/boxes.js";
import { gatherByFarEnd } from "../../static/js/map/edges.js";
import { cornerFor, spotFor, untangle } from "../../static/js/map/frame-edge.js";
import { randomOf } from "./random.js";

const FRAME = [8, 8, 880, 640];
const isIn = (box, [left, top, right, bottom]) =>
  box[0] >= left - 1 && box[1] >= top - 1 && box[2] <= right + 1 && box[3] <= bottom + 1;

function placedAt(random, count) {
  const controls = [[0, 0, 160, 60], [820, 10, 880, 200], [10, 560, 270, 650]];
  const taken = [...controls];
  const placed = [];
  for (let i = 0; i < count; i += 1) {
    const angle = random() * 2 * Math.PI;
    const far = { x: 440 + Math.cos(angle) * 2000, y: 320 + Math.sin(angle) * 2000 };
    const box = spotFor(far, [90 + random() * 150, 36], FRAME, taken);
    if (!box) continue;
    taken.push(box);
    placed.push({ far, box });
  }
  return { controls, placed };
}

test("badges stay in the frame and cover neither a control nor one another", () => {
  const random = randomOf(21);
  for (let round = 0; round < 80; round += 1) {
    const { controls, placed } = placedAt(random, 14);
    for (const order of ["as placed", "untangled"]) {
      if (order === "untangled") untangle(placed, FRAME, controls, []);
      placed.forEach(({ box }, i) => {
        assert.ok(isIn(box, FRAME), order);
        for (const other of [...controls, ...placed.slice(i + 1).map((one) => one.box)]) {
          assert.ok(!overlap(box, other), order);
        }
      });
    }
  }
});

test("a badge stands where its direction meets the frame", () => {
  const [left, , right] = spotFor({ x: -5000, y: 324 }, [100, 36], FRAME, []);
  assert.deepEqual([left, right], [8, 108]);
  const [, top] = spotFor({ x: 444, y: -5000 }, [100, 36], FRAME, []);
  assert.equal(top, 8);
});

test("a badge that would have to go to the other side of the map is not shown", () => {
  assert.equal(spotFor({ x: -5000, y: 324 }, [100, 36], FRAME, [[0, 0, 700, 640]]), null);
});

test("a frame smaller than a badge holds none", () => {
  assert.equal(spotFor({ x: 0, y: 0 }, [100, 36], [0, 0, 90, 300], []), null);
});

test("badges that stand in the wrong order change places", () => {
  const badges = [
    { far: { x: -2000, y: -600 }, box: [8, 300, 108, 336] },
    { far: { x: -2000, y: 600 }, box: [8, 200, 128, 236] },
  ];
  untangle(badges, FRAME, [], []);
  assert.ok(badges[0].box[1] < badges[1].box[1]);
});

test("the corner is the lower left one, then the right one, then above", () => {
  assert.deepEqual(cornerFor([80, 36], FRAME, []), [8, 604, 88, 640]);
  assert.deepEqual(cornerFor([80, 36], FRAME, [[0, 500, 100, 640]]), [800, 604, 880, 640]);
  assert.equal(cornerFor([80, 36], FRAME, [[0, 0, 900, 700]]), null);
});

test("links are gathered by where they go; none counts more than its place has initiatives", () => {
  const far = { node: { key: "p:SN", count: 9 }, x: 0, y: 0, r: 3 };
  const other = { node: { key: "p:ML", count: 12 }, x: 0, y: 0, r: 3 };
  const one = (end, count) => ({ link: { count, there: end.node }, near: {}, far: end, width: 2 });
  const told = (badges) => badges.map(({ node, count, isMost }) => [node.key, count, isMost]);
  const leaving = [one(far, 6), one(far, 5), one(other, 12)];
  const links = leaving.map(({ link }) => link);
  assert.deepEqual(told(gatherByFarEnd(leaving, { links })), [["p:ML", 12, false], ["p:SN", 9, false]]);
  const partial = gatherByFarEnd([one(far, 6), one(other, 12)], { links, isPartial: true });
  assert.deepEqual(told(partial), [["p:ML", 12, true], ["p:SN", 9, true]]);
});

test("a badge says that its number is the most there can be when an initiative may have two ends in sight", () => {
  const far = { node: { key: "p:SN", count: 20 }, x: 0, y: 0, r: 3 };
  const one = (count) => ({ link: { count, there: far.node }, near: {}, far, width: 2 });
  const [first, second, hidden] = [one(6), one(5), one(12)];
  const links = [first, second, hidden].map(({ link }) => link);
  const told = (leaving) => gatherByFarEnd(leaving, { links }).map(({ count, isMost }) => [count, isMost])[0];
  assert.deepEqual(told([first]), [6, false], "one link is its own initiatives");
  assert.deepEqual(told([first, second]), [11, true]);
  assert.deepEqual(told([first, first]), [6, false], "the same link in two copies of the world");
  assert.deepEqual(told([first, second, hidden]), [20, false], "all its links are in sight");
});
