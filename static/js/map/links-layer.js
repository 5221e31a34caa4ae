// @ts-nocheck
/* The Leaflet layer of links: two canvases that follow the map, one for the scene and one for what is lit. */

import { distanceTo } from "./curves.js";
import { EdgeBadges, gatherByFarEnd, raysOf } from "./edges.js";
import { paintGroundNames } from "./ground-labels.js";
import { paintLit, paintNames, paintRibbons, paintSymbols } from "./paint.js";
import { buildScene, readAnswer } from "./scene.js";
import { reach } from "./symbols.js";
import { canHover, pixelRatio } from "./theme.js";

const MARGIN = 0.12;
const MAX_RESTING_RAYS = 24; // more rays towards the edge of the map are drawn only when they are lit
const MAX_AVOIDED = 60; // symbols; with more, a badge would find no room
const EMPTY = { symbols: [], ribbons: [], hidden: [] };
const TOLERANCE = { mouse: { symbol: 5, ribbon: 5 }, finger: { symbol: 20, ribbon: 13 } };

/**
 * `hooks`: frame() gives the part of the map in sight and obstacles() the boxes of the controls over it, hover(target,
 * point) and click(target) tell what the pointer meets: {symbol}, {ribbon} or null; showRest() what found no room.
 */
export function linksLayer(hooks) {
  const Layer = L.Layer.extend({
    onAdd(map) {
      const pane = map.getPane("links") ?? map.createPane("links");
      pane.style.zIndex = 410;
      pane.style.pointerEvents = "none";
      this.base = L.DomUtil.create("canvas", "map-canvas leaflet-zoom-animated", pane);
      this.top = L.DomUtil.create("canvas", "map-canvas leaflet-zoom-animated", pane);
      this.scene = EMPTY;
      this.edges = new EdgeBadges(map.getContainer(), {
        choose: (node) => hooks.click({ symbol: node }),
        light: (key) => this.lightEdge(key),
        showRest: hooks.showRest,
      });
      this.chosen = [];
      this.ground = [];
      map.on({ movestart: this.leave, moveend: this.reset, resize: this.reset }, this);
      map.on({ zoomanim: this.animate, zoom: this.follow }, this);
      map.on({ mousemove: this.point, mouseout: () => hooks.hover(null), click: this.click }, this);
      this.reset();
    },

    /** Draw an answer of the server; `chosen` holds the keys of the selection, `isWhole` when it is shown entirely. */
    show(answer, { chosen, isWhole }) {
      this.data = readAnswer(answer);
      this.chosen = chosen;
      this.isWhole = isWhole;
      this.lit = null;
      this.draw();
    },

    setGround(labels) {
      this.ground = labels;
      this.draw();
    },

    // --- Following the map

    reset() {
      const map = this._map;
      const size = map.getSize();
      const pad = size.multiplyBy(MARGIN).round();
      this.pad = pad;
      this.full = size.add(pad.multiplyBy(2));
      this.ratio = pixelRatio();
      this.drawnZoom = map.getZoom();
      const corner = map.containerPointToLayerPoint(pad.multiplyBy(-1));
      this.origin = map.getPixelOrigin().add(corner);
      for (const canvas of [this.base, this.top]) {
        const [width, height] = [Math.round(this.full.x * this.ratio), Math.round(this.full.y * this.ratio)];
        if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
        canvas.style.width = `${this.full.x}px`;
        canvas.style.height = `${this.full.y}px`;
        L.DomUtil.setTransform(canvas, corner, 1);
      }
      this.view = {
        width: size.x,
        height: size.y,
        zoom: this.drawnZoom,
        size: 256 * 2 ** this.drawnZoom,
        left: this.origin.x + pad.x,
        top: this.origin.y + pad.y,
      };
      this.draw();
    },

    leave() {
      this.edges.hide();
    },

    animate({ center, zoom }) {
      this.transform(center, zoom);
    },

    follow() {
      this.transform(this._map.getCenter(), this._map.getZoom());
    },

    transform(center, zoom) {
      const map = this._map;
      const scale = map.getZoomScale(zoom, this.drawnZoom);
      const paneAt = L.DomUtil.getPosition(map.getPane("mapPane"));
      const corner = map.project(center, zoom).subtract(map.getSize().divideBy(2)).subtract(paneAt);
      const offset = this.origin.multiplyBy(scale).subtract(corner);
      for (const canvas of [this.base, this.top]) L.DomUtil.setTransform(canvas, offset, scale);
    },

    // --- Drawing

    begin(canvas) {
      const context = canvas.getContext("2d");
      context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      context.clearRect(0, 0, this.full.x, this.full.y);
      context.translate(this.pad.x, this.pad.y);
      return context;
    },

    draw() {
      if (!this.view) return;
      const context = this.begin(this.base);
      const isChosen = this.chosen.length > 0;
      const obstacles = hooks.obstacles();
      this.scene = this.data ? this.build(obstacles) : EMPTY;
      paintRibbons(context, this.scene.ribbons, isChosen);
      paintSymbols(context, this.scene.symbols, this.chosen);
      const level = this.data?.level ?? 0;
      const labels = paintNames(context, this.scene, this.view, { level, obstacles, chosen: this.chosen });
      paintGroundNames(labels, this.ground, this.view, new Set(this.scene.symbols.map(({ name }) => name)));
      this.drawLit();
    },

    /** The scene, and the badges at the edge, which are obstacles too for the names. */
    build(obstacles) {
      const frame = hooks.frame();
      const scene = buildScene(this.data, this.view, { isWhole: this.isWhole, frame });
      const avoided = scene.symbols.length <= MAX_AVOIDED ? scene.symbols.map(({ box }) => box) : [];
      const badges = this.edges.show(gatherByFarEnd(scene.leaving), frame, [...obstacles, ...avoided]);
      obstacles.push(...badges.map(({ box }) => box));
      const rays = badges.flatMap(raysOf);
      const areResting = rays.length + scene.ribbons.length <= MAX_RESTING_RAYS;
      if (areResting) scene.ribbons.push(...rays);
      return { ...scene, hidden: areResting ? [] : rays };
    },

    lightEdge(key) {
      if (key) hooks.hover(null);
      this.light(key && (({ ribbon }) => ribbon?.badge?.node.key === key));
    },

    /**
     * Light what `matches` accepts among {symbol} and {ribbon}, dim the rest; null puts the light out. `key` is the
     * territory whose own count is told, rather than that of the lit ribbons.
     */
    light(matches, key = null) {
      this.lit = matches && { matches, key };
      this.drawLit();
    },

    drawLit() {
      const context = this.begin(this.top);
      const all = this.lit ? [...this.scene.ribbons, ...this.scene.hidden] : [];
      const ribbons = all.filter((ribbon) => this.lit.matches({ ribbon }));
      const ends = new Set(ribbons.flatMap(({ here, there }) => [here, there]));
      const symbols = this.lit
        ? this.scene.symbols.filter((symbol) => ends.has(symbol) || this.lit.matches({ symbol }))
        : [];
      const isLit = symbols.length > 0 || ribbons.length > 0;
      this.base.classList.toggle("map-canvas--dimmed", isLit);
      if (!isLit) return;
      const options = { obstacles: hooks.obstacles(), chosen: this.chosen };
      paintLit(context, { ribbons, symbols, key: this.lit.key }, this.view, options);
    },

    // --- Pointing

    point(event) {
      if (!canHover() || this._map.dragging.moving()) return;
      this.pointer = event.containerPoint;
      this.pending ??= requestAnimationFrame(() => {
        this.pending = null;
        const target = this.find(this.pointer, TOLERANCE.mouse);
        this._map.getContainer().classList.toggle("map--pointing", Boolean(target));
        hooks.hover(target, this.pointer);
      });
    },

    click(event) {
      const isTouch = event.originalEvent?.pointerType === "touch";
      hooks.click(this.find(event.containerPoint, isTouch ? TOLERANCE.finger : TOLERANCE.mouse));
    },

    /** The nearest symbol within reach, else the nearest ribbon. */
    find({ x, y }, tolerance) {
      const symbol = nearest(this.scene.symbols, (one) => Math.hypot(one.x - x, one.y - y) - reach(one));
      if (symbol && symbol.distance < tolerance.symbol) return { symbol: symbol.item };
      const ribbon = nearest(this.scene.ribbons, (one) => distanceTo(one.curve, x, y) - one.width / 2);
      return ribbon && ribbon.distance < tolerance.ribbon ? { ribbon: ribbon.item } : null;
    },
  });
  return new Layer();
}

function nearest(items, distanceOf) {
  let best = null;
  for (const item of items) {
    const distance = distanceOf(item);
    if (!best || distance < best.distance) best = { item, distance };
  }
  return best;
}
