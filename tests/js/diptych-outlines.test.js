import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { boundsOf, fit, project } from "../../static/js/map/diptych-fit.js";
import { areaPath, bringNear, clipRing, cutLine, linePath } from "../../static/js/map/diptych-outlines.js";
import { isWithin, mainBox, shapesOf } from "../../static/js/map/diptych-territories.js";
import { Topology, withoutSpikes } from "../../static/js/map/diptych-topology.js";

const read = (name) => new Topology(JSON.parse(readFileSync(new URL(`../../static/geo/${name}`, import.meta.url))));
const world = read("world.topo.json");
const france = read("france.topo.json");
const files = { world, france, country: null, around: new Map() };
const RECT = { x: 0, y: 0, width: 400, height: 300 };

function panelOf(box) {
  const view = fit(box, RECT, { top: 0, bottom: 0, side: 0 });
  return { project: (lon, lat) => project(view, lon, lat), bounds: boundsOf(view), clip: [-10, -10, 410, 310] };
}

test("shapes of a topology share their arcs, forwards and backwards", () => {
  const small = new Topology({
    transform: { scale: [0.5, 0.5], translate: [10, 20] },
    arcs: [[[0, 0], [2, 0], [0, 2]], [[2, 2], [-2, 0], [0, -2]]],
    objects: {
      lands: {
        type: "GeometryCollection",
        geometries: [{ type: "Polygon", arcs: [[0, 1]] }, { type: "Polygon", arcs: [[-1, -2]] }],
      },
    },
  });
  const [one, other] = small.shapes("lands");
  assert.deepEqual(one.rings[0], [[10, 20], [11, 20], [11, 21], [10, 21], [10, 20]]);
  assert.deepEqual(other.rings[0].slice(0, 3), [[11, 21], [11, 20], [10, 20]]);
  assert.equal(small.shapes("nothing").length, 0);
});

test("a way there and back between two contours holds no land and has no line", () => {
  const ring = [[0, 0], [4, 0], [4, 2], [1, 2], [3, 2], [4, 2], [4, 4], [0, 4], [0, 0]];
  assert.deepEqual(withoutSpikes(ring), [[0, 0], [4, 0], [4, 2], [4, 2], [4, 4], [0, 4], [0, 0]]);
  const outline = { type: "GeometryCollection", geometries: [{ type: "MultiPolygon", arcs: [[[0, 1, 2]]] }] };
  const arcs = [ring.slice(0, 3), ring.slice(2, 6), ring.slice(5)];
  assert.deepEqual([...new Topology({ arcs, objects: { outline } }).spikesOf("outline")], [1]);
});

test("Mayotte and the other overseas territories are found by their codes", () => {
  for (const key of ["d:976", "r:06", "z:06", "c:97611", "z:NC", "c:98818", "d:987", "r:53", "z:FX"]) {
    assert.ok(shapesOf(key, files).length > 0, key);
  }
  assert.equal(shapesOf("d:00", files).length, 0);
});

test("mainland France is framed whole, without the islands of the other hemisphere", () => {
  const box = mainBox(shapesOf("z:FX", files).flatMap(({ rings }) => rings));
  assert.ok(box[0] > -6 && box[2] < 10 && box[1] > 41 && box[3] < 52, String(box));
});

test("islands far from a country do not make it small", () => {
  const [west, , east] = mainBox(shapesOf("p:EC", files).flatMap(({ rings }) => rings));
  assert.ok(east - west < 8);
});

test("a land across the antimeridian is drawn in one piece on both sides", () => {
  const fiji = bringNear(shapesOf("p:FJ", files).flatMap(({ rings }) => rings), 178);
  const [west, , east] = mainBox(fiji);
  assert.ok(west > 170 && east < 190, `${west} ${east}`);
  const rings = shapesOf("p:FJ", files).flatMap((shape) => shape.rings);
  assert.ok(areaPath(rings, panelOf([176, -20, 182, -15])).length > 50);
  assert.ok(areaPath(rings, panelOf([-184, -20, -178, -15])).length > 50);
});

test("a ring is cut along its box, what is outside leaves nothing", () => {
  const square = [[-50, -50], [50, -50], [50, 50], [-50, 50]];
  const cut = clipRing(square, [0, 0, 100, 100]);
  assert.deepEqual(cut.map(([x, y]) => `${x},${y}`).sort(), ["0,0", "0,50", "50,0", "50,50"]);
  assert.equal(clipRing(square, [60, 60, 100, 100]).length, 0);
});

test("a line is cut where it leaves, and comes back as another", () => {
  const runs = cutLine([[1, 1], [2, 2], [200, 2], [200, 3], [2, 3], [1, 3]], [0, 0, 10, 10]);
  assert.deepEqual(runs.map((run) => run.length), [3, 3]);
});

test("no path holds a number that is not one, wherever the panel looks", () => {
  const lands = world.shapes("countries").flatMap(({ rings }) => rings);
  for (const box of [[-5, 47, -1, 49], [178, -19, 181, -16], [-180, -80, 180, 84], [100, 60, 200, 80]]) {
    const panel = panelOf(box);
    assert.doesNotMatch(areaPath(lands, panel) + linePath(world.lines("coasts"), panel), /NaN|Infinity/);
  }
});

test("contested boundaries are told apart from the others", () => {
  const contested = world.arcsOf("disputed");
  assert.ok(contested.size > 10);
  for (const arc of world.arcsOf("borders")) assert.ok(!contested.has(arc));
});

test("a place is in the territory that its key says, a town in the boxes of its country", () => {
  const place = (key, lon = 0, lat = 0) => ({ key, lon, lat });
  assert.ok(isWithin(place("c:29232"), "r:53", files));
  assert.ok(isWithin(place("d:29"), "z:FX", files));
  assert.ok(!isWithin(place("c:97411"), "z:FX", files));
  assert.ok(!isWithin(place("r:84"), "r:53", files));
  assert.ok(isWithin(place("c:98818"), "z:NC", files));
  assert.ok(isWithin(place("a:SN.01"), "p:SN", files));
  assert.ok(!isWithin(place("p:ML"), "p:SN", files));
  assert.ok(isWithin(place("v:2253354", -17.44, 14.69), "p:SN", files));
  assert.ok(!isWithin(place("v:1", 47, -19), "p:SN", files));
});
