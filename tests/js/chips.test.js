import assert from "node:assert/strict";
import { test } from "node:test";

import { takeOff, without } from "../../static/js/map/chips.js";

const after = (query, facet, value) => without(new URLSearchParams(query), facet, value).toString();

test("one value of a facet is taken off, the others and their order stay", () => {
  assert.equal(after("secteur=sante&pays=ML&pays=SN&tri=titre", "pays", "ML"), "secteur=sante&pays=SN&tri=titre");
});

test("words and a year have one value, whatever way it is written", () => {
  assert.equal(after("q=eau%20&pays=ML", "q", "eau"), "pays=ML");
  assert.equal(after("depuis=2015", "depuis", "2015"), "");
});

test("an end leaves the other end chosen, a view is no filter", () => {
  const done = [];
  const state = {
    here: "r:53",
    there: "p:ML",
    filters: new URLSearchParams("secteur=sante"),
    choose: (here, there) => done.push(["choose", here, there]),
    setZone: (isLimited, box) => done.push(["zone", isLimited, box]),
    setFilters: (filters) => done.push(["filters", filters.toString()]),
  };
  takeOff(state, "ici", "r:53");
  takeOff(state, "labas", "p:ML");
  takeOff(state, "bbox", "1,2,3,4");
  takeOff(state, "secteur", "sante");
  assert.deepEqual(done, [
    ["choose", null, "p:ML"],
    ["choose", "r:53", null],
    ["zone", false, null],
    ["filters", ""],
  ]);
});
