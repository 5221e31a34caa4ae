/* Pointing at the diptych, by mouse, finger or keyboard: what is met is lit, with its other end; a click opens it. */

import { NameRoom } from "./diptych-names.js";
import { writeName } from "./diptych-marks.js";
import { distanceTo } from "./diptych-strands.js";
import { svg } from "./diptych-svg.js";
import { canHover } from "./theme.js";

/** @typedef {import("./diptych-ends.js").End} End */
/** @typedef {import("./diptych-strands.js").Strand} Strand */
/** @typedef {import("./diptych-marks.js").EndView} EndView */
/** @typedef {import("./diptych-picture.js").Picture} Picture */
/** @typedef {{here: string[], there: string[]}} Keys */
/** @typedef {{end: End, strand?: undefined}|{strand: Strand, end?: undefined}} Target */
/**
 * @typedef {object} Hooks
 * @property {(target: Target) => boolean} leads whether a click on something opens anything
 * @property {(target: Target) => void} open
 * @property {(keys: Keys|null) => void} lit
 */

const REACH = { mouse: { end: 8, strand: 6 }, finger: { end: 22, strand: 12 } };
const MOST_HATCHED = 6;
const MOST_LIT_NAMES = 14;
const NAME_SIZE = 13.5;

export class Pointing {
  /**
   * @param {HTMLElement} stage
   * @param {Hooks} hooks
   */
  constructor(stage, hooks) {
    this.stage = stage;
    this.hooks = hooks;
    /** @type {Picture|null} */
    this.picture = null;
    /** @type {Keys|null} */
    this.litKeys = null;
    /** @type {SVGElement[]} */
    this.hatched = [];
    this.unit = 1;
    this.listen();
  }

  /**
   * Another picture of the same link, or none: what was lit stays lit.
   * @param {Picture|null} picture
   * @param {number} unit
   */
  follow(picture, unit) {
    Object.assign(this, { picture, unit });
    if (this.litKeys) this.light(this.litKeys);
  }

  /** Light the strands and the ends of a pair of territories, or put the light out. @param {Keys|null} keys */
  light(keys) {
    this.litKeys = keys;
    if (!this.picture) return;
    const { root, ends, strands } = this.picture;
    const isLit = (/** @type {Strand} */ { here, there }) =>
      keys !== null && keys.here.includes(here.node.key) && keys.there.includes(there.node.key);
    const lit = strands.filter(({ strand }) => isLit(strand));
    const on = new Set(lit.flatMap(({ strand }) => [strand.here, strand.there]));
    root.classList.toggle("diptych-maps--lit", lit.length > 0);
    for (const view of strands) view.painted.classList.toggle("is-on", lit.includes(view));
    this.hatch(ends.flatMap(({ end, drawArea }) => (drawArea && on.has(end) ? [drawArea] : [])));
    for (const { end, mark, name } of ends) {
      mark.classList.toggle("is-on", on.has(end));
      name?.classList.toggle("is-on", on.has(end));
    }
    this.nameLit(ends.filter(({ end, name }) => on.has(end) && !name));
  }

  /** Hatch the territories of lit areas. @param {(() => SVGElement)[]} areas */
  hatch(areas) {
    for (const one of this.hatched) one.remove();
    this.hatched = areas.slice(0, MOST_HATCHED).map((draw) => draw());
  }

  /** Names of lit places that had no room. @param {EndView[]} views */
  nameLit(views) {
    const { picture } = this;
    if (!picture) return;
    picture.root.querySelector(".diptych-lit")?.remove();
    if (!views.length) return;
    const group = svg("g", { class: "diptych-lit", "aria-hidden": "true" }, picture.root);
    for (const isHere of [true, false]) {
      const { rect, prefersRight } = picture.rooms[isHere ? "here" : "there"];
      const room = new NameRoom(rect, prefersRight);
      for (const { end, mark, name } of picture.ends) {
        if (end.node.isHere !== isHere || !mark.classList.contains("is-on")) continue;
        room.take([end.x - end.r, end.y - end.r, end.x + end.r, end.y + end.r]);
        const box = /** @type {SVGGraphicsElement|null} */ (name)?.getBBox();
        if (box) room.take([box.x, box.y, box.x + box.width, box.y + box.height]);
      }
      const own = views.filter(({ end }) => end.node.isHere === isHere).slice(0, MOST_LIT_NAMES);
      for (const view of own) writeName(group, view, room, NAME_SIZE * this.unit, 60);
    }
  }

