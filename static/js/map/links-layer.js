/* The Leaflet layer of links: two canvases that follow the map, one for the scene and one for what is lit. */

import { bundleRibbons, distanceTo } from "./curves.js";
import { EdgeBadges, gatherByFarEnd, raysOf } from "./edges.js";
import { DEPARTEMENT } from "./flows.js";
import { forgetWidths } from "./labels.js";
import { paintLit, paintScene } from "./paint.js";
import { APART_ZOOM, WORLD_ZOOM, areRaysResting, buildScene } from "./scene.js";
import { reach } from "./symbols.js";
import { canHover, pixelRatio } from "./theme.js";

/** @typedef {import("./types.d.ts").FlowData} FlowData */
/** @typedef {import("./types.d.ts").MapSymbol} MapSymbol */
/** @typedef {import("./types.d.ts").Node} Node */
/** @typedef {import("./types.d.ts").PixelBox} PixelBox */
/** @typedef {import("./types.d.ts").PixelView} PixelView */
/** @typedef {import("./types.d.ts").Ribbon} Ribbon */
/** @typedef {import("./types.d.ts").Scene} Scene */
/** @typedef {import("./types.d.ts").Target} Target */
/** @typedef {{symbol: number, ribbon: number}} Tolerance pixels around the ink */
/** @typedef {(one: {symbol?: MapSymbol, ribbon?: Ribbon}) => boolean} Matches */
/**
 * What the layer asks and tells. frame(): the part of the map in sight; obstacles(): boxes of what covers it; hover and
 * click: what the pointer meets; open: a symbol of several places was clicked; showRest: what found no room is asked for.
 * @typedef {object} Hooks
 * @property {() => PixelBox} frame
 * @property {() => PixelBox[]} obstacles
 * @property {() => Element[]} covers the elements of these boxes
 * @property {(target: Target|null, point?: L.Point) => void} hover
 * @property {(target: {symbol: {key: string, isHere: boolean}}|{ribbon: Ribbon}|null) => void} click
 * @property {(symbol: MapSymbol) => void} open
 * @property {() => void} showRest
 */

const MARGIN = 0.12; // of the view, drawn around it for the next drag
/** The first links come in three drawings, names last: a slow machine has yet to learn how to place all this. */
const BADGES = 1;
const NAMES = 2;
const CALM = 100; // milliseconds between two layouts while what covers the map changes
const TOLERANCE = { mouse: { symbol: 5, ribbon: 5 }, finger: { symbol: 20, ribbon: 13 } };
/** @type {Scene} */
const EMPTY = { symbols: [], ribbons: [], strands: [], leaving: [], resting: new Set(), badges: [] };

export class LinksLayer extends L.Layer {
  /** @param {Hooks} hooks */
  constructor(hooks) {
    super();
    this.hooks = hooks;
    this.scene = EMPTY;
    /** @type {FlowData|null} */
    this.data = null;
    /** @type {readonly string[]} keys of the selection */
    this.chosen = [];
    this.isWhole = false;
    /** @type {import("./types.d.ts").GroundLabel[]} */
    this.ground = [];
    /** @type {{matches: Matches, key: string|null}|null} */
    this.lit = null;
    /** @type {Ribbon[]} */
    this.rays = [];
    /** @type {PixelView|null} */
    this.view = null;
    /** @type {PixelBox[]} what covered the map when it was drawn */
    this.laid = [];
    this.isStale = true;
    this.stage = 0;
    this.isLit = false;
    this.awaited = 0;
    this.drawings = 0;
    this.drawnAt = -CALM;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.calming = undefined;
    this.pointing = 0;
    this.ratio = 1;
    this.drawnZoom = 0;
    this.pad = L.point(0, 0);
    this.full = L.point(0, 0);
    this.origin = L.point(0, 0);
  }

