import assert from "node:assert/strict";
import { test } from "node:test";

import { chosenAfter, chosenBefore } from "../../static/js/map/selection.js";

const symbol = (key, isHere) => ({ symbol: { key, isHere } });
const nothing = { here: null, there: null };

test("a ribbon selects its two ends", () => {
  const ribbon = { here: { node: { key: "r:53" } }, there: { node: { key: "p:ML" } } };
  assert.deepEqual(chosenAfter(nothing, { ribbon }), { here: "r:53", there: "p:ML" });
});

test("a territory, then one of the other side, make a link", () => {
  const first = chosenAfter(nothing, symbol("r:53", true));
  assert.deepEqual(first, { here: "r:53", there: null });
  assert.deepEqual(chosenAfter(first, symbol("p:ML", false)), { here: "r:53", there: "p:ML" });
});

test("a second territory of the same side replaces the first", () => {
  assert.deepEqual(chosenAfter({ here: "r:53", there: null }, symbol("r:52", true)), { here: "r:52", there: null });
  assert.deepEqual(chosenAfter({ here: null, there: "p:ML" }, symbol("p:SN", false)), { here: null, there: "p:SN" });
});

test("the sea clears the selection", () => {
  assert.deepEqual(chosenAfter({ here: "r:53", there: "p:ML" }, null), nothing);
});

test("Escape goes from a link to its end here, then to nothing", () => {
  assert.deepEqual(chosenBefore({ here: "r:53", there: "p:ML" }), { here: "r:53", there: null });
  assert.deepEqual(chosenBefore({ here: "r:53", there: null }), nothing);
});
