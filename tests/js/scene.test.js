import assert from "node:assert/strict";
import { test } from "node:test";

import { buildScene, readAnswer, restingLinks, turnsOf, widths } from "../../static/js/map/scene.js";
import { worldX, worldY } from "../../static/js/map/mercator.js";
import { randomOf } from "./random.js";

/** [key, lon, lat, count], and flows [here, there, count] by key. */
function answerOf(places, flows, level = 1) {
  const at = (key) => places.findIndex((one) => one[0] === key);
  return readAnswer({
    level,
    total: 0,
    countries: 0,
    territories: 0,
    flows_total: flows.length,
    flows_shown: flows.length,
    keys: places.map(([key]) => key),
    names: places.map(([key]) => `Nom de ${key}`),
    lon: places.map((one) => one[1]),
    lat: places.map((one) => one[2]),
    counts: places.map((one) => one[3] ?? 1),
    degrees: places.map(() => 1),
    flows: flows.flatMap(([here, there, count = 1]) => [at(here), at(there), count]),
  });
}

function viewOf(zoom, lon, lat, width = 1000, height = 600) {
  const size = 256 * 2 ** zoom;
  return { width, height, zoom, size, left: worldX(lon) * size - width / 2, top: worldY(lat) * size - height / 2 };
}

const sceneOf = (data, view, options = {}) =>
  buildScene(data, view, { isWhole: false, chosen: [], obstacles: [], ...options });

const PACIFIC = [
  ["r:NC", 165.6, -21.3, 9],
  ["p:VU", 167.7, -16.2, 8],
  ["r:PF", -149.4, -17.6, 5],
  ["p:WS", -172.4, -13.7, 4],
];

test("Nouvelle-Calédonie, Vanuatu and Polynésie are linked the short way, across the 180th meridian", () => {
  const data = answerOf(PACIFIC, [["r:NC", "p:VU", 8], ["r:PF", "p:VU", 2], ["r:PF", "p:WS", 3], ["r:NC", "p:WS", 1]]);
  for (const lon of [185, -175]) {
    const { ribbons, leaving } = sceneOf(data, viewOf(4, lon, -17));
    assert.equal(ribbons.length, 4);
    assert.equal(leaving.length, 0);
    for (const { here, there } of ribbons) assert.ok(Math.abs(here.x - there.x) < 900);
  }
});

test("a link is drawn in each copy of the world in view", () => {
  const data = answerOf([["z:FX", 2, 47, 9], ["p:SN", -14, 14, 9]], [["z:FX", "p:SN", 9]], 0);
  const wide = sceneOf(data, viewOf(1, 0, 20, 1400, 500));
  assert.equal(wide.ribbons.length, wide.symbols.filter(({ key, x }) => key === "z:FX" && x > 0 && x < 1400).length);
  assert.ok(wide.ribbons.length >= 2);
  assert.equal(sceneOf(data, viewOf(3, 0, 20)).ribbons.length, 1);
});

test("overseas territories are at their own place", () => {
  const data = answerOf([["z:04", 55.5, -21.1, 3], ["p:MG", 46.7, -19.4, 3]], [["z:04", "p:MG", 3]], 0);
  const view = viewOf(5, 50, -19);
  const symbol = sceneOf(data, view).symbols.find(({ key }) => key === "z:04");
  assert.ok(Math.abs(symbol.x - (worldX(55.5) * view.size - view.left)) < 1e-6);
  assert.ok(Math.abs(symbol.y - (worldY(-21.1) * view.size - view.top)) < 1e-6);
});

function worldAnswer(random, countries) {
  const places = [["z:FX", 2.5, 46.8, 9999], ["z:04", 55.5, -21.1, 300]];
  const flows = [];
  for (let i = 0; i < countries; i += 1) {
    places.push([`p:${i}`, random() * 300 - 150, random() * 120 - 50, 1 + Math.floor(random() * 800)]);
    flows.push(["z:FX", `p:${i}`, 1 + Math.floor(random() * 800)]);
    if (random() < 0.4) flows.push(["z:04", `p:${i}`, 1 + Math.floor(random() * 200)]);
  }
  flows.sort((a, b) => b[2] - a[2]);
  return answerOf(places, flows, 0);
}

test("the world has sixty ribbons at most, one for each country, the busiest; every country has its diamond", () => {
  const random = randomOf(41);
  for (const countries of [5, 59, 90, 150]) {
    const data = worldAnswer(random, countries);
    const view = viewOf(2.5, 10, 20, 1500, 1000);
    const resting = [...restingLinks(data, view, false)];
    assert.ok(resting.length <= 60);
    assert.equal(new Set(resting.map(({ there }) => there.key)).size, resting.length);
    for (const link of resting) {
      assert.ok(data.links.every((other) => other.there !== link.there || other.count <= link.count));
    }
    const { ribbons, symbols } = sceneOf(data, view);
    assert.ok(ribbons.length <= 60);
    assert.ok(data.nodes.every((node) => symbols.some(({ key }) => key === node.key)));
  }
});

test("no two countries share a symbol, at any zoom", () => {
  const data = worldAnswer(randomOf(42), 120);
  for (const zoom of [1, 2, 2.5, 3, 4, 6]) {
    const { symbols } = sceneOf(data, viewOf(zoom, 5, 15, 1200, 700));
    symbols.forEach((one, i) => {
      assert.equal(one.members.length, 1);
      for (const other of symbols.slice(i + 1)) {
        assert.ok(Math.hypot(one.x - other.x, one.y - other.y) > one.r + other.r - 0.05);
      }
    });
  }
});