  /** @param {L.Map} map */
  onAdd(map) {
    const pane = map.getPane("links") ?? map.createPane("links");
    pane.style.zIndex = "410";
    pane.style.pointerEvents = "none";
    this.base = /** @type {HTMLCanvasElement} */ (L.DomUtil.create("canvas", "map-canvas leaflet-zoom-animated", pane));
    this.top = /** @type {HTMLCanvasElement} */ (L.DomUtil.create("canvas", "map-canvas leaflet-zoom-animated", pane));
    this.edges = new EdgeBadges(map.getContainer(), {
      choose: (node) => this.hooks.click({ symbol: node }),
      light: (key) => this.lightEdge(key),
      showRest: () => this.hooks.showRest(),
    });
    map.on("movestart", this.leave, this);
    map.on("moveend resize", this.reset, this);
    map.on("zoomanim", (event) => this.transform(event.center, event.zoom));
    map.on("zoom", () => this.transform(map.getCenter(), map.getZoom()));
    map.on("mousemove", this.point, this);
    map.on("mouseout", () => this.hooks.hover(null));
    map.on("click", this.click, this);
    this.watch(map);
    this.reset();
    return this;
  }

  /**
   * Draw an answer of the server at once; `chosen` holds the keys of the selection, `isWhole` when it is shown entirely.
   * @param {FlowData} data
   * @param {{chosen: readonly string[], isWhole: boolean}} options
   */
  show(data, { chosen, isWhole }) {
    this.data = data;
    this.chosen = chosen;
    this.isWhole = isWhole;
    this.lit = null;
    this.drawNow();
  }

  /** @param {import("./types.d.ts").GroundLabel[]} labels */
  setGround(labels) {
    this.ground = labels;
    this.draw();
  }

  // --- What covers the map

  /**
   * Names and badges leave free what covers the map. When one of these boxes or a badge changes size, they are laid out
   * again before it is seen.
   * @param {L.Map} map
   */
  watch(map) {
    this.sizes = new ResizeObserver(() => this.followCovers());
    document.fonts.addEventListener("loadingdone", () => {
      forgetWidths();
      this.draw();
    });
    const changes = new MutationObserver(() => this.followCovers());
    const controls = map.getContainer().querySelector(".leaflet-control-container");
    if (controls) changes.observe(controls, { childList: true, subtree: true });
    addEventListener("transitionend", () => this.followCovers());
  }

  followCovers() {
    if (!this.view || this.isAsLaid()) return;
    clearTimeout(this.calming);
    if (performance.now() - this.drawnAt >= CALM) {
      this.drawNow();
      return;
    }
    // A sheet that slides: nothing is told at its edge until it stops.
    this.edges?.hide();
    this.calming = setTimeout(() => this.followCovers(), CALM);
  }

  /** Whether names and badges were given their places for the boxes that cover the map now. */
  isAsLaid() {
    const boxes = this.hooks.obstacles();
    const isSame = boxes.length === this.laid.length && boxes.every((box, i) => isNearly(box, this.laid[i]));
    return isSame && Boolean(this.edges?.isAsLaid());
  }

  /** Whether what is seen is final: nothing is to be drawn, no typeface is on its way, no control has moved. */
  isSettled() {
    const isNamed = !this.data || this.stage > NAMES;
    return !this.awaited && !this.isStale && isNamed && document.fonts.status === "loaded" && this.isAsLaid();
  }

  // --- Following the map

  leave() {
    this.edges?.hide();
  }

  reset() {
    this.isStale = true;
    this.draw();
  }

  /** Put the canvases over the view. */
  place() {
    const map = this._map;
    const size = map.getSize();
    this.pad = size.multiplyBy(MARGIN).round();
    this.full = size.add(this.pad.multiplyBy(2));
    this.ratio = pixelRatio();
    this.drawnZoom = map.getZoom();
    const corner = map.containerPointToLayerPoint(this.pad.multiplyBy(-1));
    this.origin = map.getPixelOrigin().add(corner);
    for (const canvas of [this.base, this.top]) {
      if (!canvas) continue;
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
      left: this.origin.x + this.pad.x,
      top: this.origin.y + this.pad.y,
    };
    this.isStale = false;
  }

  /**
   * @param {L.LatLng} center
   * @param {number} zoom
   */
  transform(center, zoom) {
    const map = this._map;
    const scale = map.getZoomScale(zoom, this.drawnZoom);
    const paneAt = L.DomUtil.getPosition(map.getPane("mapPane") ?? map.getContainer());
    const corner = map.project(center, zoom).subtract(map.getSize().divideBy(2)).subtract(paneAt);
    const offset = this.origin.multiplyBy(scale).subtract(corner);
    for (const canvas of [this.base, this.top]) if (canvas) L.DomUtil.setTransform(canvas, offset, scale);
  }

