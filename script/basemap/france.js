/* France: départements, and the régions they make. */
"use strict";

const { readTable } = require("./sources.js");

const GRID = 1e5; // steps: 1.2 km at most for France and its overseas
// Names misspelt in the file of départements.
const MISSPELT = {
  "Haute-Rhin": "Haut-Rhin",
  "Meurhe-et-Moselle": "Meurthe-et-Moselle",
  "Seien-et-Marne": "Seine-et-Marne",
  "Guyane française": "Guyane",
};

const plain = (name) => name.replaceAll("’", "'");

function buildFrance({ topo, france }) {
  const byName = new Map(readTable("departements.csv").map((row) => [plain(row.name), row]));
  const departements = topo.feature(france, Object.values(france.objects)[0]);
  for (const feature of departements.features) {
    const row = byName.get(plain(MISSPELT[feature.properties.name] ?? feature.properties.name));
    if (!row?.region) throw new Error(`No code for ${feature.properties.name}`);
    feature.id = row.code;
    feature.properties = { code: row.code, name: row.name, region: row.region };
  }
  departements.features.sort((a, b) => (a.id < b.id ? -1 : 1));
  const topology = topo.topology({ departements }, GRID);
  const pieces = topology.objects.departements.geometries;
  topology.objects.regions = {
    type: "GeometryCollection",
    geometries: readTable("regions.csv").map(({ code, name }) => ({
      ...topo.mergeArcs(topology, pieces.filter((piece) => piece.properties.region === code)),
      id: code,
      properties: { code, name },
    })),
  };
  return topology;
}

module.exports = { buildFrance };
