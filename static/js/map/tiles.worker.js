/* Cuts the outlines into tiles outside the page's own thread, so that links are drawn first and drags stay smooth. */
"use strict";

const MAX_ZOOM = 12;
const FINE = ["outline", "coasts", "borders", "disputed", "divisions"]; // layers of the file of one country
const indexes = {};
const farIndexes = {};
const fine = new Map(); // promises of the indexes of a country seen from near; null without a file
const ready = new Map(); // what they became
let near = { url: "", from: Infinity };
let far = { url: "", to: -Infinity };
let loadWorld = null; // asks for the outlines, once
let loadFar = null;

self.onmessage = ({ data }) => {
  if (data.sources) start(data);
  else answer(data);
};

function start({ scripts, sources, far: light, near: close }) {
  importScripts(...scripts);
  if (close.url) near = close;
  if (light.url) far = light;
  loadFar = once(() => load(far, farIndexes));
  loadWorld = once(() => Promise.allSettled(sources.map((source) => load(source, indexes))));
}

function once(work) {
  let promise = null;
  return () => (promise ??= work());
}

async function fetchTopology(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

const indexOf = (shapes) => geojsonvt(shapes, { maxZoom: MAX_ZOOM, indexMaxZoom: 0, tolerance: 3, buffer: 32 });

async function load({ url, layers }, target) {
  const topology = await fetchTopology(url);
  for (const layer of layers) target[layer] = indexOf(topojson.feature(topology, topology.objects[layer]));
}

/** The finer outlines of a country, asked for once. */
function loadFine(id) {
  if (!fine.has(id)) {
    const loading = fetchTopology(near.url.replace("XX", id)).then((topology) => {
      const layer = (name) => [name, indexOf(topojson.feature(topology, topology.objects[name]))];
      return Object.fromEntries(FINE.map(layer));
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

/** The lines of a tile by layer; without the light file, the others do. */
async function linesAt(question) {
  const isFar = question.z <= far.to && (await loadFar().then(() => true, () => false));
  if (!isFar) await loadWorld();
  const known = isFar ? farIndexes : indexes;
  const lines = Object.fromEntries(question.layers.map((layer) => [layer, linesOf(known[layer], question)]));
  // Some territories of France are in the file of the world.
  if (!isFar) lines.regions.push(...linesOf(indexes.countries, question, ({ tags }) => tags.side === "here"));
  return question.z >= near.from ? { ...lines, ...(await nearLines(question)) } : lines;
}

/* One run of numbers per layer: how many points, then their coordinates; typed arrays travel without a copy. */
async function answer(question) {
  const drawn = await linesAt(question);
  const pieces = {};
  for (const layer of question.layers) if (drawn[layer]?.length) pieces[layer] = numbersOf(drawn[layer]);
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
