/*
 * The pin that a person moves. Dragged, or taken with a tap and put down with another, or moved with the arrows; never
 * by a tap on the map alone once it is there. The two fields of the form are the truth: written here, and read again
 * when something else in the form changes them.
 */

import { isMotionReduced } from "../map/theme.js";
import { distance, distanceKm, position, way } from "./bearing.js";
import { mark } from "./marks.js";

/** @typedef {import("./types.d.ts").Owner} Owner */
/** @typedef {import("./types.d.ts").Place} Place */
/** @typedef {import("./types.d.ts").Position} Position */

const STEP = { small: 4, large: 32 }; // pixels
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const MAX_LATITUDE = 85;
const REST = 400; // milliseconds without a move before it is said
const SAME = 0.01; // kilometres

export class Pin {
  /**
   * `start` is the point drawn first, if any; `center` where it goes back to, [longitude, latitude].
   * @param {Owner} owner
   * @param {{start: Place|undefined, center: [number, number]|null}} options
   */
  constructor(owner, { start, center }) {
    this.owner = owner;
    this.map = owner.map;
    this.side = owner.side;
    this.name = start?.name ?? "";
    /** @type {Position|null} where it is */
    this.at = null;
    /** @type {Position|null} where it was when it was taken */
    this.before = null;
    /** @type {L.Marker|null} */
    this.marker = null;
    this.isHeld = false;
    this.isWriting = false;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.resting = undefined;
    const { box } = owner;
    this.said = /** @type {HTMLElement} */ (box.querySelector("[data-places-said]"));
    this.back = /** @type {HTMLElement} */ (box.querySelector("[data-places-back]"));
    this.fields = [box.dataset.lonField, box.dataset.latField].map(inputOf);
    // A pin moved before goes back to the middle of a territory, which is no point.
    this.wide = start && (start.precision !== "point" || !center) ? start.precision : "commune";
    /** @type {Position|null} */
    this.center = center ? { lon: center[0], lat: center[1] } : start ? { lon: start.lon, lat: start.lat } : null;
    const typed = this.typed();
    if (!start && typed) {
      // Chosen before the map was opened.
      const name = inputOf(box.dataset.nameField)?.value ?? "";
      Object.assign(this, { name, center: typed, wide: "commune" });
    }
    const first = typed ?? start;
    if (first) this.put(first);
    this.map.on("click", (event) => this.tapMap(event));
    this.map.getContainer().addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== this.map.getContainer() || this.at) return;
      event.preventDefault();
      this.tapMap({ latlng: this.map.getCenter() });
    });
    this.back.addEventListener("click", () => this.goBack());
    const form = this.fields[0]?.form;
    form?.addEventListener("input", () => this.formChanged());
    form?.addEventListener("change", () => this.formChanged());
    form?.addEventListener("place", (event) => this.placeChosen(/** @type {CustomEvent} */ (event)));
    this.showBack();
  }

  /**
   * What the drawing and the frame need, or null while there is no pin.
   * @returns {Place|null}
   */
  get point() {
    if (!this.at) return null;
    const isCentred = this.isAt(this.center);
    // Away from the middle of its territory it no longer bears its name: `from` does.
    const name = isCentred || !this.center ? this.name : "";
    return { ...this.at, side: this.side, name, mark: "", precision: isCentred ? this.wide : "point", isPin: true };
  }

  /**
   * The middle of the territory that the pin left, or null.
   * @returns {Place|null}
   */
  get from() {
    if (!this.at || !this.center || this.isAt(this.center)) return null;
    return { ...this.center, side: this.side, name: this.name, mark: "", precision: "point" };
  }

  /** @param {Position|null|undefined} place */
  isAt(place) {
    return Boolean(this.at && place && distanceKm(this.at, place) < SAME);
  }

  // --- The fields of the form

  /** The point that the fields hold, or null; as near as possible of the other places, across the 180th meridian. */
  typed() {
    const [lon, lat] = this.fields.map((field) => (field?.value.trim() ? Number(field.value) : NaN));
    const isPoint = Math.abs(lon) <= 180 && Math.abs(lat) <= MAX_LATITUDE;
    return isPoint ? { lon, lat } : null;
  }

  write() {
    const { at } = this;
    const values = at ? [L.latLng(at.lat, at.lon).wrap().lng, at.lat].map((degrees) => degrees.toFixed(5)) : ["", ""];
    this.fields.forEach((field, i) => {
      if (!field || field.value === values[i]) return;
      field.value = values[i];
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  /** Somebody typed degrees, or emptied them by typing another name. */
  formChanged() {
    if (this.isWriting) return;
    const typed = this.typed();
    const isEmpty = this.fields.every((field) => !field?.value);
    if (typed && !this.isAt(typed)) {
      this.put(typed);
      this.show();
    } else if (isEmpty && this.at) {
      this.remove();
    }
  }

  /** A suggestion was chosen: another place, another centre. @param {CustomEvent} event */
  placeChosen({ target, detail }) {
    if (!(target instanceof Node && target.contains(this.owner.box))) return;
    const chosen = { lon: Number(detail.lon), lat: Number(detail.lat) };
    Object.assign(this, { name: detail.name, center: chosen, wide: "commune" });
    this.put(chosen);
    this.owner.frame();
    this.show();
  }

  // --- The pin

  /** @param {Position} place */
  put({ lon, lat }) {
    this.at = { lon, lat: Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, lat)) };
    /** @type {L.LatLngTuple} */
    const where = [this.at.lat, this.at.lon];
    this.marker ??= this.create(where);
    this.marker.setLatLng(where);
    this.dress();
  }

  /** @param {L.LatLngTuple} where */
  create(where) {
    const marker = L.marker(where, {
      icon: mark({ side: this.side, precision: "point" }, "places-mark--pin"),
      draggable: true,
      autoPan: true,
      keyboard: false,
      zIndexOffset: 1000,
    }).addTo(this.map);
    const pin = /** @type {HTMLElement} */ (marker.getElement());
    pin.tabIndex = 0;
    // Arrows belong to the pin: a screen reader passes them on to an application.
    pin.setAttribute("role", "application");
    pin.setAttribute("aria-roledescription", "repère");
    pin.addEventListener("keydown", (event) => this.press(event));
    pin.addEventListener("focus", () => (this.before = this.at && { ...this.at }));
    pin.addEventListener("blur", ({ relatedTarget: next }) => {
      // A tap on the map takes the focus off the pin before it puts it down.
      if (next instanceof Node && !this.map.getContainer().contains(next)) this.hold(false);
    });
    marker.on("click", () => this.hold(!this.isHeld));
    marker.on("dragstart", () => this.hold(false));
    marker.on("drag", () => this.follow());
    marker.on("dragend", () => this.moved());
    return marker;
  }

  /** The pin as an element of the page, while there is one. */
  get element() {
    return this.marker?.getElement() ?? null;
  }

  dress() {
    const name = this.name ? `Repère, ${this.name}` : "Repère";
    this.element?.classList.toggle("places-mark--wide", this.point?.precision !== "point");
    this.element?.setAttribute("aria-label", `${name}. Les flèches le déplacent, Majuscule et flèche de loin. Échap annule.`);
  }

  remove() {
    this.hold(false);
    this.marker?.remove();
    Object.assign(this, { marker: null, at: null, center: null, name: "" });
    this.write();
    this.said.textContent = "Repère retiré.";
    this.showBack();
    this.owner.drawing.draw();
  }

  follow() {
    const where = this.marker?.getLatLng();
    if (where) this.at = { lon: where.lng, lat: where.lat };
  }

  moved() {
    this.follow();
    if (this.at) this.put(this.at);
    this.isWriting = true;
    this.write();
    this.isWriting = false;
    this.show();
  }

  show() {
    if (this.at) this.map.panInside([this.at.lat, this.at.lon], { padding: [40, 40], animate: !isMotionReduced() });
    this.owner.drawing.draw();
    this.showBack();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => (this.said.textContent = this.words()), REST);
  }

  /** « Repère déplacé de 3 km vers l’ouest. » */
  words() {
    const { at } = this;
    if (!at) return "";
    if (this.isAt(this.center)) return `Repère au centre${this.name ? ` : ${this.name}` : ""}.`;
    if (this.center) {
      return `Repère déplacé de ${distance(distanceKm(this.center, at))} vers ${way(this.center, at)}.`;
    }
    const nearest = [...this.owner.fixed].sort((a, b) => distanceKm(a, at) - distanceKm(b, at))[0];
    const where = L.latLng(at.lat, at.lon).wrap();
    if (!nearest) return `Repère placé : ${position({ lat: where.lat, lon: where.lng })}.`;
    return `Repère placé : depuis ${nearest.name}, ${distance(distanceKm(nearest, at))} vers ${way(nearest, at)}.`;
  }

  showBack() {
    this.owner.box.toggleAttribute("data-has-pin", Boolean(this.at));
    this.back.hidden = !this.at || this.isAt(this.center);
    this.back.textContent = this.center ? "Remettre au centre" : "Retirer le repère";
  }

  goBack() {
    if (this.center) {
      this.put(this.center);
      this.moved();
      this.element?.focus({ preventScroll: true });
    } else {
      this.remove();
      this.map.getContainer().focus({ preventScroll: true });
    }
  }

  // --- Taken with a tap, put down with another

  /** @param {boolean} isHeld */
  hold(isHeld) {
    if (this.isHeld === isHeld || !this.marker) return;
    this.isHeld = isHeld;
    this.element?.classList.toggle("places-mark--held", isHeld);
    this.map.getContainer().classList.toggle("map--pointing", isHeld);
    if (isHeld) {
      this.before = this.at && { ...this.at };
      this.said.textContent = "Repère pris. Touchez la carte là où il va, ou le repère pour le laisser.";
    } else if (this.said.textContent?.startsWith("Repère pris")) {
      this.said.textContent = this.words();
    }
  }

  /** @param {{latlng: L.LatLng}} event */
  tapMap({ latlng }) {
    if (this.at && !this.isHeld) return; // a tap on the way to something else moves nothing
    this.hold(false);
    this.put({ lon: latlng.lng, lat: latlng.lat });
    this.moved();
    this.element?.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { marker } = this;
    if (!marker) return;
    const arrow = ARROWS[event.key];
    if (arrow && !event.ctrlKey && !event.altKey && !event.metaKey) {
      const pixels = event.shiftKey ? STEP.large : STEP.small;
      const to = this.map.project(marker.getLatLng()).add([arrow[0] * pixels, arrow[1] * pixels]);
      const { lat, lng } = this.map.unproject(to);
      this.put({ lon: lng, lat });
      this.moved();
    } else if (event.key === "Enter") {
      this.before = this.at && { ...this.at };
      this.hold(false);
      this.said.textContent = `Repère posé. ${this.words()}`;
    } else if (event.key === "Escape") {
      this.hold(false);
      if (this.before && !this.isAt(this.before)) {
        this.put(this.before);
        this.moved();
      }
    } else if (event.key === "+" || event.key === "-") {
      this.map.setZoomAround(marker.getLatLng(), this.map.getZoom() + (event.key === "+" ? 1 : -1), { animate: false });
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

/**
 * The field of an id, if there is one.
 * @param {string|undefined} id
 */
function inputOf(id) {
  return /** @type {HTMLInputElement|null} */ (id ? document.getElementById(id) : null);
}
