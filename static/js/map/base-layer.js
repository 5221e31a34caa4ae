// @ts-nocheck
/* The base map: outlines cut into tiles by a worker, painted here. No tile server, no other host. */

import { pixelRatio, token } from "./theme.js";

const EXTENT = 4096; // units of a tile as geojson-vt gives them
const TILE = 256;
const DEPARTEMENTS_FROM = 7;
const BORDERS_FROM = 3;

/* What is painted at a zoom, in this order. `fill` and `line` are tokens; widths are in pixels. */
function strokesAt(zoom) {
  const isFar = zoom < 5;
  const strokes = [
    // France comes from a finer file: its seam with the neighbours is closed first, under both.
    { layer: "seam", line: "--map-land", width: 4 },
    { layer: "countries", fill: "--map-land" },
    { layer: "regions", fill: "--map-france" },
    { layer: "coasts", line: "--map-coast", width: isFar ? 0.6 : 0.9 },
    { layer: "regions", line: "--map-france-line", width: isFar ? 0.6 : zoom < 8 ? 1.1 : 1.5 },
  ];
  if (zoom >= BORDERS_FROM) {
    strokes.splice(3, 0, { layer: "borders", line: "--map-border", width: isFar ? 0.7 : 1 });
    strokes.splice(4, 0, { layer: "disputed", line: "--map-disputed", width: isFar ? 1 : 1.2, dash: [3, 3] });
  }
  if (zoom >= DEPARTEMENTS_FROM) {
    strokes.push({ layer: "departements", line: "--map-france-line", width: 0.7 });
  }
  return strokes;
}

function paintTile(canvas, pieces, zoom, ratio) {
  const context = canvas.getContext("2d");
  const scale = (TILE * ratio) / EXTENT;
  context.lineJoin = "round";
  for (const { layer, fill, line, width, dash = [] } of strokesAt(zoom)) {
    const numbers = pieces[layer];
    if (!numbers) continue;
    tracePieces(context, numbers, scale, Boolean(fill));
    if (fill) {
      context.fillStyle = token(fill);
      context.fill("evenodd");
      continue;
    }
    context.strokeStyle = token(line);
    context.lineWidth = width * ratio;
    context.setLineDash(dash.map((length) => length * ratio));
    context.stroke();
  }
}

/* Numbers are runs: how many points, then their coordinates. */
function tracePieces(context, numbers, scale, isClosed) {
  context.beginPath();
  for (let i = 0; i < numbers.length; ) {
    const end = i + 1 + 2 * numbers[i];
    context.moveTo(numbers[i + 1] * scale, numbers[i + 2] * scale);
    for (i += 3; i < end; i += 2) context.lineTo(numbers[i] * scale, numbers[i + 1] * scale);
    if (isClosed) context.closePath();
  }
}

/** One worker reads the outlines, whatever the number of maps of a page. */
let cutter = null;

function startCutter(addresses) {
  const waiting = new Map();
  let next = 0;
  const worker = new Worker(addresses.worker);
  worker.onmessage = ({ data }) => {
    waiting.get(data.id)?.(data.pieces);
    waiting.delete(data.id);
  };
  worker.postMessage({
    scripts: [addresses.topojson, addresses.geojsonVt],
    sources: [
      { url: addresses.world, layers: ["seam", "countries", "coasts", "borders", "disputed"] },
      { url: addresses.france, layers: ["regions", "departements"] },
    ],
  });
  return (question, receive) => {
    const id = (next += 1);
    waiting.set(id, receive);
    worker.postMessage({ id, ...question });
  };
}

/** The Leaflet layer; options: worker, topojson, geojsonVt, world, france (addresses). */
export function baseLayer(addresses) {
  cutter ??= startCutter(addresses);
  const Base = L.GridLayer.extend({
    createTile({ x, y, z }, done) {
      const ratio = pixelRatio();
      const canvas = L.DomUtil.create("canvas", "leaflet-tile");
      canvas.width = canvas.height = TILE * ratio;
      const across = 2 ** z;
      if (y < 0 || y >= across) {
        setTimeout(() => done(null, canvas));
        return canvas;
      }
      const layers = [...new Set(strokesAt(z).map((stroke) => stroke.layer))];
      cutter({ z, x: ((x % across) + across) % across, y, layers }, (pieces) => {
        paintTile(canvas, pieces, z, ratio);
        done(null, canvas);
      });
      return canvas;
    },
  });
  const attribution = "Natural Earth, GeoNames, IGN, INSEE";
  return new Base({ pane: "tilePane", updateWhenZooming: false, keepBuffer: 2, attribution });
}
