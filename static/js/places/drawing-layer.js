/* What lies under the marks: names of the base map, a ribbon between the two sides, a name beside each place. */

import { bundleRibbons, pointAt } from "../map/curves.js";
import { paintGroundNames } from "../map/ground-labels.js";
import { Labels } from "../map/labels.js";
import { worldX, worldY } from "../map/mercator.js";
import { paintRibbon } from "../map/paint.js";
import { pixelRatio, sideColour, token } from "../map/theme.js";
import { shortName } from "../map/words.js";
import { reachOf } from "./marks.js";

const MARGIN = 60; // pixels drawn beyond the edge, for a drag
const WIDTH = 3; // pixels, of a ribbon of one initiative
const THIN = 1.75; // the same, among many
const WIDEST = 8;
const CROWD = 12;
const LEADER = 60;
const CENTRE = 5; // radius

/**
 * `read()` gives {points: with lon and lat in degrees, the pin last, links: [number of a point here, of one there, how
 * many initiatives], from: the middle of its territory when the pin left it, or null}.
 */
export function drawingLayer(read) {
  const Layer = L.Layer.extend({
    onAdd(map) {
      const pane = map.createPane("drawing");
      Object.assign(pane.style, { zIndex: 410, pointerEvents: "none" });
      this.canvas = L.DomUtil.create("canvas", "places__drawing", pane);
      this.ground = [];
      map.on({ moveend: this.draw, resize: this.draw, zoomstart: this.clear }, this);
    },

    setGround(labels) {
      this.ground = labels;
      this.draw();
    },

    /** Names would be at the wrong place while two fingers change the scale. */
    clear() {
      this.canvas.width = 0;
    },

    draw() {
      const map = this._map;
      if (!map?._loaded) return;
      const ratio = pixelRatio();
      const size = map.getSize();
      const [width, height] = [size.x + 2 * MARGIN, size.y + 2 * MARGIN];
      Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
      Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
      const corner = map.containerPointToLayerPoint([-MARGIN, -MARGIN]);
      L.DomUtil.setPosition(this.canvas, corner);
      const origin = map.getPixelOrigin().add(map.containerPointToLayerPoint([0, 0]));
      const zoom = map.getZoom();
      const view = { width: size.x, height: size.y, zoom, size: 256 * 2 ** zoom, left: origin.x, top: origin.y };
      const context = this.canvas.getContext("2d");
      context.scale(ratio, ratio);
      context.translate(MARGIN, MARGIN); // pixels of the view; what is written stays in it
      this.paint(context, view);
    },

    paint(context, view) {
      const { points, links, from } = read();
      const symbols = [...points, ...(from ? [from] : [])].map((point) => ({
        x: worldX(point.lon) * view.size - view.left,
        y: worldY(point.lat) * view.size - view.top,
        r: reachOf(point),
        isHere: point.side === "here",
        point,
      }));
      const ribbons = paintLinks(context, symbols, links);
      if (from) paintWay(context, symbols);
      const labels = new Labels(context, view.width, view.height, controls(this._map));
      for (const symbol of symbols) {
        symbol.box = [symbol.x - symbol.r, symbol.y - symbol.r, symbol.x + symbol.r, symbol.y + symbol.r];
        labels.take(symbol.box);
      }
      for (const { curve } of ribbons) boxesAlong(curve).forEach((box) => labels.take(box));
      const taken = new Set();
      for (const symbol of symbols) {
        const text = shortName(symbol.point.name);
        if (!text) continue;
        taken.add(symbol.point.name);
        labels.name(symbol, { text, colour: sideColour(symbol.isHere), radius: symbol.r, own: symbol.box, leader: LEADER });
      }
      paintGroundNames(labels, this.ground, view, taken);
    },
  });
  return new Layer();
}

function paintLinks(context, symbols, links) {
  const most = Math.max(...links.map(([, , count]) => count), 1);
  const ribbons = links.map(([here, there, count]) => {
    const width = Math.max(links.length > CROWD ? THIN : WIDTH, (WIDEST * count) / Math.max(most, WIDEST));
    return { here: symbols[here], there: symbols[there], count, width };
  });
  if (ribbons.length) bundleRibbons(ribbons);
  for (const ribbon of ribbons) paintRibbon(context, ribbon, { isLit: true, alpha: 0.85 });
  return ribbons;
}

/** Small boxes on a ribbon, which names leave free. */
function boxesAlong(curve) {
  const boxes = [];
  for (let t = 0.04; t < 1; t += 0.04) {
    const [x, y] = pointAt(curve, t);
    boxes.push([x - WIDTH, y - WIDTH, x + WIDTH, y + WIDTH]);
  }
  return boxes;
}

/** From the middle of the territory, ringed, to the pin that left it; they are the last two. */
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

/** Boxes of the buttons over the map: no name is written under them. */
function controls(map) {
  const stage = map.getContainer().getBoundingClientRect();
  return [...map.getContainer().querySelectorAll(".leaflet-control")]
    .map((one) => one.getBoundingClientRect())
    .map((box) => [box.left - stage.left, box.top - stage.top, box.right - stage.left, box.bottom - stage.top]);
}
