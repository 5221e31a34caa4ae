import assert from "node:assert/strict";
import { test } from "node:test";

import { layOut } from "../../static/js/map/diptych-fit.js";
import { distanceTo, ribbonOf, strandsOf } from "../../static/js/map/diptych-strands.js";

const BOX = [-5, 47, -1, 49];
const WIDE = layOut({ width: 880, height: 600 }, [BOX, BOX], { margin: 16, isNarrow: false });
const PHONE = layOut({ width: 390, height: 560 }, [BOX, BOX], { margin: 10, isNarrow: true });
const mark = (rect, across, down) => ({ x: rect.x + rect.width * across, y: rect.y + rect.height * down, r: 5 });
const pairs = (layout, count) =>
  Array.from({ length: count }, (_, i) => ({
    here: mark(layout.here, 0.3, (i + 0.5) / count),
    there: mark(layout.there, 0.6, (count - i - 0.5) / count),
    count: 1 + (i % 3),
  }));

test("strands leave their place here and end at their place there", () => {
  for (const layout of [WIDE, PHONE]) {
    for (const strand of strandsOf(pairs(layout, 12), layout, layout === PHONE)) {
      assert.deepEqual(strand.points[0], [strand.here.x, strand.here.y]);
      assert.deepEqual(strand.points.at(-1), [strand.there.x, strand.there.y]);
    }
  }
});

test("widths follow counts, and the ribbon holds between the panels however many strands it gathers", () => {
  const { widths } = ribbonOf(pairs(WIDE, 6), { isNarrow: false, isStacked: false });
  assert.ok(Math.abs(widths[2] / widths[0] - 3) < 0.01);
  const many = ribbonOf(pairs(WIDE, 200), { isNarrow: false, isStacked: false });
  assert.ok(Math.max(...many.here) - Math.min(...many.here) <= 62);
});

test("strands lie side by side in the order of their places, so that they do not cross before the number", () => {
  const members = pairs(WIDE, 9);
  const { here, there } = ribbonOf(members, { isNarrow: false, isStacked: false });
  for (let i = 1; i < members.length; i += 1) {
    assert.ok(here[i] > here[i - 1]);
    assert.ok(there[i] < there[i - 1]);
  }
});

test("every strand passes under the number", () => {
  for (const layout of [WIDE, PHONE]) {
    for (const strand of strandsOf(pairs(layout, 30), layout, layout === PHONE)) {
      assert.ok(distanceTo(strand, layout.middle) <= 31);
    }
  }
});

test("a place at the edge of its panel does not make a loop", () => {
  const here = mark(WIDE.here, 0.995, 0.1);
  const [strand] = strandsOf([{ here, there: mark(WIDE.there, 0.5, 0.5), count: 1 }], WIDE, false);
  for (const [x] of strand.points) assert.ok(x >= here.x - 0.5);
});

test("a single initiative is one plain strand", () => {
  const [strand] = strandsOf(pairs(PHONE, 1), PHONE, true);
  assert.equal(strand.width, 5);
  assert.match(strand.path, /^M[\d.]+ [\d.]+C/);
  assert.ok(!strand.path.includes("NaN"));
});
