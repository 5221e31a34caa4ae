import assert from "node:assert/strict";
import { test } from "node:test";

import { boundsOf, fit, framed, layOut, project, scaleBar } from "../../static/js/map/diptych-fit.js";

const BRETAGNE = [-5.1, 47.3, -1, 48.9];
const CHILE = [-75, -55, -67, -18];
const AIR = { top: 40, bottom: 30, side: 28 };
const rounded = (box) => box.map((degrees) => Number(degrees.toFixed(6)));
const inside = (rect, [x, y]) => x >= rect.x && x <= rect.x + rect.width && y >= rect.y && y <= rect.y + rect.height;

test("two panels of one size stand side by side on a wide stage and one above the other on a phone", () => {
  const wide = layOut({ width: 880, height: 600 }, [BRETAGNE, BRETAGNE], { margin: 16, isNarrow: false });
  assert.equal(wide.isStacked, false);
  assert.equal(wide.here.width, wide.there.width);
  assert.equal(wide.there.x - wide.here.x - wide.here.width, wide.gutter);
  const phone = layOut({ width: 390, height: 560 }, [BRETAGNE, BRETAGNE], { margin: 10, isNarrow: true });
  assert.equal(phone.isStacked, true);
  assert.equal(phone.here.height, phone.there.height);
  assert.ok(phone.there.y + phone.there.height <= 560);
});

test("a short wide stage keeps both maps side by side, a long thin country does too", () => {
  const options = { margin: 16, isNarrow: false };
  assert.equal(layOut({ width: 520, height: 230 }, [BRETAGNE, BRETAGNE], options).isStacked, false);
  assert.equal(layOut({ width: 880, height: 600 }, [CHILE, CHILE], options).isStacked, false);
});

test("panels keep a size in a stage too small for them", () => {
  const { here } = layOut({ width: 60, height: 50 }, [BRETAGNE, CHILE], { margin: 10, isNarrow: true });
  assert.ok(here.width >= 40 && here.height >= 40);
});

test("what is framed is inside its panel, and the bounds of the view say so", () => {
  const rect = { x: 16, y: 0, width: 372, height: 580 };
  const view = fit(BRETAGNE, rect, AIR);
  for (const corner of [[-5.1, 47.3], [-1, 48.9]]) assert.ok(inside(rect, project(view, ...corner)));
  const [west, south, east, north] = boundsOf(view);
  assert.ok(west <= -5.1 && east >= -1 && south <= 47.3 && north >= 48.9);
  const [x, y] = project(view, west, south);
  assert.ok(Math.abs(x - rect.x) < 0.01 && Math.abs(y - rect.y - rect.height) < 0.01);
});

test("a territory is shown whole with its places, unless it is much larger than they are", () => {
  const near = [-4, 47.8, -1.5, 48.7];
  assert.deepEqual(rounded(framed(near, BRETAGNE, { least: 0.8 })), BRETAGNE);
  const [, south, , north] = framed([-71, -34, -70, -33], CHILE, { least: 0.8 });
  assert.ok(north - south < 3);
  const whole = framed([-71, -34, -70, -33], CHILE, { least: 0.8, isWhole: true });
  assert.deepEqual(rounded(whole), CHILE);
});

test("a single place is shown with what is around it", () => {
  const [west, south, east, north] = framed([-17.4, 14.7, -17.4, 14.7], null, { least: 1.1 });
  assert.ok(Math.abs(north - south - 1.1) < 1e-9);
  assert.ok(east - west > 1.1);
});

test("a scale bar has a round length that holds in its place", () => {
  for (const box of [BRETAGNE, CHILE, [178, -19, 181, -16], [55.2, -21.4, 55.9, -20.8]]) {
    const { km, width } = scaleBar(fit(box, { x: 0, y: 0, width: 380, height: 500 }, AIR), 90);
    assert.ok(width > 30 && width <= 90, String(width));
    assert.ok([1, 2, 5].includes(km / 10 ** Math.floor(Math.log10(km))), String(km));
  }
});
