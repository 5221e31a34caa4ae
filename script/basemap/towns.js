/* Large towns written on the map from some zoom on: the closer, the smaller. */
"use strict";

const CLOSE = 92; // pixels between two names, across
const TALL = 34; // pixels between two names, down
const STEP = 0.5; // of zoom
const FARTHEST = 5.5;
const CLOSEST = 9.5;
// People from which a town may be written at a zoom, abroad and here.
const PEOPLE = [
  [5.5, 800_000, 180_000],
  [6, 300_000, 90_000],
  [6.5, 150_000, 60_000],
  [7, 150_000, 35_000],
  [7.5, 120_000, 22_000],
  [8, 120_000, 12_000],
];
const LEAST_HEAD = 30_000; // people in the largest town of a division for it to be written when it is smaller

const project = ({ lon, lat }) => {
  const sine = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
};

/** The zoom from which a town is large enough, or nothing. */
function zoomOfSize(town, isHead) {
  const isHere = town.country === "FR";
  const row = PEOPLE.find(([, there, here]) => town.people >= (isHere ? here : there));
  if (isHere && town.isChefLieu) return Math.min(row?.[0] ?? 6.5, 6.5);
  if (isHead && town.people >= LEAST_HEAD) return Math.min(row?.[0] ?? 7, 7);
  return row?.[0] ?? null;
}

/** Names that never touch each other at the zoom from which they are written; largest first. */
function buildTowns(towns) {
  const heads = new Set();
  const wanted = [];
  for (const town of towns) {
    const isHead = town.key && !heads.has(`${town.country} ${town.key}`);
    if (isHead) heads.add(`${town.country} ${town.key}`);
    const from = zoomOfSize(town, isHead);
    if (from !== null) wanted.push({ ...town, from, at: project(town) });
  }
  const written = [];
  for (let zoom = FARTHEST; zoom <= CLOSEST; zoom += STEP) {
    const size = 256 * 2 ** zoom;
    const cells = new Map();
    const cellOf = ([x, y]) => [Math.floor((x * size) / CLOSE), Math.floor((y * size) / TALL)];
    const put = (town) => {
      const [i, j] = cellOf(town.at);
      const cell = `${i} ${j}`;
      cells.set(cell, [...(cells.get(cell) ?? []), town]);
    };
    const isFree = ({ at }) => {
      const [i, j] = cellOf(at);
      for (let dx = -1; dx <= 1; dx += 1) {
        for (let dy = -1; dy <= 1; dy += 1) {
          for (const other of cells.get(`${i + dx} ${j + dy}`) ?? []) {
            const [across, down] = [Math.abs(other.at[0] - at[0]) * size, Math.abs(other.at[1] - at[1]) * size];
            if (across < CLOSE && down < TALL) return false;
          }
        }
      }
      return true;
    };
    written.forEach(put);
    for (const town of wanted) {
      if (town.from > zoom || town.zoom || !isFree(town)) continue;
      town.zoom = zoom;
      written.push(town);
      put(town);
    }
  }
  return written.map(({ name, lon, lat, zoom }) => ({
    name,
    lon: Math.round(lon * 1000) / 1000,
    lat: Math.round(lat * 1000) / 1000,
    min_zoom: zoom,
  }));
}

module.exports = { buildTowns };