test("every link of a close view is drawn, lit on demand, or told at the edge: none is lost", () => {
  const random = randomOf(43);
  for (let round = 0; round < 40; round += 1) {
    const places = [];
    const flows = [];
    for (let i = 0; i < 30; i += 1) places.push([`c:${i}`, -4 + random() * 4, 47 + random() * 2, 3]);
    for (let i = 0; i < 12; i += 1) places.push([`p:${i}`, random() * 160 - 80, random() * 80 - 30, 9]);
    for (let i = 0; i < 40; i += 1) flows.push([`c:${i % 30}`, `p:${i % 12}`, 1]);
    const data = answerOf(places, flows, 3);
    const { ribbons, strands, leaving } = sceneOf(data, viewOf(7.75, -2, 48));
    const told = new Set([...ribbons, ...strands, ...leaving].map(({ link }) => link));
    const inSight = data.links.filter(({ here }) => here.lon > -3.6 && here.lon < -0.6 && here.lat > 47.3 && here.lat < 48.6);
    for (const link of inSight) assert.ok(told.has(link));
    for (const ribbon of ribbons) assert.ok(!ribbon.here.isOutside && !ribbon.there.isOutside);
  }
});

test("more than twenty-four ribbons close by are drawn only when they are lit", () => {
  const places = [];
  const flows = [];
  for (let i = 0; i < 25; i += 1) {
    places.push([`r:${i}`, -4 + (i % 5) * 2, 43 + Math.floor(i / 5) * 1.5, 5]);
    flows.push([`r:${i}`, "p:IT"]);
  }
  places.push(["p:IT", 9, 45, 25]);
  const view = viewOf(5, 3, 46, 1200, 800);
  assert.equal(sceneOf(answerOf(places, flows), view).ribbons.length, 0);
  assert.equal(sceneOf(answerOf(places, flows), view).strands.length, 25);
  assert.equal(sceneOf(answerOf(places, flows.slice(1)), view).ribbons.length, 24);
  assert.equal(sceneOf(answerOf(places, flows), view, { isWhole: true }).ribbons.length, 25);
});

test("communes that overlap share a symbol, whose ribbons keep their true ends", () => {
  const places = [["c:A", -1.68, 48.11, 9], ["c:B", -1.69, 48.12, 2], ["v:X", -1.2, 48.4, 3]];
  const data = answerOf(places, [["c:A", "v:X"], ["c:B", "v:X"]], 3);
  const { symbols, ribbons } = sceneOf(data, viewOf(8, -1.5, 48.2));
  const shared = symbols.find(({ key }) => key === "c:A");
  assert.deepEqual(shared.members.map(({ key }) => key), ["c:A", "c:B"]);
  assert.equal(shared.count, 9);
  assert.deepEqual(ribbons.map(({ here }) => here.node.key).sort(), ["c:A", "c:B"]);
  assert.ok(ribbons.every(({ here }) => here.symbol === shared));
  assert.equal(sceneOf(data, viewOf(11, -1.5, 48.2)).symbols.length, 3);
});

test("what a control covers is not in sight", () => {
  const data = answerOf([["z:FX", 2, 47, 9], ["p:SN", -14, 14, 9]], [["z:FX", "p:SN", 9]], 0);
  const { ribbons, leaving } = sceneOf(data, viewOf(3, -5, 30), { obstacles: [[0, 300, 1000, 600]] });
  assert.equal(ribbons.length, 0);
  assert.deepEqual(leaving.map(({ far }) => far.node.key), ["p:SN"]);
});

test("the width of a ribbon follows its count, and the links of a selection are together no wider than a hand", () => {
  const flows = Array.from({ length: 90 }, (_, i) => ["z:FX", `p:${i}`, 90 - i]);
  const places = [["z:FX", 2, 47, 9], ...flows.map(([, key]) => [key, 0, 0, 1])];
  const data = answerOf(places, flows, 0);
  const widthOf = widths(data, viewOf(2.5, 0, 20), false);
  const [first, second] = data.links;
  assert.ok(widthOf(first) > widthOf(second));
  assert.ok(widthOf(first) <= 9.5);
  const few = answerOf([["z:FX", 2, 47, 9], ["p:A", 0, 0], ["p:B", 0, 0], ["p:C", 0, 0]], [
    ["z:FX", "p:A", 3], ["z:FX", "p:B", 2], ["z:FX", "p:C", 1],
  ]);
  const [three, two, one] = few.links.map(widths(few, viewOf(2.5, 0, 20), false));
  assert.ok(two - one > 0.7 && three - two > 0.7, "one, two and three are told apart");
  assert.ok(one >= 1.9 && three < 5);
  const whole = widths(data, viewOf(2.5, 0, 20), true);
  assert.ok(data.links.reduce((total, link) => total + whole(link), 0) <= 42 + 90 * 1.1);
});

test("the copies of the world next to the view are looked at too: a link may come from there", () => {
  assert.deepEqual(turnsOf({ left: 0, width: 1000, size: 2048 }), [-1, 0, 1]);
  assert.deepEqual(turnsOf({ left: 1800, width: 1000, size: 2048 }), [-1, 0, 1, 2]);
});
