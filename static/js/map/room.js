/* What covers the map: the sheet of a phone, the controls. Boxes are in pixels of the map, [left, top, right, bottom]. */

const AIR = 4; // pixels kept free around a control
const EDGE = 8; // and at the edge of the map

/** @typedef {import("./types.d.ts").PixelBox} PixelBox */

export class Room {
  /**
   * @param {L.Map} map
   * @param {HTMLElement} root
   * @param {{panel: HTMLElement, isUsed: boolean}} sheet
   */
  constructor(map, root, sheet) {
    this.container = map.getContainer();
    this.root = root;
    this.sheet = sheet;
  }

  /**
   * Padding of a view that nothing hides, as Leaflet's fitBounds wants it.
   * @returns {{paddingTopLeft: [number, number], paddingBottomRight: [number, number]}}
   */
  padding() {
    const stage = this.container.getBoundingClientRect();
    if (!this.sheet.isUsed) return { paddingTopLeft: [90, 50], paddingBottomRight: [90, 96] };
    const bottom = Math.min(stage.bottom - this.sheetTop(), stage.height * 0.55);
    return { paddingTopLeft: [28, 124], paddingBottomRight: [28, bottom + 36] };
  }

  /**
   * The part of the map in sight, above the sheet or the controls of its bottom.
   * @returns {PixelBox}
   */
  frame() {
    const stage = this.container.getBoundingClientRect();
    const bottom = Math.min(stage.height, ...this.obstacles().map(([, top]) => (top > stage.height / 2 ? top : Infinity)));
    return [EDGE, EDGE, stage.width - EDGE, bottom - EDGE];
  }

  /** The elements that cover the map. */
  covers() {
    return [...this.root.querySelectorAll("[data-obstacle], .leaflet-control")];
  }

  /**
   * Boxes of the controls over the map: nothing is written under them.
   * @returns {PixelBox[]}
   */
  obstacles() {
    const stage = this.container.getBoundingClientRect();
    return this.covers()
      .map((one) => one.getBoundingClientRect())
      .filter((box) => box.width && box.right > stage.left && box.top < stage.bottom)
      .map((box) => [
        box.left - stage.left - AIR,
        box.top - stage.top - AIR,
        box.right - stage.left + AIR,
        box.bottom - stage.top + AIR,
      ]);
  }

  /** Pixels of the foot of the map that the sheet covers, as long as something is left of the map. */
  covered() {
    if (!this.sheet.isUsed) return 0;
    const stage = this.container.getBoundingClientRect();
    return Math.max(0, Math.min(stage.bottom - this.sheetTop(), stage.height * 0.55));
  }

  /** Tells the style sheet how much of the map the sheet covers, for the credits to stay above it. */
  tellCovered() {
    const covered = this.sheet.isUsed ? this.container.getBoundingClientRect().bottom - this.sheetTop() : 0;
    this.container.style.setProperty("--map-covered", `${Math.round(covered)}px`);
  }

  sheetTop() {
    return this.sheet.panel.getBoundingClientRect().top;
  }
}
