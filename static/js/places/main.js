/* A small map of a few places: what its page says in words, drawn. See templates/basemap/_places.html. */

import { groundLayer } from "../map/base-layer.js";
import { watchGroundNames } from "../map/ground-labels.js";
import { unwrap } from "../map/mercator.js";
import { isMotionReduced, onThemeChange, textFont } from "../map/theme.js";
import { drawingLayer } from "./drawing-layer.js";
import { mark } from "./marks.js";
import { Pin } from "./pin.js";

/** @typedef {import("./types.d.ts").Drawn} Drawn */
/** @typedef {import("./types.d.ts").Place} Place */
/** @typedef {import("./types.d.ts").PlacesData} PlacesData */
/** @typedef {import("./types.d.ts").PlacesOptions} PlacesOptions */

/* How near the view comes to the middle of a territory: what tells where one is should be in sight. Départements are
   drawn here, only coasts and borders there. */
/** @type {Record<string, Record<string, number>>} */
const NEAREST = {
  here: { point: 9, commune: 8, epci: 7.75, departement: 7.25, region: 6, country: 4.5 },
  there: { point: 6, commune: 6, epci: 6, departement: 5.5, region: 5, country: 4 },
};
/** @type {L.FitBoundsOptions} */
const PADDING = { paddingTopLeft: [36, 40], paddingBottomRight: [64, 44] };
const CROWD = 12; // from so many places on, their marks are smaller
/** @type {Record<string, [L.LatLngTuple, L.LatLngTuple]>} */
const NOWHERE = { here: [[41.2, -5.2], [51.2, 9.7]], there: [[-38, -95], [58, 125]] };

class PlacesMap {
  /**
   * @param {L.Map} map
   * @param {PlacesOptions} options
   */
  constructor(map, options) {
    this.map = map;
    this.box = /** @type {HTMLElement} */ (map.getContainer().closest("[data-places]"));
    const { points, movable, side, center, links } = /** @type {PlacesData} */ (JSON.parse(this.box.dataset.places ?? ""));
    this.side = side;
    this.links = links;
    // The short way from each place to the next, across the 180th meridian too.
    const longitudes = points.length ? unwrap(points.map((point) => point.lon)) : [];
    this.points = points.map((point, i) => ({ ...point, lon: longitudes[i] }));
    this.fixed = movable ? this.points.filter((point) => point.mark) : this.points;
    this.base = this.makeGround(options);
    this.drawing = drawingLayer(() => this.drawn());
    this.setUpMap();
    for (const point of this.fixed) this.addMark(point);
    if (movable) this.pin = new Pin(this, { start: this.points.find((point) => !point.mark), center });
    this.frame();
    this.drawing.draw();
    this.keepOneFingerForThePage();
    if (isMotionReduced()) this.moveAtOnce();
    this.base.once("load", () => this.replaceStill());
    new ResizeObserver(() => this.followSize()).observe(map.getContainer());
    watchGroundNames(map, options, (names) => this.drawing.setGround(names));
  }

  /** @param {PlacesOptions} options */
  makeGround(options) {
    return groundLayer(this.map, {
      worker: options.workerUrl,
      topojson: options.topojsonUrl,
      geojsonVt: options.geojsonVtUrl,
      world: options.worldUrl,
      far: options.farUrl,
      france: options.franceUrl,
      countries: options.countriesUrl,
    });
  }

  setUpMap() {
    const { map } = this;
    map.attributionControl.setPrefix(false);
    L.control.zoom({ position: "topright", zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
    this.base.addTo(map);
    this.drawing.addTo(map);
    onThemeChange(() => {
      this.base.redraw();
      this.drawing.draw();
    });
    // A canvas does not ask for a typeface by itself.
    const faces = [textFont(14, 650), textFont(14, 400)].map((font) => document.fonts.load(font));
    Promise.allSettled(faces).then(() => this.drawing.draw());
  }

  /**
   * What the canvas draws around the marks: a name for each place, a ribbon between the two sides.
   * @returns {Drawn}
   */
  drawn() {
    const pin = this.pin?.point;
    return { points: pin ? [...this.fixed, pin] : this.fixed, links: this.links, from: this.pin?.from ?? null };
  }

  /** @param {Place} point */
  addMark(point) {
    const radio = /** @type {HTMLInputElement|null} */ (point.field ? document.getElementById(point.field) : null);
    const extra = this.fixed.length > CROWD ? "places-mark--small" : "";
    const marker = L.marker([point.lat, point.lon], { icon: mark(point, extra), keyboard: false, interactive: Boolean(radio) });
    marker.addTo(this.map);
    const element = marker.getElement();
    element?.setAttribute("aria-hidden", "true"); // its words are in the page
    if (!radio) return;
    const show = () => element?.classList.toggle("places-mark--chosen", radio.checked);
    marker.on("click", () => {
      radio.checked = true;
      radio.dispatchEvent(new Event("change", { bubbles: true }));
      radio.focus();
    });
    radio.form?.addEventListener("change", show);
    show();
  }

  frame() {
    const shown = this.drawn().points;
    if (!shown.length) {
      this.map.fitBounds(NOWHERE[this.side], { animate: false });
      return;
    }
    const maxZoom = Math.min(...shown.map(({ side, precision }) => NEAREST[side][precision] ?? NEAREST[side].point));
    const corners = shown.map(({ lat, lon }) => /** @type {L.LatLngTuple} */ ([lat, lon]));
    this.map.fitBounds(corners, { ...PADDING, maxZoom, animate: false });
  }

  /** A map that was closed looks again at its places: one may have moved meanwhile. */
  followSize() {
    const wasClosed = !this.map.getSize().x;
    this.map.invalidateSize({ animate: false });
    if (wasClosed && this.map.getSize().x) this.frame();
  }

  /** Where the page shows a still picture of the same links first, the map takes its place once its ground is drawn. */
  replaceStill() {
    this.box.querySelector("[data-places-still]")?.setAttribute("aria-hidden", "true");
    this.box.dataset.drawn = "";
  }

  /** The arrow keys move without a glide. */
  moveAtOnce() {
    const panBy = this.map.panBy;
    this.map.options.inertia = false;
    this.map.panBy = (offset, options) => panBy.call(this.map, offset, { ...options, animate: false });
  }

  /** One finger turns the page, two move the map; a mouse drags it. */
  keepOneFingerForThePage() {
    const keep = (/** @type {TouchEvent} */ event) => {
      const isOnPin = event.target instanceof Element && event.target.closest(".places-mark--pin");
      if (event.touches?.length === 1 && !isOnPin) event.stopPropagation();
    };
    this.map.getContainer().addEventListener("touchstart", keep, { capture: true, passive: true });
  }
}

window.PlacesMap = PlacesMap;
