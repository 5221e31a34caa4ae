/* The base map: outlines cut into tiles by a worker, painted here; or the tiles of another host, by a setting. */

import { pixelRatio, token } from "./theme.js";

/**
 * How a layer of the outlines is painted: tokens of colours, width and dashes in pixels.
 * @typedef {{layer: string, fill?: string, line?: string, width?: number, dash?: number[]}} Stroke
 */
/** @typedef {Record<string, Int16Array>} Pieces runs of a tile by layer: how many points, then their coordinates */
/** @typedef {{z: number, x: number, y: number, layers: string[]}} Question */
/**
 * Addresses; `far` is the light world of the first view, `countries` that of the finer outlines of one country, whose
 * two letters replace XX.
 * @typedef {{worker: string, topojson: string, geojsonVt: string, world: string, france: string, far?: string, countries?: string}} Addresses
 */

/**
 * The ground of a map. Ours can be painted finer, tile by tile: `finer(canvas, ratio)` gives that of a tile on the map.
 * @typedef {L.GridLayer & {finer?: (tile: Element, ratio: number) => Promise<HTMLCanvasElement|null>}} Ground
 */

const EXTENT = 4096; // units of a tile as geojson-vt gives them
const TILE = 256;
const DIVISIONS_FROM = 7;
const BORDERS_FROM = 3;
const OWN_ATTRIBUTION = "Natural Earth, GeoNames, IGN, INSEE";

/**
 * What is painted at a zoom, in this order.
 * @param {number} zoom
 * @returns {Stroke[]}
 */
function strokesAt(zoom) {
  const isFar = zoom < 5;
  const isClose = zoom >= DIVISIONS_FROM;
  /** @type {Stroke[]} */
  const lines = [
    { layer: "borders", line: "--map-border", width: isFar ? 0.7 : isClose ? 1.4 : 1 },
    { layer: "disputed", line: "--map-disputed", width: isFar ? 1 : 1.3, dash: [4, 3] },
  ];
  /** @type {Stroke[]} */
  const inner = [
    { layer: "divisions", line: "--map-border", width: 0.8 },
    { layer: "departements", line: "--map-france-line", width: 0.7 },
  ];
  return [
    // Files of different fineness do not meet: what lies between them along a boundary is land.
    { layer: "seam", line: "--map-land", width: isClose ? 6 : 4 },
    { layer: "countries", fill: "--map-land" },
    { layer: "regions", fill: "--map-france" },
    ...(isClose ? inner : []),
    ...(zoom >= BORDERS_FROM ? lines : []),
    { layer: "coasts", line: "--map-coast", width: isFar ? 0.6 : 0.9 },
    { layer: "regions", line: "--map-france-line", width: isFar ? 0.6 : zoom < 8 ? 1.1 : 1.5 },
  ];
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Pieces} pieces
 * @param {number} zoom
 * @param {number} ratio
 */
function paintTile(canvas, pieces, zoom, ratio) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const scale = (TILE * ratio) / EXTENT;
  context.lineJoin = "round";
  for (const { layer, fill, line = "", width = 1, dash = [] } of strokesAt(zoom)) {
    const numbers = pieces[layer];
    if (!numbers) continue;
    tracePieces(context, numbers, scale, Boolean(fill));
    if (fill) {
      context.fillStyle = token(fill);
      context.fill("nonzero"); // two finer lands may overlap a little; holes turn the other way
      continue;
    }
    context.strokeStyle = token(line);
    context.lineWidth = width * ratio;
    context.setLineDash(dash.map((length) => length * ratio));
    context.stroke();
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Int16Array} numbers
 * @param {number} scale
 * @param {boolean} isClosed
 */
function tracePieces(context, numbers, scale, isClosed) {
  context.beginPath();
  for (let i = 0; i < numbers.length; ) {
    const end = i + 1 + 2 * numbers[i];
    context.moveTo(numbers[i + 1] * scale, numbers[i + 2] * scale);
    for (i += 3; i < end; i += 2) context.lineTo(numbers[i] * scale, numbers[i + 1] * scale);
    if (isClosed) context.closePath();
  }
}

