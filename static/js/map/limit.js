/* « Limiter à la zone visible »: the list follows the view, or tells the selection whole. */

import { WORLD_ZOOM } from "./scene.js";

/** @typedef {import("./state.js").MapState} MapState */
/** @typedef {import("./types.d.ts").Box} Box */

export class Limit {
  /**
   * @param {HTMLElement} label holds the checkbox
   * @param {MapState} state
   * @param {() => Box} visibleBox what the map shows
   */
  constructor(label, state, visibleBox) {
    this.label = label;
    this.state = state;
    this.checkbox = /** @type {HTMLInputElement} */ (label.querySelector("input"));
    this.checkbox.addEventListener("change", () => {
      state.setZone(this.checkbox.checked, this.checkbox.checked ? visibleBox() : null);
    });
    for (const change of ["selection", "view", "zone", "restore"]) state.addEventListener(change, () => this.follow());
    this.follow();
  }

  /** A selection is listed whole, and the view of the world limits nothing. */
  follow() {
    const { view, box, isChosen, isZoneLimited } = this.state;
    this.label.hidden = isChosen || !(box || (view && view[0] >= WORLD_ZOOM));
    this.checkbox.checked = isZoneLimited;
  }
}
