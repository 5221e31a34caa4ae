/* What lies under the marks: names of the base map, a ribbon between the two sides, a name beside each place. */

import { bundleRibbons, pointAt } from "../map/curves.js";
import { paintGroundNames } from "../map/ground-labels.js";
import { Labels } from "../map/labels.js";
import { worldX, worldY } from "../map/mercator.js";
import { paintRibbon } from "../map/paint.js";
import { pixelRatio, sideColour, token } from "../map/theme.js";
import { shortName } from "../map/words.js";
import { reachOf } from "./marks.js";

/** @typedef {import("../map/types.d.ts").GroundLabel} GroundLabel */
/** @typedef {import("../map/types.d.ts").PixelBox} PixelBox */
/** @typedef {import("../map/types.d.ts").PixelView} PixelView */
/** @typedef {import("./types.d.ts").Drawn} Drawn */
/** @typedef {import("./types.d.ts").Place} Place */
/** @typedef {import("./types.d.ts").Drawing} Drawing */
/** @typedef {{x: number, y: number, r: number, isHere: boolean, box: PixelBox, point: Place}} Spot a place in pixels */

const MARGIN = 60; // pixels drawn beyond the edge, for a drag
const WIDTH = 3; // pixels, of a ribbon of one initiative
const THIN = 1.75; // the same, among many
const WIDEST = 8;
const CROWD = 12;
const LEADER = 60;
const CENTRE = 5; // radius

/**
 * The layer of a map. It is made once Leaflet has come, which may be after this module.
 * @param {() => Drawn} read what there is to draw
 * @returns {Drawing}
 */
export function drawingLayer(read) {
  return new (class extends L.Layer {
    /** @type {GroundLabel[]} */
    ground = [];
    canvas = /** @type {HTMLCanvasElement} */ (L.DomUtil.create("canvas", "places__drawing"));

    /** @param {L.Map} map */
    onAdd(map) {
      const pane = map.createPane("drawing");
      Object.assign(pane.style, { zIndex: "410", pointerEvents: "none" });
      pane.append(this.canvas);
      map.on("moveend resize", this.draw, this);
      // Names would be at the wrong place while two fingers change the scale.
      map.on("zoomstart", () => (this.canvas.width = 0));
      return this;
    }

    /** @param {GroundLabel[]} labels */
    setGround(labels) {
      this.ground = labels;
      this.draw();
    }

    draw() {
      const map = /** @type {(L.Map & {_loaded?: boolean})|undefined} */ (this._map);
      if (map?._loaded) paint(this.canvas, map, read(), this.ground);
    }
  })();
}

/**
 * The canvas over a map, and what is written on it.
 * @param {HTMLCanvasElement} canvas
 * @param {L.Map} map
 * @param {Drawn} drawn
 * @param {GroundLabel[]} ground
 */
function paint(canvas, map, { points, links, from }, ground) {
  const view = viewOf(map);
  const context = placed(canvas, map, view);
  const spots = [...points, ...(from ? [from] : [])].map((point) => spotOf(point, view));
  const ribbons = paintLinks(context, spots, links);
  if (from) paintWay(context, spots);
  const labels = new Labels(context, view.width, view.height, controls(map));
  for (const { box } of spots) labels.take(box);
  for (const { curve } of ribbons) boxesAlong(curve).forEach((box) => labels.take(box));
  const taken = new Set();
  for (const spot of spots) {
    const text = shortName(spot.point.name);
    if (!text) continue;
    taken.add(spot.point.name);
    labels.name(spot, { text, colour: sideColour(spot.isHere), radius: spot.r, own: spot.box, leader: LEADER });
  }
  paintGroundNames(labels, ground, view, taken);
}

/**
 * @param {L.Map} map
 * @returns {PixelView}
 */
function viewOf(map) {
  const { x: width, y: height } = map.getSize();
  const origin = map.getPixelOrigin().add(map.containerPointToLayerPoint([0, 0]));
  const zoom = map.getZoom();
  return { width, height, zoom, size: 256 * 2 ** zoom, left: origin.x, top: origin.y };
}

/**
 * The canvas over the view and its margin; one unit is a pixel of the view, and what is written stays in it.
 * @param {HTMLCanvasElement} canvas
 * @param {L.Map} map
 * @param {PixelView} view
 */
function placed(canvas, map, view) {
  const ratio = pixelRatio();
  const [width, height] = [view.width + 2 * MARGIN, view.height + 2 * MARGIN];
  Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([-MARGIN, -MARGIN]));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(ratio, ratio);
  context.translate(MARGIN, MARGIN);
  return context;
}

/**
 * @param {Place} point
 * @param {PixelView} view
 * @returns {Spot}
 */
function spotOf(point, view) {
  const x = worldX(point.lon) * view.size - view.left;
  const y = worldY(point.lat) * view.size - view.top;
  const r = reachOf(point);
  return { x, y, r, isHere: point.side === "here", box: [x - r, y - r, x + r, y + r], point };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Spot[]} symbols
 * @param {Drawn["links"]} links
 */
function paintLinks(context, symbols, links) {
  const most = Math.max(...links.map(([, , count]) => count), 1);
  const ribbons = links.map(([here, there, count]) => {
    const width = Math.max(links.length > CROWD ? THIN : WIDTH, (WIDEST * count) / Math.max(most, WIDEST));
    return { here: symbols[here], there: symbols[there], count, width };
  });
  const drawn = ribbons.length ? bundleRibbons(ribbons) : [];
  for (const ribbon of drawn) paintRibbon(context, ribbon, { isLit: true, alpha: 0.85 });
  return drawn;
}

/** Small boxes on a ribbon, which names leave free. @param {import("../map/types.d.ts").Curve} curve */
function boxesAlong(curve) {
  /** @type {PixelBox[]} */
  const boxes = [];
  for (let t = 0.04; t < 1; t += 0.04) {
    const [x, y] = pointAt(curve, t);
    boxes.push([x - WIDTH, y - WIDTH, x + WIDTH, y + WIDTH]);
  }
  return boxes;
}

/**
 * From the middle of the territory, ringed, to the pin that left it; they are the last two.
 * @param {CanvasRenderingContext2D} context
 * @param {Spot[]} symbols
 */
function paintWay(context, symbols) {
  const [pin, from] = symbols.slice(-2);
  context.beginPath();
  context.setLineDash([2, 5]);
  context.moveTo(from.x, from.y);
  context.lineTo(pin.x, pin.y);
  Object.assign(context, { lineCap: "round", lineWidth: 2, strokeStyle: sideColour(pin.isHere) });
  context.stroke();
  context.setLineDash([]);
  context.beginPath();
  context.arc(from.x, from.y, CENTRE, 0, 2 * Math.PI);
  context.fillStyle = token("--map-halo");
  context.fill();
  context.stroke();
}

/**
 * Boxes of the buttons over the map: no name is written under them.
 * @param {L.Map} map
 * @returns {PixelBox[]}
 */
function controls(map) {
  const stage = map.getContainer().getBoundingClientRect();
  return [...map.getContainer().querySelectorAll(".leaflet-control")]
    .map((one) => one.getBoundingClientRect())
    .map((box) => [box.left - stage.left, box.top - stage.top, box.right - stage.left, box.bottom - stage.top]);
}
