/* Names of the base map: countries, seas, regions, départements, towns. They give way to everything else. */

import { hasTiles } from "./base-layer.js";
import { worldX, worldY } from "./mercator.js";
import { textFont, token } from "./theme.js";

/** @typedef {import("./labels.js").Labels} Labels */
/** @typedef {import("./types.d.ts").GroundLabel} GroundLabel */
/** @typedef {import("./types.d.ts").PixelBox} PixelBox */
/** @typedef {{width: number, height: number, zoom: number, size: number, left: number, top: number}} View pixels; `size` is the width of the world */

/** Zooms between which a kind of name may be written, the most useful kinds first; nothing is under 12 pixels. */
const KINDS = new Map([
  ["country", { from: 3, to: 9, size: 14, weight: 550 }],
  ["sea", { from: 2, to: 20, size: 13.5, weight: 400 }],
  ["region", { from: 3.5, to: 8.5, size: 13.5, weight: 550 }],
  ["town", { from: 5.5, to: 20, size: 12.5, weight: 450 }],
  ["departement", { from: 7.5, to: 20, size: 13, weight: 550 }],
]);
const ORDER = [...KINDS.keys()];
const TOWNS_FROM = 5.5; // zoom from which the file of towns is asked for
const DOT = 2.2; // radius of the mark of a town
const TALL = 16; // pixels of a name of a town
const AIR = 4;

/**
 * Whether a name is written at a zoom, if there is room.
 * @param {GroundLabel} label
 * @param {number} zoom
 */
export function isShown({ kind, min_zoom: from }, zoom) {
  const range = KINDS.get(kind);
  if (!range) return false;
  return zoom >= Math.max(range.from, kind === "sea" ? from - 0.25 : from) && zoom < range.to;
}

/**
 * Names in the order in which they take room: by kind, then those that are written from farthest.
 * @param {GroundLabel[]} labels
 */
export function byPriority(labels) {
  const rank = (/** @type {GroundLabel} */ { kind }) => ORDER.indexOf(kind);
  return labels.toSorted((a, b) => rank(a) - rank(b) || a.min_zoom - b.min_zoom);
}

/**
 * Ask for the names, and for those of towns once the map is close enough; `receive` gets all that is known each time.
 * Tiles of another host have their own names: then nothing is asked.
 * @param {L.Map} map
 * @param {{labelsUrl: string, townsUrl?: string}} addresses
 * @param {(labels: GroundLabel[]) => void} receive
 */
export function watchGroundNames(map, { labelsUrl, townsUrl }, receive) {
  if (hasTiles(map)) return;
  /** @type {GroundLabel[]} */
  let known = [];
  const add = async (/** @type {string} */ address, /** @type {string} */ kind) => {
    const answer = await fetch(address);
    if (!answer.ok) return;
    /** @type {GroundLabel[]} */
    const rows = await answer.json();
    known = byPriority([...known, ...rows.map((row) => ({ ...row, kind: row.kind ?? kind }))]);
    receive(known);
  };
  const ignore = () => {}; // names are a help, not the subject
  add(labelsUrl, "country").catch(ignore);
  if (!townsUrl) return;
  const addTowns = () => {
    if (map.getZoom() < TOWNS_FROM) return;
    map.off("zoomend", addTowns);
    add(townsUrl, "town").catch(ignore);
  };
  map.on("zoomend", addTowns);
  addTowns();
}

/**
 * Write what fits; `taken` holds the names already written beside a symbol.
 * @param {Labels} labels
 * @param {GroundLabel[]} all in the order of byPriority
 * @param {View} view
 * @param {Set<string>} taken
 */
export function paintGroundNames(labels, all, view, taken) {
  const first = Math.floor(view.left / view.size);
  const last = (view.left + view.width) / view.size;
  for (const label of all) {
    if (!isShown(label, view.zoom) || taken.has(label.name)) continue;
    const y = worldY(label.lat) * view.size - view.top;
    if (y < 0 || y > view.height) continue;
    for (let turn = first; turn <= last; turn += 1) {
      const x = (worldX(label.lon) + turn) * view.size - view.left;
      if (x > 0 && x < view.width) paintName(labels, label, x, y);
    }
  }
}

/**
 * @param {Labels} labels
 * @param {GroundLabel} label
 * @param {number} x
 * @param {number} y
 */
function paintName(labels, { kind, name }, x, y) {
  const { size, weight } = /** @type {{size: number, weight: number}} */ (KINDS.get(kind));
  const font = textFont(size, weight); // no italics for the seas: their file would be asked for by every visitor
  const colour = token(kind === "sea" ? "--map-sea-name" : "--map-ground-name");
  if (kind === "town") paintTown(labels, name, x, y, font, colour);
  else labels.ground(name, x, y, { font, colour, halo: kind === "sea" ? 0 : 3 });
}

/**
 * A dot where the town is, its name on one side of it; neither without the other.
 * @param {Labels} labels
 * @param {string} name
 * @param {number} x
 * @param {number} y
 * @param {string} font
 * @param {string} colour
 */
function paintTown(labels, name, x, y, font, colour) {
  const isFree = (/** @type {PixelBox} */ box) => labels.isFree(box) && !labels.cover.share(box);
  /** @type {PixelBox} */
  const dot = [x - DOT - 2, y - DOT - 2, x + DOT + 2, y + DOT + 2];
  if (!isFree(dot)) return;
  const width = labels.widthOf(name, font);
  const spots = [
    [x + DOT + AIR, y - TALL / 2],
    [x - DOT - AIR - width, y - TALL / 2],
    [x - width / 2, y - DOT - TALL - 1],
    [x - width / 2, y + DOT + 2],
  ];
  for (const [left, top] of spots) {
    /** @type {PixelBox} */
    const box = [left - 2, top, left + width + 2, top + TALL];
    if (!isFree(box)) continue;
    labels.take(dot);
    labels.take(box);
    paintDot(labels.context, x, y, colour);
    labels.paint(name, left, top + TALL / 2, font, colour, 3);
    return;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {string} colour
 */
function paintDot(context, x, y, colour) {
  context.beginPath();
  context.arc(x, y, DOT, 0, 2 * Math.PI);
  Object.assign(context, { fillStyle: colour, strokeStyle: token("--map-halo"), lineWidth: 2 });
  context.stroke();
  context.fill();
}
