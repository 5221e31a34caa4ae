/*
 * The pin that a person moves. Dragged, or taken with a tap and put down with another, or moved with the arrows; never
 * by a tap on the map alone once it is there. The two fields of the form are the truth: written here, and read again
 * when something else in the form changes them.
 */

import { isMotionReduced } from "../map/theme.js";
import { distance, distanceKm, position, way } from "./bearing.js";
import { mark } from "./marks.js";

const STEP = { small: 4, large: 32 }; // pixels
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const MAX_LATITUDE = 85;
const REST = 400; // milliseconds without a move before it is said
const SAME = 0.01; // kilometres

export class Pin {
  /** `start` is the point drawn first, if any; `center` where it goes back to, [longitude, latitude]. */
  constructor(owner, { start, center }) {
    Object.assign(this, { owner, map: owner.map, side: owner.side, name: start?.name ?? "" });
    const { box } = owner;
    this.said = box.querySelector("[data-places-said]");
    this.back = box.querySelector("[data-places-back]");
    this.fields = [box.dataset.lonField, box.dataset.latField].map((id) => id && document.getElementById(id));
    // A pin moved before goes back to the middle of a territory, which is no point.
    this.wide = start && (start.precision !== "point" || !center) ? start.precision : "commune";
    this.center = center ? { lon: center[0], lat: center[1] } : start ? { lon: start.lon, lat: start.lat } : null;
    const typed = this.typed();
    if (!start && typed) {
      // Chosen before the map was opened.
      const name = document.getElementById(box.dataset.nameField)?.value ?? "";
      Object.assign(this, { name, center: typed, wide: "commune" });
    }
    if (start || typed) this.put(typed ?? start);
    this.map.on("click", (event) => this.tapMap(event));
    this.map.getContainer().addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== this.map.getContainer() || this.at) return;
      event.preventDefault();
      this.tapMap({ latlng: this.map.getCenter() });
    });
    this.back.addEventListener("click", () => this.goBack());
    const form = this.fields[0]?.form;
    form?.addEventListener("input", (event) => this.formChanged(event));
    form?.addEventListener("change", (event) => this.formChanged(event));
    form?.addEventListener("place", (event) => this.placeChosen(event));
    this.showBack();
  }

  /** What the drawing and the frame need, or null while there is no pin. */
  get point() {
    if (!this.at) return null;
    const isCentred = this.isAt(this.center);
    // Away from the middle of its territory it no longer bears its name: `from` does.
    const name = isCentred || !this.center ? this.name : "";
    return { ...this.at, side: this.side, name, mark: "", precision: isCentred ? this.wide : "point", isPin: true };
  }

  /** The middle of the territory that the pin left, or null. */
  get from() {
    if (!this.at || !this.center || this.isAt(this.center)) return null;
    return { ...this.center, side: this.side, name: this.name, mark: "", precision: "point" };
  }

  isAt(place) {
    return Boolean(this.at && place) && distanceKm(this.at, place) < SAME;
  }

  // --- The fields of the form

  /** The point that the fields hold, or null; as near as possible of the other places, across the 180th meridian. */
  typed() {
    const [lon, lat] = this.fields.map((field) => (field?.value.trim() ? Number(field.value) : NaN));
    const isPoint = Math.abs(lon) <= 180 && Math.abs(lat) <= MAX_LATITUDE;
    return isPoint ? { lon, lat } : null;
  }

  write() {
    const { lng } = this.at ? L.latLng(this.at.lat, this.at.lon).wrap() : { lng: null };
    const values = this.at ? [lng, this.at.lat].map((degrees) => degrees.toFixed(5)) : ["", ""];
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

  /** A suggestion was chosen: another place, another centre. */
  placeChosen({ target, detail }) {
    if (!target.contains(this.owner.box)) return;
    const chosen = { lon: Number(detail.lon), lat: Number(detail.lat) };
    Object.assign(this, { name: detail.name, center: chosen, wide: "commune" });
    this.put(chosen);
    this.owner.frame();
    this.show();
  }

  // --- The pin

  put({ lon, lat }) {
    this.at = { lon, lat: Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, lat)) };
    const where = [this.at.lat, this.at.lon];
    if (this.marker) this.marker.setLatLng(where);
    else this.create(where);
    this.dress();
  }

  create(where) {
    this.marker = L.marker(where, {
      icon: mark({ side: this.side, precision: "point" }, "places-mark--pin"),
      draggable: true,
      autoPan: true,
      keyboard: false,
      zIndexOffset: 1000,
    }).addTo(this.map);
    const pin = this.marker.getElement();
    pin.tabIndex = 0;
    // Arrows belong to the pin: a screen reader passes them on to an application.
    pin.setAttribute("role", "application");
    pin.setAttribute("aria-roledescription", "repère");
    pin.addEventListener("keydown", (event) => this.press(event));
    pin.addEventListener("focus", () => (this.before = { ...this.at }));
    pin.addEventListener("blur", ({ relatedTarget: next }) => {
      // A tap on the map takes the focus off the pin before it puts it down.
      if (next && !this.map.getContainer().contains(next)) this.hold(false);
    });
    this.marker.on("click", () => this.hold(!this.isHeld));
    this.marker.on("dragstart", () => this.hold(false));
    this.marker.on("drag", () => this.follow());
    this.marker.on("dragend", () => this.moved());
  }

  dress() {
    const pin = this.marker.getElement();
    pin.classList.toggle("places-mark--wide", this.point.precision !== "point");
    const name = this.name ? `Repère, ${this.name}` : "Repère";
    pin.setAttribute("aria-label", `${name}. Les flèches le déplacent, Majuscule et flèche de loin. Échap annule.`);
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
    const { lat, lng } = this.marker.getLatLng();
    this.at = { lon: lng, lat };
  }

  moved() {
    this.follow();
    this.put(this.at);
    this.isWriting = true;
    this.write();
    this.isWriting = false;
    this.show();
  }

  show() {
    this.map.panInside([this.at.lat, this.at.lon], { padding: [40, 40], animate: !isMotionReduced() });
    this.owner.drawing.draw();
    this.showBack();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => (this.said.textContent = this.words()), REST);
  }

  /** « Repère déplacé de 3 km vers l’ouest. » */
  words() {
    if (!this.at) return "";
    if (this.isAt(this.center)) return `Repère au centre${this.name ? ` : ${this.name}` : ""}.`;
    if (this.center) {
      return `Repère déplacé de ${distance(distanceKm(this.center, this.at))} vers ${way(this.center, this.at)}.`;
    }
    const nearest = [...this.owner.fixed].sort((a, b) => distanceKm(a, this.at) - distanceKm(b, this.at))[0];
    const where = L.latLng(this.at.lat, this.at.lon).wrap();
    if (!nearest) return `Repère placé : ${position({ lat: where.lat, lon: where.lng })}.`;
    return `Repère placé : depuis ${nearest.name}, ${distance(distanceKm(nearest, this.at))} vers ${way(nearest, this.at)}.`;
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
      this.marker.getElement().focus({ preventScroll: true });
    } else {
      this.remove();
      this.map.getContainer().focus({ preventScroll: true });
    }
  }

  // --- Taken with a tap, put down with another

  hold(isHeld) {
    if (this.isHeld === isHeld || !this.marker) return;
    this.isHeld = isHeld;
    this.marker.getElement().classList.toggle("places-mark--held", isHeld);
    this.map.getContainer().classList.toggle("map--pointing", isHeld);
    if (isHeld) {
      this.before = { ...this.at };
      this.said.textContent = "Repère pris. Touchez la carte là où il va, ou le repère pour le laisser.";
    } else if (this.said.textContent.startsWith("Repère pris")) {
      this.said.textContent = this.words();
    }
  }

  tapMap({ latlng }) {
    if (this.at && !this.isHeld) return; // a tap on the way to something else moves nothing
    this.hold(false);
    this.put({ lon: latlng.lng, lat: latlng.lat });
    this.moved();
    this.marker.getElement().focus({ preventScroll: true });
  }

  press(event) {
    const arrow = ARROWS[event.key];
    if (arrow && !event.ctrlKey && !event.altKey && !event.metaKey) {
      const pixels = event.shiftKey ? STEP.large : STEP.small;
      const to = this.map.project(this.marker.getLatLng()).add([arrow[0] * pixels, arrow[1] * pixels]);
      const { lat, lng } = this.map.unproject(to);
      this.put({ lon: lng, lat });
      this.moved();
    } else if (event.key === "Enter") {
      this.before = { ...this.at };
      this.hold(false);
      this.said.textContent = `Repère posé. ${this.words()}`;
    } else if (event.key === "Escape") {
      this.hold(false);
      if (!this.isAt(this.before)) {
        this.put(this.before);
        this.moved();
      }
    } else if (event.key === "+" || event.key === "-") {
      this.map.setZoomAround(this.marker.getLatLng(), this.map.getZoom() + (event.key === "+" ? 1 : -1), { animate: false });
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
