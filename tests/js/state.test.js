import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { MapState, readAddress } from "../../static/js/map/state.js";

let told;

beforeEach(() => {
  told = [];
  globalThis.location = { pathname: "/carte" };
  globalThis.history = {
    pushState: (_, __, address) => told.push(["push", address]),
    replaceState: (_, __, address) => told.push(["replace", address]),
  };
});

test("an address gives back the same address", () => {
  const search = "?secteur=sante&secteur=eau&ici=r:53&bbox=-5,47,-1,49&vue=7/48.1/-2.8";
  const state = new MapState(search);
  assert.deepEqual(readAddress(state.address().slice("/carte".length)), readAddress(search));
});

test("choosing a territory leaves the view and the box behind, and adds one entry", () => {
  const state = new MapState("?vue=7/48.1/-2.8&bbox=-5,47,-1,49&q=eau");
  state.choose("r:53", null);
  assert.deepEqual(told, [["push", "/carte?q=eau&ici=r:53"]]);
});

test("choosing what is chosen says nothing", () => {
  const state = new MapState("?ici=r:53");
  state.choose("r:53", null);
  assert.deepEqual(told, []);
});

test("a link without a view is a diptych, with one it is on the map of the world", () => {
  assert.equal(new MapState("?ici=r:53&labas=p:ML").isDiptych, true);
  assert.equal(new MapState("?ici=r:53&labas=p:ML&vue=3/20/0").isDiptych, false);
  assert.equal(new MapState("?ici=r:53").isDiptych, false);
});

test("a box in the address limits the list, a view alone does not", () => {
  assert.equal(new MapState("").isZoneLimited, true);
  assert.equal(new MapState("?vue=7/48/-2").isZoneLimited, false);
  assert.equal(new MapState("?vue=7/48/-2&bbox=-5,47,-1,49").isZoneLimited, true);
});

test("numbers that are not numbers are left out", () => {
  const { view, box } = readAddress("?vue=a/b/c&bbox=1,2,3");
  assert.equal(view, null);
  assert.equal(box, null);
});
