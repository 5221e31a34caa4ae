/* The door of the diptych: fetched with the page, while the diptych itself is fetched when a link is first opened. */

import { readAnswer } from "./scene.js";

/** @typedef {import("./types.d.ts").FlowAnswer} FlowAnswer */
/** @typedef {import("./types.d.ts").MapOptions} MapOptions */
/** @typedef {{here: string[], there: string[]}} Keys */
/**
 * @typedef {object} Hooks
 * @property {import("./state.js").MapState} state
 * @property {import("./requests.js").Requests} requests
 * @property {MapOptions} options
 * @property {() => number} covered pixels of the foot of the stage that the sheet covers
 * @property {() => void} lower show more of the stage: a link was just opened
 * @property {() => void} close one step back
 * @property {() => void} showWorld both ends on the map of the world
 */

export class DiptychDoor {
  /**
   * @param {HTMLElement} root
   * @param {Hooks} hooks
   */
  constructor(root, hooks) {
    this.root = root;
    this.hooks = hooks;
    this.host = /** @type {HTMLElement} */ (root.querySelector("[data-diptych]"));
    /** @type {Promise<import("./diptych.js").Diptych>|undefined} */
    this.loading = undefined;
    /** @type {import("./diptych.js").Diptych|undefined} */
    this.diptych = undefined;
    this.isByKeyboard = false;
    this.isNew = false;
    addEventListener("keydown", () => (this.isByKeyboard = true), true);
    addEventListener("pointerdown", () => (this.isByKeyboard = false), true);
    hooks.state.addEventListener("selection", () => (this.isNew = true));
    for (const change of ["selection", "restore", "view"]) {
      hooks.state.addEventListener(change, () => hooks.state.isDiptych || this.close());
    }
  }

  get isOpen() {
    return !this.host.hidden;
  }

  /**
   * Open the diptych on the chosen link; returns whether it is what shows the link. A link that no longer joins
   * anything is not shown.
   * @param {FlowAnswer} answer
   */
  async open(answer) {
    const { state } = this.hooks;
    if (!state.isDiptych || !answer.flows.length) {
      this.close();
      return false;
    }
    const address = state.address();
    const [isNew, takesFocus] = [this.isNew, this.isNew && this.isByKeyboard];
    this.isNew = false;
    try {
      this.loading ??= import("./diptych.js").then(({ Diptych }) => this.make(Diptych));
      this.diptych = await this.loading;
    } catch {
      this.loading = undefined;
      return false;
    }
    if (state.address() !== address) return true;
    if (isNew) this.hooks.lower();
    await this.diptych.show(readAnswer(answer), { isNew, takesFocus, onShown: () => this.cover(true) });
    return true;
  }

  /** @param {typeof import("./diptych.js").Diptych} Diptych */
  make(Diptych) {
    const { state, requests, options, covered, close, showWorld } = this.hooks;
    return new Diptych(this.host, {
      state,
      requests,
      options,
      covered,
      close,
      showWorld,
      lit: (keys) => this.markLines(keys),
    });
  }

  close() {
    if (!this.diptych || !this.isOpen) return;
    const hadFocus = this.host.contains(document.activeElement);
    this.diptych.hide();
    this.cover(false);
    const heading = /** @type {HTMLElement|null} */ (this.root.querySelector('[data-panel="sentence"]'));
    if (hadFocus) heading?.focus({ preventScroll: true });
  }

  /** The question about the chosen link failed: another one must not be shown in its place. */
  giveUp() {
    const { here, there } = this.hooks.state;
    const shown = this.diptych?.subject;
    if (shown && (shown.here !== here || shown.there !== there)) this.close();
  }

  /** What covers the stage has moved. */
  follow() {
    this.diptych?.redraw();
  }

  /** @param {Keys|null} keys */
  light(keys) {
    this.diptych?.light(keys);
  }

  /** What the diptych covers is out of reach of the keyboard too. @param {boolean} isCovered */
  cover(isCovered) {
    for (const one of this.host.parentElement?.children ?? []) {
      if (one !== this.host && one instanceof HTMLElement) one.inert = isCovered;
    }
  }

  /** The lines of the lists that say what is pointed at. @param {Keys|null} keys */
  markLines(keys) {
    for (const line of /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll("[data-here][data-there]"))) {
      const { here = "", there = "" } = line.dataset;
      const [own, other] = [here.split(" "), there.split(" ")];
      const isLit = keys?.here.some((key, i) => own.includes(key) && other.includes(keys.there[i]));
      line.classList.toggle("is-lit", Boolean(isLit));
    }
  }
}