/**
 * One worker reads the outlines, whatever the number of maps of a page.
 * @type {((question: Question, receive: (pieces: Pieces) => void) => void)|null}
 */
let cutter = null;

/**
 * @param {Addresses} addresses
 * @returns {(question: Question, receive: (pieces: Pieces) => void) => void}
 */
function startCutter(addresses) {
  /** @type {Map<number, (pieces: Pieces) => void>} */
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
    // Seen from afar, one light file is enough; seen from near, each country is drawn by its own.
    far: { url: addresses.far, to: BORDERS_FROM, layers: ["countries", "regions", "coasts", "borders", "disputed"] },
    near: { url: addresses.countries, from: DIVISIONS_FROM },
  });
  return (question, receive) => {
    const id = (next += 1);
    waiting.set(id, receive);
    worker.postMessage({ id, ...question });
  };
}

/**
 * The raster tiles that the site has chosen, already on the map; else nothing.
 * @param {L.Map} map
 * @returns {L.TileLayer|null}
 */
function tilesOf(map) {
  /** @type {L.TileLayer|null} */
  let found = null;
  map.eachLayer((layer) => {
    if (layer instanceof L.TileLayer) found = layer;
  });
  return found;
}

/**
 * Whether the ground of a map is that of another host, which has its own names.
 * @param {L.Map} map
 */
export const hasTiles = (map) => tilesOf(map) !== null;

/**
 * The ground of a map: the tiles that are on it already, or our outlines.
 * @param {L.Map} map
 * @param {Addresses} addresses
 * @returns {Ground}
 */
export function groundLayer(map, addresses) {
  return tilesOf(map) ?? baseLayer(addresses);
}

/**
 * A tile, painted once its lines have come.
 * @param {(question: Question, receive: (pieces: Pieces) => void) => void} cut
 * @param {{x: number, y: number, z: number}} coords
 * @param {number} ratio
 * @param {(canvas: HTMLCanvasElement) => void} done
 */
function makeTile(cut, { x, y, z }, ratio, done) {
  const canvas = /** @type {HTMLCanvasElement} */ (L.DomUtil.create("canvas", "leaflet-tile"));
  canvas.width = canvas.height = TILE * ratio;
  const across = 2 ** z;
  if (y < 0 || y >= across) {
    setTimeout(() => done(canvas));
    return canvas;
  }
  const layers = [...new Set(strokesAt(z).map((stroke) => stroke.layer))];
  cut({ z, x: ((x % across) + across) % across, y, layers }, (pieces) => {
    paintTile(canvas, pieces, z, ratio);
    done(canvas);
  });
  return canvas;
}

/**
 * Our outlines.
 * @param {Addresses} addresses
 * @returns {Ground}
 */
function baseLayer(addresses) {
  const cut = (cutter ??= startCutter(addresses));
  const Base = /** @type {any} */ (L.GridLayer).extend({
    /**
     * @param {L.Coords} coords
     * @param {L.DoneCallback} done
     */
    createTile(coords, done) {
      return makeTile(cut, coords, pixelRatio(), (canvas) => done(undefined, canvas));
    },

    /**
     * @param {Element} tile
     * @param {number} ratio
     * @returns {Promise<HTMLCanvasElement|null>}
     */
    async finer(tile, ratio) {
      const tiles = /** @type {{el: Element, coords: L.Coords}[]} */ (Object.values(this._tiles));
      const known = tiles.find(({ el }) => el === tile);
      return known ? new Promise((resolve) => makeTile(cut, known.coords, ratio, resolve)) : null;
    },
  });
  return new Base({ pane: "tilePane", updateWhenZooming: false, keepBuffer: 2, attribution: OWN_ATTRIBUTION });
}
