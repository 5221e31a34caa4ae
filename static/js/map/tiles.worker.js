/* Cuts the outlines into tiles outside the page's own thread, so that links are drawn first and drags stay smooth. */
"use strict";

const MAX_ZOOM = 12;
const FINE = ["outline", "coasts", "borders", "disputed", "divisions"]; // layers of the file of one country
const indexes = {};
const waiting = [];
const fine = new Map(); // promises of the indexes of a country seen from near; null without a file
const ready = new Map(); // what they became
let near = { url: "", from: Infinity };
let isReady = false;

self.onmessage = ({ data }) => {
  if (data.sources) start(data);
  else if (isReady) answer(data);
  else waiting.push(data);
};

async function start({ scripts, sources, countries }) {
  if (countries?.url) near = countries;
  importScripts(...scripts);
  await Promise.allSettled(sources.map(load));
  isReady = true;
  waiting.splice(0).forEach(answer);
}

async function fetchTopology(url) {
  const response = await fetch(url);
  return response.ok ? response.json() : null;
}

const indexOf = (shapes) => geojsonvt(shapes, { maxZoom: MAX_ZOOM, indexMaxZoom: 0, tolerance: 3, buffer: 32 });

async function load({ url, layers }) {
  const topology = await fetchTopology(url);
  for (const layer of topology ? layers : []) indexes[layer] = indexOf(topojson.feature(topology, topology.objects[layer]));
}

/** The finer outlines of a country, asked for once. */
function loadFine(id) {
  if (!fine.has(id)) {
    const loading = fetchTopology(near.url.replace("XX", id)).then((topology) => {
      const layer = (name) => [name, indexOf(topojson.feature(topology, topology.objects[name]))];
      return topology && Object.fromEntries(FINE.map(layer));
    });
    fine.set(id, loading.catch(() => null).then((found) => ready.set(id, found)));
  }
  return fine.get(id);
}

/** Countries of a tile and of those around it: a finer coast may go where the coarse one does not. */
function countriesAround({ z, x, y }) {
  const across = 2 ** z;
  const ids = new Set();
  for (const [dx, dy] of [[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1], [-1, -1], [-1, 1], [1, -1], [1, 1]]) {
    const tile = indexes.countries?.getTile(z, (x + dx + across) % across, y + dy);
    for (const { tags } of tile?.features ?? []) if (tags.side === "there") ids.add(tags.id);
  }
  return [...ids];
}

/** The lines and rings of a tile of an index, points aside. */
function linesOf(index, { z, x, y }, isWanted = () => true) {
  const features = index?.getTile(z, x, y)?.features ?? [];
  return features.filter((feature) => feature.type > 1 && isWanted(feature)).flatMap((feature) => feature.geometry);
}

/** Seen from near: countries by their own files, the others by the file of the world. */
async function nearLines(question) {
  const ids = countriesAround(question);
  await Promise.all(ids.map(loadFine));
  const own = ids.map((id) => ready.get(id)).filter(Boolean);
  const isCoarse = ({ tags }) => !ready.get(tags.id);
  const coarse = linesOf(indexes.countries, question, isCoarse);
  const ofOwn = (layer) => own.flatMap((country) => linesOf(country[layer], question));
  const borders = ofOwn("borders");
  const disputed = ofOwn("disputed");
  return {
    seam: [...linesOf(indexes.seam, question), ...borders, ...disputed],
    countries: [...coarse, ...ofOwn("outline")],
    coasts: [...coarse, ...ofOwn("coasts")],
    borders,
    disputed: coarse.length ? [...disputed, ...linesOf(indexes.disputed, question)] : disputed,
    divisions: ofOwn("divisions"),
  };
}

/* One run of numbers per layer: how many points, then their coordinates; typed arrays travel without a copy. */
async function answer(question) {
  const drawn = question.z >= near.from ? await nearLines(question) : {};
  const pieces = {};
  for (const layer of question.layers) {
    const lines = drawn[layer] ?? linesOf(indexes[layer], question);
    if (lines.length) pieces[layer] = numbersOf(lines);
  }
  self.postMessage({ id: question.id, pieces }, Object.values(pieces).map((numbers) => numbers.buffer));
}

function numbersOf(lines) {
  const numbers = new Int16Array(lines.reduce((length, line) => length + 1 + 2 * line.length, 0));
  let at = 0;
  for (const line of lines) {
    numbers[at++] = line.length;
    for (const [px, py] of line) {
      numbers[at++] = px;
      numbers[at++] = py;
    }
  }
  return numbers;
}
