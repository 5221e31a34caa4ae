/* Cuts the outlines into tiles outside the page's own thread, so that links are drawn first and drags stay smooth. */
"use strict";

const MAX_ZOOM = 12;
const indexes = {};
const waiting = [];
let isReady = false;

self.onmessage = ({ data }) => {
  if (data.sources) start(data);
  else if (isReady) answer(data);
  else waiting.push(data);
};

async function start({ scripts, sources }) {
  importScripts(...scripts);
  await Promise.allSettled(sources.map(load));
  isReady = true;
  waiting.splice(0).forEach(answer);
}

async function load({ url, layers }) {
  const response = await fetch(url);
  if (!response.ok) return;
  const topology = await response.json();
  for (const layer of layers) {
    const shapes = topojson.feature(topology, topology.objects[layer]);
    indexes[layer] = geojsonvt(shapes, { maxZoom: MAX_ZOOM, indexMaxZoom: 0, tolerance: 3, buffer: 32 });
  }
}

/* One run of numbers per layer: how many points, then their coordinates; typed arrays travel without a copy. */
function answer({ id, z, x, y, layers }) {
  const pieces = {};
  for (const layer of layers) {
    const tile = indexes[layer]?.getTile(z, x, y);
    if (!tile) continue;
    const rings = tile.features.flatMap((feature) => (feature.type > 1 ? feature.geometry : []));
    const numbers = new Int16Array(rings.reduce((length, ring) => length + 1 + 2 * ring.length, 0));
    let at = 0;
    for (const ring of rings) {
      numbers[at++] = ring.length;
      for (const [px, py] of ring) {
        numbers[at++] = px;
        numbers[at++] = py;
      }
    }
    pieces[layer] = numbers;
  }
  self.postMessage({ id, pieces }, Object.values(pieces).map((numbers) => numbers.buffer));
}
