import assert from "node:assert/strict";
import { test } from "node:test";

import { NameRoom, overlap } from "../../static/js/map/diptych-names.js";

const RECT = { x: 10, y: 20, width: 300, height: 200 };
const SIZE = { width: 60, height: 17 };
const mark = (x, y) => ({ x, y, r: 5 });

test("names never touch one another, a mark or the edge of the panel", () => {
  const room = new NameRoom(RECT, true);
  const marks = Array.from({ length: 40 }, (_, i) => mark(40 + (i % 8) * 30, 50 + Math.floor(i / 8) * 30));
  for (const { x, y, r } of marks) room.take([x - r, y - r, x + r, y + r]);
  const before = room.taken.length;
  for (const one of marks) room.placeBeside(one, SIZE, 60);
  const names = room.taken.slice(before);
  assert.ok(names.length > 4);
  names.forEach((box, i) => {
    assert.ok(box[0] > RECT.x && box[1] > RECT.y && box[2] < RECT.x + RECT.width && box[3] < RECT.y + RECT.height);
    room.taken.slice(0, before + i).forEach((other) => assert.ok(!overlap(box, other)));
  });
});

test("a name stands away from the strands: at the left of a place here, at the right of one there", () => {
  const place = (prefersRight) => new NameRoom(RECT, prefersRight).placeBeside(mark(150, 100), SIZE);
  assert.ok(place(false).x + SIZE.width < 150);
  assert.ok(place(true).x > 150);
});

test("without room beside its mark, a name is tied to it by a line; without any, it is not written", () => {
  const room = new NameRoom(RECT, true);
  room.take([60, 40, 240, 140]);
  const spot = room.placeBeside(mark(150, 95), SIZE, 84);
  assert.ok(spot.line);
  assert.equal(new NameRoom({ x: 0, y: 0, width: 50, height: 20 }, true).placeBeside(mark(25, 10), SIZE, 84), null);
});
