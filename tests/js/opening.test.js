import assert from "node:assert/strict";
import { test } from "node:test";

import { Flows } from "../../static/js/map/flows.js";
import { MapState } from "../../static/js/map/state.js";

const ANSWER = { level: 0, flows: [], flows_total: 3 };
const MAP = { getZoom: () => 2 };

/** Flows of an address, and the questions that they ask the server. */
function flowsOf(search, opening) {
  const asked = [];
  const requests = { ask: async (kind, url, query) => (asked.push(query.toString()), { ...ANSWER, level: 1 }) };
  const state = new MapState(search);
  return { flows: new Flows(MAP, state, requests, "/carte/flux", opening), state, asked };
}

test("the links that came with the page are not asked for", async () => {
  const { flows, asked } = flowsOf("?q=eau", ANSWER);
  assert.deepEqual(await flows.ask(), { answer: ANSWER, isWhole: false });
  assert.equal(await flows.ask(), null, "they are shown already");
  assert.deepEqual(asked, []);
});

test("a selection that came with its page is whole", async () => {
  const { flows, asked } = flowsOf("?ici=r:53", { ...ANSWER, level: 1 });
  assert.equal((await flows.askSelection()).level, 1);
  assert.deepEqual(asked, []);
});

test("what was chosen meanwhile is asked for", async () => {
  const { flows, state, asked } = flowsOf("", ANSWER);
  Object.assign(state, { here: "r:53" });
  await flows.ask();
  assert.deepEqual(asked, ["ici=r%3A53&niveau=1"]);
});

test("the map of zones is known to replace that of régions", async () => {
  const { flows, state, asked } = flowsOf("", ANSWER);
  await flows.ask();
  state.filters.set("q", "eau");
  await flows.ask();
  state.filters.delete("q");
  await flows.ask();
  assert.deepEqual(asked, ["q=eau&niveau=1", "niveau=0"]);
});
