import assert from "node:assert/strict";
import { test } from "node:test";

import { mergeBodies } from "../../static/js/map/merge.js";
import { spread } from "../../static/js/map/symbols.js";
import { randomOf } from "./random.js";

const SIZE = 4096;

function bodyOf(key, x, y, count = 1, r = 5) {
  const node = { key, count, isHere: "cedrz".includes(key[0]) };
  return { node, members: [node], isHere: node.isHere, count, x, y, trueX: x, trueY: y, r };
}

const merge = (bodies, kept = []) => mergeBodies(bodies, { gap: 2, largest: 12, size: SIZE, kept });
const keysOf = (bodies) => bodies.map(({ members }) => members.map(({ key }) => key).sort());

test("communes that overlap become one symbol, at the place of the busiest", () => {
  const merged = merge([bodyOf("c:1", 100, 100, 2), bodyOf("c:2", 104, 100, 9), bodyOf("c:3", 300, 100, 1)]);
  assert.deepEqual(keysOf(merged), [["c:1", "c:2"], ["c:3"]]);
  assert.equal(merged[0].node.key, "c:2");
  assert.deepEqual([merged[0].x, merged[0].count], [104, 9]);
});

test("a commune and a town at one point stay two symbols", () => {
  assert.equal(merge([bodyOf("c:1", 100, 100), bodyOf("v:1", 100, 100)]).length, 2);
});

test("countries, regions and zones are never merged", () => {
  for (const letter of "prz") {
    assert.equal(merge([bodyOf(`${letter}:A`, 100, 100), bodyOf(`${letter}:B`, 101, 100)]).length, 2);
  }
});

test("what is chosen keeps its place and its name among busier ones", () => {
  const merged = merge([bodyOf("c:1", 100, 100, 50), bodyOf("c:2", 103, 100, 1)], ["c:2"]);
  assert.equal(merged.length, 1);
  assert.equal(merged[0].node.key, "c:2");
});

test("two towns across the edge of the world are neighbours", () => {
  assert.equal(merge([bodyOf("v:1", 1, 100), bodyOf("v:2", SIZE - 2, 100)]).length, 1);
});

test("nothing is lost, nothing of a side overlaps, and ink is kept, whatever the places", () => {
  const random = randomOf(11);
  for (let round = 0; round < 60; round += 1) {
    const bodies = Array.from({ length: 150 }, (_, i) =>
      bodyOf(`${random() < 0.7 ? "c" : "v"}:${i}`, random() * 500, random() * 400, 1 + Math.floor(random() * 20), 4),
    );
    const merged = merge(bodies.map((body) => ({ ...body, members: [...body.members] })));
    const keys = merged.flatMap(({ members }) => members.map(({ key }) => key)).sort();
    assert.deepEqual(keys, bodies.map(({ node }) => node.key).sort());
    for (const body of merged) {
      assert.ok(body.members.every((member) => member.isHere === body.isHere && member.count <= body.count));
      assert.ok(body.r <= Math.min(18, 4 * Math.sqrt(body.members.length)) + 1e-9);
    }
  }
});

test("countries are pushed apart until none touches another, each near its place", () => {
  const random = randomOf(12);
  for (let round = 0; round < 30; round += 1) {
    const bodies = Array.from({ length: 60 }, (_, i) =>
      bodyOf(`p:${i}`, 200 + random() * 700, 100 + random() * 500, 1, 4 + random() * 8),
    );
    spread(bodies, SIZE);
    bodies.forEach((one, i) => {
      for (const other of bodies.slice(i + 1)) {
        assert.ok(Math.hypot(one.x - other.x, one.y - other.y) > one.r + other.r);
      }
      assert.ok(Math.hypot(one.x - one.trueX, one.y - one.trueY) < 80);
    });
  }
});

test("two countries at one point part in the same way at each drawing", () => {
  const drawn = [0, 1].map(() => {
    const bodies = [bodyOf("p:A", 100, 100), bodyOf("p:B", 100, 100)];
    spread(bodies, SIZE);
    return bodies.map(({ x, y }) => [x, y]);
  });
  assert.deepEqual(drawn[0], drawn[1]);
});

test("symbols on both sides of the edge of the world push each other", () => {
  const bodies = [bodyOf("p:A", 1, 100, 1, 6), bodyOf("p:B", SIZE - 1, 100, 1, 6)];
  spread(bodies, SIZE);
  assert.ok(bodies[0].x > 1 && bodies[1].x < SIZE - 1);
});