  // --- Drawing

  /** Draw with the next frame, once whatever asks for it. */
  draw() {
    this.awaited ||= requestAnimationFrame(() => this.drawNow());
  }

  drawNow() {
    cancelAnimationFrame(this.awaited);
    this.awaited = 0;
    const map = this._map;
    if (!map || !this.base) return;
    if (this.isStale) this.place();
    if (!this.data) return; // there is nothing to draw, nor to wipe out
    const view = /** @type {PixelView} */ (this.view);
    const context = this.begin(this.base);
    const obstacles = this.hooks.obstacles();
    this.laid = [...obstacles];
    this.scene = this.build(this.data, view, obstacles);
    const { scene, chosen, ground } = this;
    // Laid out for another typeface, the names would move under the eyes.
    const isNamed = this.stage > NAMES || (this.stage === NAMES && document.fonts.status === "loaded");
    paintScene(context, view, { scene, level: this.data.level, chosen, obstacles, ground, isNamed });
    if (this.stage < NAMES) this.draw();
    if (this.stage < NAMES || isNamed) this.stage = Math.min(this.stage + 1, NAMES + 1);
    this.drawLit();
    for (const one of [...this.hooks.covers(), ...(this.edges?.box.children ?? [])]) this.sizes?.observe(one);
    this.drawnAt = performance.now();
    this.drawings += 1;
    map.getContainer().dataset.drawn = String(this.drawings);
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @returns {CanvasRenderingContext2D}
   */
  begin(canvas) {
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.full.x, this.full.y);
    context.translate(this.pad.x, this.pad.y);
    return context;
  }

  /**
   * The same drawing on a canvas of its own, finer: for a picture to keep. Null while something is lit.
   * @param {number} ratio
   */
  copy(ratio) {
    if (this.lit || !this.data || !this.view) return null;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(this.full.x * ratio);
    canvas.height = Math.round(this.full.y * ratio);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.scale(ratio, ratio);
    context.translate(this.pad.x, this.pad.y);
    const { scene, chosen, ground } = this;
    const obstacles = [...this.laid, ...(this.edges?.laid.values() ?? [])];
    paintScene(context, this.view, { scene, level: this.data.level, chosen, obstacles, ground });
    return canvas;
  }

  /**
   * The scene, and the badges at the edge, which are obstacles too for the names.
   * @param {FlowData} data
   * @param {PixelView} view
   * @param {PixelBox[]} obstacles
   * @returns {Scene}
   */
  build(data, view, obstacles) {
    const { isWhole, chosen } = this;
    const scene = buildScene(data, view, { isWhole, chosen, obstacles });
    const boxes = scene.symbols.map(({ box }) => box);
    const isWorld = view.zoom < WORLD_ZOOM;
    this.rays = [];
    if (this.stage < BADGES) return scene;
    const isPartial = data.level >= DEPARTEMENT && data.flows_shown < data.flows_total;
    const leaving = gatherByFarEnd(scene.leaving, { links: data.links, isPartial });
    const badges = this.edges?.show(leaving, this.hooks.frame(), obstacles, boxes, isWorld) ?? [];
    obstacles.push(...(this.edges?.laid.values() ?? []));
    this.rays = badges.flatMap((badge) => raysOf(badge, ({ link }) => scene.resting.has(link)));
    const ribbons = areRaysResting(scene, this.rays, view) ? [...scene.ribbons, ...this.rays] : scene.ribbons;
    return { ...scene, ribbons, badges };
  }

  /** @param {string|null} key */
  lightEdge(key) {
    if (key) this.hooks.hover(null);
    this.light(key ? ({ ribbon }) => ribbon?.badge?.node.key === key : null);
  }

  /**
   * Light what `matches` accepts among {symbol} and {ribbon}, dim the rest; null puts the light out. `key` is the
   * territory whose own count is told, rather than that of the lit ribbons.
   * @param {Matches|null} matches
   * @param {string|null} key
   */
  light(matches, key = null) {
    this.lit = matches && { matches, key };
    this.drawLit();
  }

