/* The world: countries, ordinary and contested boundaries, coasts. */
"use strict";

const { readTable } = require("./sources.js");
const { collection, multiLine, simplify, unwrapPolygon } = require("./shapes.js");

const KEPT = 0.29; // share of the points of the world kept by the simplification

// --- What the atlas says otherwise than our list of countries

// Its own codes for what has no ISO 3166-1 number.
const CODES = { XKX: "XK", SOL: "SOL", CYN: "CYN", KAS: "x-siachen", ATC: "AU" };
// Drawn as part of the country that most states recognise; the line between the two is dashed.
const MERGED = { SOL: "SO", CYN: "CY" };
// Territories that it draws inside another one: [code of the atlas, ISO code, is this polygon in it?]
const SPLIT = [
  ["NLD", "BQ", ([lon]) => lon < -50],
  ["NOR", "SJ", ([lon, lat]) => lat > 73 || lon < -5],
  ["IOA", "CX", ([lon]) => lon > 100],
  ["IOA", "CC", ([lon]) => lon < 100],
];
// Lands without inhabitants or without a recognised state: in no list of ours, drawn all the same.
const UNLISTED = {
  GS: "Géorgie du Sud-et-les Îles Sandwich du Sud",
  HM: "Îles Heard-et-MacDonald",
  "x-siachen": "Glacier de Siachen",
};
const FRANCE = "FR"; // drawn from the other file
const LEFT_OUT = new Set(["ATA"]); // Antarctica: Mercator cannot show it

// Boundaries drawn dashed: both sides, French name, and [west, south, east, north] when only that part is contested.
const CONTESTED = [
  ["EH", "MA", "Maroc – Sahara occidental"],
  ["RS", "XK", "Serbie – Kosovo"],
  ["CY", "CYN", "Chypre – nord de l’île"],
  ["SO", "SOL", "Somalie – Somaliland"],
  ["IL", "PS", "Israël – Palestine"],
  ["IL", "SY", "Plateau du Golan"],
  ["SD", "SS", "Soudan – Soudan du Sud"],
  ["KE", "SS", "Triangle d’Ilemi"],
  ["EG", "SD", "Triangle de Halayeb", [33, 21, 37.5, 24]],
  ["IN", "PK", "Cachemire : ligne de contrôle", [73.4, 32.4, 78.5, 37.5]],
  ["CN", "PK", "Cachemire : Chine – Pakistan"],
  ["CN", "IN", "Aksai Chin", [77.4, 31, 80.6, 37]],
  ["CN", "IN", "Arunachal Pradesh", [91.4, 26, 97.6, 30]],
  ["IN", "x-siachen", "Glacier de Siachen"],
  ["PK", "x-siachen", "Glacier de Siachen"],
  ["CN", "x-siachen", "Glacier de Siachen"],
];

/** ISO code of a feature of the atlas: its number read by the runtime's own tables, or our exceptions. */
function codeOf(feature) {
  return CODES[feature.properties.a3] ?? new Intl.Locale(`und-${feature.id}`).region;
}

/** The polygons of the atlas by code, in our division of the world. */
function polygonsByCode({ topo, atlas }) {
  const byCode = new Map();
  const add = (code, polygon) => byCode.set(code, [...(byCode.get(code) ?? []), unwrapPolygon(polygon)]);
  for (const feature of topo.feature(atlas, atlas.objects.countries).features) {
    const a3 = feature.properties.a3;
    if (LEFT_OUT.has(a3)) continue;
    const { type, coordinates } = feature.geometry;
    for (const polygon of type === "Polygon" ? [coordinates] : coordinates) {
      const split = SPLIT.find(([from, , isInside]) => from === a3 && isInside(polygon[0][0]));
      add(split ? split[1] : codeOf(feature), polygon);
    }
  }
  return byCode;
}

/** The pieces of lines that lie in a box (a segment belongs to it when its middle does), and the others. */
function cutByBox(lines, [west, south, east, north]) {
  const pieces = { inside: [], outside: [] };
  for (const line of lines) {
    let last = null;
    for (let i = 1; i < line.length; i += 1) {
      const [lon, lat] = [0, 1].map((axis) => (line[i - 1][axis] + line[i][axis]) / 2);
      const where = west <= lon && lon <= east && south <= lat && lat <= north ? "inside" : "outside";
      if (where !== last) pieces[where].push([line[i - 1]]);
      pieces[where].at(-1).push(line[i]);
      last = where;
    }
  }
  return pieces;
}

const isBetween = (one, other) => (a, b) => (a.id === one && b.id === other) || (a.id === other && b.id === one);
/** Contested lines, ordinary boundaries (France's are in its own file), coasts, and France's seam with neighbours. */
function worldLines(topo, topology) {
  const object = topology.objects.all;
  const mesh = (filter) => topo.mesh(topology, object, filter).coordinates;
  const isContested = (a, b) => CONTESTED.some(([one, other]) => isBetween(one, other)(a, b));
  const touchesFrance = (a, b) => a !== b && (a.id === FRANCE || b.id === FRANCE);
  const borders = mesh((a, b) => a !== b && !isContested(a, b) && !touchesFrance(a, b));
  const rest = new Map(); // what no box has taken from a boundary contested only in part
  const disputed = CONTESTED.map(([one, other, name, box]) => {
    const pair = `${one}-${other}`;
    const lines = rest.get(pair) ?? mesh(isBetween(one, other));
    const { inside, outside } = box ? cutByBox(lines, box) : { inside: lines, outside: [] };
    if (!inside.length) throw new Error(`No line for ${name}`);
    rest.set(pair, outside);
    return multiLine(inside, pair, { name });
  });
  return {
    borders: multiLine([...borders, ...[...rest.values()].flat()], "borders"),
    coasts: multiLine(mesh((a, b) => a === b && a.id !== FRANCE), "coasts"),
    seam: multiLine(mesh(touchesFrance), "seam"),
    disputed: collection(disputed),
  };
}

function buildWorld(sources) {
  const { topo } = sources;
  const features = [...polygonsByCode(sources)].map(([id, coordinates]) => ({
    type: "Feature",
    id,
    geometry: { type: "MultiPolygon", coordinates },
  }));
  const topology = simplify(topo, topo.topology({ all: collection(features) }), KEPT);
  const lines = worldLines(topo, topology);

  const there = new Map(readTable("countries.csv").map((row) => [row.iso2, row.name]));
  const here = new Map(readTable("zones.csv").map((row) => [row.country, row.name]));
  const describe = (id) => {
    if (here.has(id)) return { id, name: here.get(id), side: "here" };
    if (there.has(id)) return { id, name: there.get(id), side: "there" };
    if (UNLISTED[id]) return { id, name: UNLISTED[id] };
    throw new Error(`No French name for ${id}`);
  };
  const pieces = topology.objects.all.geometries;
  const countries = pieces
    .filter(({ id }) => id !== FRANCE && !MERGED[id])
    .map(({ id }) => {
      const parts = pieces.filter((piece) => piece.id === id || MERGED[piece.id] === id);
      return { type: "Feature", id, properties: describe(id), geometry: topo.merge(topology, parts) };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return { countries: collection(countries), ...lines };
}

module.exports = { FRANCE, MERGED, buildWorld, codeOf, polygonsByCode };
