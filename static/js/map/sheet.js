/*
 * On a phone the panel is a sheet over the map, with three stops: 0 its head, 1 half of the screen, 2 nearly all of it.
 * It follows the finger, then settles at a stop. Its handle is a button too: each press goes to the next stop.
 * The sheet is moved by a transformation: neither the map nor the list is laid out again on the way.
 */

const STOPS = 3;
const TAP = 6; // pixels of a move that is still a press
const FLICK = 0.4; // pixels a millisecond from which a drag goes on by itself
const HALF = 0.46; // of the page
const FOLDED_MOST = 0.6; // of the page: large letters leave half of it to the map
const NARROW = matchMedia("(max-width: 47.99rem)");
const WORDS = ["Agrandir la liste", "Agrandir encore la liste", "Réduire la liste"];

export class Sheet {
  /**
   * @param {HTMLElement} panel
   * @param {() => void} onMove called when the sheet has come to a stop
   */
  constructor(panel, onMove) {
    this.panel = panel;
    this.onMove = onMove;
    this.head = /** @type {HTMLElement} */ (panel.querySelector("[data-sheet-head]"));
    this.handle = /** @type {HTMLElement} */ (panel.querySelector("[data-sheet-handle]"));
    this.words = /** @type {HTMLElement} */ (panel.querySelector("[data-sheet-words]"));
    this.body = /** @type {HTMLElement} */ (panel.querySelector("[data-sheet-body]"));
    this.stop = 0;
    this.isDragged = false;
    /** @type {{id: number, y: number, down: number, at: number, speed: number, last: number}|null} */
    this.drag = null;
    this.handle.addEventListener("click", () => {
      if (!this.isDragged) this.moveTo((this.stop + 1) % STOPS);
      this.isDragged = false;
    });
    this.followDrags();
    panel.addEventListener("transitionend", (event) => event.target === panel && onMove());
    NARROW.addEventListener("change", () => this.moveTo(this.stop));
    // The field is above the keyboard of the phone once the sheet is high.
    panel.querySelector("[data-search] input")?.addEventListener("focus", () => this.isUsed && this.moveTo(STOPS - 1));
    panel.addEventListener("focusin", ({ target }) => this.bringInSight(/** @type {HTMLElement} */ (target)));
    panel.parentElement?.addEventListener("focusin", ({ target }) => this.uncover(/** @type {HTMLElement} */ (target)));
    const sizes = new ResizeObserver(() => this.settle());
    for (const one of [panel, ...panel.querySelectorAll("[data-sheet-peek]")]) sizes.observe(one);
    this.moveTo(0);
  }

  /** What the keyboard reaches under the edge of the screen raises the sheet. @param {HTMLElement} target */
  bringInSight(target) {
    if (!this.isUsed || this.stop > 0) return;
    if (target.getBoundingClientRect().bottom > innerHeight + 1) this.moveTo(1);
  }

  /** What the keyboard reaches on the map, under the sheet, lowers it. @param {HTMLElement} target */
  uncover(target) {
    if (!this.isUsed || this.stop === 0 || this.panel.contains(target) || !target.matches(":focus-visible")) return;
    if (target.getBoundingClientRect().bottom > this.panel.getBoundingClientRect().top) this.moveTo(0);
  }

  /** Whether the screen is narrow enough for a sheet. */
  get isUsed() {
    return NARROW.matches;
  }

  /** How far down the sheet stands at a stop, in pixels from its highest place. @param {number} stop */
  downAt(stop) {
    const full = this.panel.offsetHeight;
    const peek = [...this.panel.querySelectorAll("[data-sheet-peek]")]
      .map((one) => /** @type {HTMLElement} */ (one))
      .reduce((bottom, one) => (one.hidden ? bottom : Math.max(bottom, one.offsetTop + one.offsetHeight)), 0);
    const room = this.panel.parentElement?.offsetHeight ?? full;
    const heights = [Math.min(peek, room * FOLDED_MOST), Math.max(peek, room * HALF), full];
    return Math.max(0, Math.round(full - heights[stop]));
  }

  /** @param {number} stop */
  moveTo(stop) {
    this.stop = stop;
    this.panel.dataset.stop = String(stop);
    this.handle.setAttribute("aria-expanded", String(stop > 0));
    this.words.textContent = WORDS[stop];
    // What is folded away is out of reach of the keyboard too.
    this.body.inert = this.isUsed && stop === 0;
    this.settle();
  }

  /** Stand where the stop says; what a list does not show is room to scroll. */
  settle() {
    if (!this.isUsed) {
      this.place(0, 0);
      return;
    }
    if (this.drag) return;
    const down = this.downAt(this.stop);
    this.place(down, this.stop === 0 ? 0 : down);
    this.onMove();
  }

  /**
   * @param {number} down
   * @param {number} hidden height of the body that is under the screen
   */
  place(down, hidden) {
    this.panel.style.setProperty("--sheet-down", `${down}px`);
    this.panel.style.setProperty("--sheet-hidden", `${hidden}px`);
  }

  /** The finger may leave the head while it moves: it is followed over the whole page. */
  followDrags() {
    this.head.addEventListener("pointerdown", (event) => this.start(event));
    addEventListener("pointermove", (event) => this.follow(event));
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, (event) => this.release(/** @type {PointerEvent} */ (event)));
  }

  /** @param {PointerEvent} event */
  start(event) {
    if (!this.isUsed || event.button !== 0) return;
    this.isDragged = false;
    const down = this.downAt(this.stop);
    this.drag = { id: event.pointerId, y: event.clientY, down, at: event.timeStamp, speed: 0, last: event.clientY };
  }

  /** @param {PointerEvent} event */
  follow(event) {
    const { drag } = this;
    if (drag?.id !== event.pointerId) return;
    const moved = event.clientY - drag.y;
    if (!this.isDragged && Math.abs(moved) < TAP) return;
    if (!this.isDragged) {
      this.isDragged = true;
      this.panel.classList.add("map-panel--dragged");
    }
    const elapsed = Math.max(1, event.timeStamp - drag.at);
    drag.speed = 0.6 * ((event.clientY - drag.last) / elapsed) + 0.4 * drag.speed;
    Object.assign(drag, { at: event.timeStamp, last: event.clientY });
    const down = Math.max(0, Math.min(this.downAt(0), drag.down + moved));
    this.panel.style.setProperty("--sheet-down", `${down}px`);
  }

  /** At the nearest stop, or at the next one in the direction of a quick move. @param {PointerEvent} event */
  release(event) {
    const { drag } = this;
    if (drag?.id !== event.pointerId) return;
    this.drag = null;
    this.panel.classList.remove("map-panel--dragged");
    if (!this.isDragged) return;
    const down = drag.down + drag.last - drag.y;
    const distances = [0, 1, 2].map((stop) => Math.abs(this.downAt(stop) - down));
    let stop = distances.indexOf(Math.min(...distances));
    if (Math.abs(drag.speed) > FLICK && stop === this.stop) stop += drag.speed < 0 ? 1 : -1;
    this.moveTo(Math.max(0, Math.min(STOPS - 1, stop)));
    // A drag that ends on the handle is no press.
    setTimeout(() => (this.isDragged = false));
  }
}