  /** The territories of what a target joins. @param {Target|null} target @returns {Keys|null} */
  keysOf(target) {
    const { picture } = this;
    if (!target || !picture) return null;
    if (target.strand) return { here: [target.strand.here.node.key], there: [target.strand.there.node.key] };
    const own = strandsAt(picture, target.end);
    return { here: own.map(({ here }) => here.node.key), there: own.map(({ there }) => there.node.key) };
  }

  /** @param {Target|null} target */
  point(target) {
    const keys = this.keysOf(target);
    if (String([keys?.here, keys?.there]) === String([this.litKeys?.here, this.litKeys?.there])) return;
    this.light(keys);
    this.hooks.lit(keys);
  }

  listen() {
    const { stage } = this;
    const targetAt = (/** @type {MouseEvent} */ event, /** @type {keyof typeof REACH} */ tool) => {
      const box = stage.getBoundingClientRect();
      return this.find([event.clientX - box.left, event.clientY - box.top], REACH[tool]);
    };
    stage.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
      if (event.pointerType !== "mouse" || !canHover()) return;
      const target = targetAt(event, "mouse");
      stage.classList.toggle("diptych__stage--pointing", Boolean(target && this.hooks.leads(target)));
      this.point(target);
    });
    stage.addEventListener("pointerleave", () => this.point(null));
    stage.addEventListener("click", (/** @type {MouseEvent} */ event) => {
      // Without a pointer (keyboard, screen reader) the event says which mark was meant.
      const target = event.detail === 0 ? this.targetOf(event.target) : targetAt(event, tapped(event));
      if (target) this.hooks.open(target);
    });
    stage.addEventListener("focusin", (/** @type {FocusEvent} */ event) => this.point(this.targetOf(event.target)));
    stage.addEventListener("focusout", () => this.point(null));
    stage.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.press(event));
  }

  /** @param {EventTarget|null} target @returns {Target|null} */
  targetOf(target) {
    const item = target instanceof Element ? target.closest("[data-item]") : null;
    const end = this.picture?.ends.find(({ mark }) => mark === item)?.end;
    const strand = this.picture?.strands.find(({ button }) => button === item)?.strand;
    return end ? { end } : strand ? { strand } : null;
  }

  /**
   * The nearest place within reach, else the nearest strand.
   * @param {[number, number]} point
   * @param {typeof REACH.mouse} reach
   * @returns {Target|null}
   */
  find([x, y], reach) {
    const { picture } = this;
    if (!picture) return null;
    const end = nearest(picture.ends.map((view) => view.end), (one) => Math.hypot(one.x - x, one.y - y) - one.r);
    if (end && end.distance < reach.end) return { end: end.item };
    const strand = nearest(picture.strands.map((view) => view.strand), (one) => distanceTo(one, [x, y]) - one.width / 2);
    return strand && strand.distance < reach.strand ? { strand: strand.item } : null;
  }

  /** Arrows go round a group; Enter and space open. @param {KeyboardEvent} event */
  press(event) {
    const item = event.target instanceof SVGElement ? event.target : null;
    const target = this.targetOf(item);
    if (!item || !target) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.hooks.open(target);
      return;
    }
    const items = /** @type {SVGElement[]} */ ([...(item.parentElement?.querySelectorAll("[role=button]") ?? [])]);
    const at = items.indexOf(item);
    const [after, before] = [at + 1, at - 1];
    const ways = { ArrowRight: after, ArrowDown: after, ArrowLeft: before, ArrowUp: before };
    const step = { ...ways, Home: 0, End: items.length - 1 };
    if (!(event.key in step)) return;
    event.preventDefault();
    const next = items[(step[/** @type {keyof typeof step} */ (event.key)] + items.length) % items.length];
    item.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus({ preventScroll: true });
  }
}

/**
 * The strands of an end.
 * @param {Picture} picture
 * @param {End} end
 */
export const strandsAt = ({ strandsOf }, end) => strandsOf.get(end) ?? [];

/** @param {MouseEvent} event */
const tapped = (event) => (/** @type {PointerEvent} */ (event).pointerType === "touch" ? "finger" : "mouse");

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => number} distanceOf
 */
function nearest(items, distanceOf) {
  /** @type {{item: T, distance: number}|null} */
  let best = null;
  for (const item of items) {
    const distance = distanceOf(item);
    if (!best || distance < best.distance) best = { item, distance };
  }
  return best;
}
