/* Names of the base map: countries, régions, seas. */
"use strict";

const { readTable } = require("./sources.js");
const { widthAt } = require("./shapes.js");
const { FRANCE } = require("./world.js");

// Seas and oceans: name, longitude, latitude, zoom from which it is written.
const SEAS = [
  ["Océan Atlantique Nord", -40, 30, 2],
  ["Océan Atlantique Sud", -15, -25, 2],
  ["Océan Pacifique Nord", -150, 25, 2],
  ["Océan Pacifique Sud", -120, -30, 2],
  ["Océan Indien", 78, -22, 2],
  ["Océan Arctique", -10, 80.5, 2],
  ["Océan Austral", 30, -58, 2],
  ["Mer Méditerranée", 18.5, 34.6, 3.5],
  ["Mer des Caraïbes", -75, 15, 3.5],
  ["Golfe du Mexique", -90, 25, 3.5],
  ["Golfe de Guinée", 3, 1.5, 3.5],
  ["Mer d’Arabie", 64, 14, 3.5],
  ["Golfe du Bengale", 88, 14, 3.5],
  ["Mer de Chine méridionale", 114, 13, 4],
  ["Mer des Philippines", 132, 20, 4],
  ["Mer de Tasman", 160, -38, 4],
  ["Mer de Corail", 156, -16, 4],
  ["Canal du Mozambique", 41, -18.5, 4],
  ["Mer du Nord", 3.2, 56.3, 4],
  ["Mer Baltique", 19.3, 57.2, 5],
  ["Mer Noire", 34.2, 43.3, 4],
  ["Mer Rouge", 38, 20.6, 4.5],
  ["Mer Caspienne", 50.8, 41.5, 4.5],
  ["Golfe de Gascogne", -4.6, 45.3, 4.5],
  ["Manche", -2.6, 49.9, 5.5],
  ["Mer Celtique", -8, 50.2, 5],
  ["Golfe du Lion", 4.1, 42.6, 6],
  ["Mer Tyrrhénienne", 12, 40, 5],
  ["Mer Adriatique", 15.8, 42.9, 5],
  ["Mer d’Oman", 59.5, 24.6, 5.5],
];

/** Zoom from which a name fits in a width: capitals of about 8 pixels, the world being 256 pixels wide at zoom 0. */
function zoomFor(name, width) {
  const zoom = width ? Math.log2((name.length * 8) / (256 * width)) : 7;
  return Math.round(Math.min(8, Math.max(2, zoom)) * 10) / 10;
}

const ALONE = 4; // zoom from which an island writes its name on the sea around it
const INNER = 5.25; // zoom from which the régions of the mainland are named

/** Codes of lands that touch no other. */
function islands(topo, world) {
  const topology = topo.topology({ countries: world.countries });
  const pieces = topology.objects.countries.geometries;
  const around = topo.neighbors(pieces);
  return new Set(pieces.filter((piece, i) => !around[i].length).map(({ id }) => id));
}

function buildLabels(world, topo, france) {
  const alone = islands(topo, world);
  const shapes = new Map(world.countries.features.map((feature) => [feature.id, feature.geometry]));
  const regions = topo.feature(france, france.objects.regions).features;
  for (const feature of regions) shapes.set(`r:${feature.id}`, feature.geometry);
  const label = (kind, id, row, shape) => {
    const [lon, lat] = [Number(row.lon), Number(row.lat)];
    const zoom = zoomFor(row.name, shape ? widthAt(shape, lat) : 0);
    const isFree = alone.has(id) || (kind === "region" && id !== "03" && row.zone !== "FX");
    const atLeast = kind === "region" && row.zone === "FX" ? INNER : 0;
    return { name: row.name, lon, lat, kind, id, min_zoom: Math.max(atLeast, isFree ? Math.min(zoom, ALONE) : zoom) };
  };
  const there = readTable("countries.csv").map((row) => label("country", row.iso2, row, shapes.get(row.iso2)));
  const collectivities = readTable("zones.csv")
    .filter((row) => row.country === row.code)
    .map((row) => label("region", row.code, row, shapes.get(row.country)));
  const own = readTable("regions.csv").map((row) => label("region", row.code, row, shapes.get(`r:${row.code}`)));
  const inner = topo.feature(france, france.objects.departements).features;
  const shapeOf = new Map(inner.map((feature) => [feature.properties.code, feature.geometry]));
  const departements = readTable("departements.csv")
    .filter((row) => row.region && row.code.length === 2)
    .map((row) => label("departement", row.code, row, shapeOf.get(row.code)));
  const mainland = { name: "France", lon: 2.5, lat: 46.7, kind: "country", id: FRANCE, min_zoom: 3 };
  const seas = SEAS.map(([name, lon, lat, zoom]) => ({
    name,
    lon,
    lat,
    kind: "sea",
    id: name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z]+/g, "-"),
    min_zoom: zoom,
  }));
  return [...there, mainland, ...own, ...departements, ...collectivities, ...seas].sort(
    (a, b) => a.min_zoom - b.min_zoom || (a.name < b.name ? -1 : 1),
  );
}

module.exports = { buildLabels };