  drawLit() {
    if (!this.top || !this.base || (!this.lit && !this.isLit)) return;
    const context = this.begin(this.top);
    const { lit } = this;
    this.isLit = Boolean(lit);
    const ribbons = lit ? this.litRibbons(lit.matches) : [];
    const ends = new Set(ribbons.flatMap(({ here, there }) => [here.symbol, there.symbol]));
    const symbols = lit ? this.scene.symbols.filter((symbol) => ends.has(symbol) || lit.matches({ symbol })) : [];
    const isLit = symbols.length > 0 || ribbons.length > 0;
    this.base.classList.toggle("map-canvas--dimmed", isLit);
    if (!isLit || !lit || !this.view) return;
    const obstacles = [...this.laid, ...(this.edges?.laid.values() ?? [])];
    paintLit(context, { ribbons, symbols, key: lit.key }, this.view, { obstacles, chosen: this.chosen });
  }

  /**
   * Ribbons that match: those drawn, and those that are drawn only now.
   * @param {Matches} matches
   */
  litRibbons(matches) {
    const isWanted = (/** @type {object} */ ribbon) => matches({ ribbon: /** @type {Ribbon} */ (ribbon) });
    const { ribbons, strands, badges } = this.scene;
    const drawn = ribbons.filter(isWanted);
    const links = new Set(drawn.map(({ link }) => link));
    const hidden = strands.filter(isWanted);
    const rays = badges.flatMap((badge) =>
      raysOf(badge, ({ link, near }) => {
        const [here, there] = badge.node.isHere ? [badge.far, near] : [near, badge.far];
        return !links.has(link) && isWanted({ link, here, there, badge });
      }),
    );
    return [...drawn, ...(hidden.length ? bundleRibbons(hidden) : []), ...rays];
  }

  // --- Pointing

  /** @param {L.LeafletMouseEvent} event */
  point({ containerPoint }) {
    const { dragging } = /** @type {{dragging: {moving(): boolean}}} */ (/** @type {unknown} */ (this._map));
    if (!canHover() || dragging.moving()) return;
    this.pointer = containerPoint;
    this.pointing ||= requestAnimationFrame(() => {
      this.pointing = 0;
      const target = this.find(/** @type {L.Point} */ (this.pointer), TOLERANCE.mouse);
      this._map.getContainer().classList.toggle("map--pointing", Boolean(target));
      this.hooks.hover(target, this.pointer);
    });
  }

  /** @param {L.LeafletMouseEvent} event */
  click({ containerPoint, originalEvent }) {
    const isTouch = /** @type {PointerEvent} */ (originalEvent)?.pointerType === "touch";
    const target = this.find(containerPoint, isTouch ? TOLERANCE.finger : TOLERANCE.mouse);
    if (target?.symbol && target.symbol.members.length > 1 && this._map.getZoom() < APART_ZOOM) {
      this.hooks.open(target.symbol);
      return;
    }
    this.hooks.click(target);
  }

  /**
   * The nearest symbol within reach, else the nearest ribbon.
   * @param {{x: number, y: number}} point
   * @param {Tolerance} tolerance
   * @returns {Target|null}
   */
  find({ x, y }, tolerance) {
    const { symbols, ribbons } = this.scene;
    const symbol = nearest(symbols, tolerance.symbol, (one) => Math.hypot(one.x - x, one.y - y) - reach(one));
    if (symbol) return { symbol };
    const ribbon = nearest(ribbons, tolerance.ribbon, ({ curve, width }) => distanceTo(curve, x, y) - width / 2);
    return ribbon ? { ribbon } : null;
  }
}

/** @param {Hooks} hooks */
export const linksLayer = (hooks) => new LinksLayer(hooks);

/**
 * The nearest item within a distance, or null.
 * @template T
 * @param {T[]} items
 * @param {number} within
 * @param {(item: T) => number} distanceOf
 * @returns {T|null}
 */
function nearest(items, within, distanceOf) {
  /** @type {T|null} */
  let best = null;
  let least = within;
  for (const item of items) {
    const distance = distanceOf(item);
    if (distance < least) [best, least] = [item, distance];
  }
  return best;
}

/**
 * @param {PixelBox} one
 * @param {PixelBox} other
 */
const isNearly = (one, other) => one.every((value, i) => Math.abs(value - other[i]) < 1);
