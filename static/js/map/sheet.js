// @ts-nocheck
/*
 * On a phone the panel is a sheet over the map, with three stops: 0 the sentence, 1 half of the screen, 2 nearly all.
 * Its handle is a button: a press goes to the next stop, a drag up or down to the next one that way.
 */

const STOPS = 3;
const DRAG = 40; // pixels of a drag that means it
const NARROW = matchMedia("(max-width: 47.99rem)");
const WORDS = ["Agrandir la liste", "Agrandir encore la liste", "Réduire la liste"];

export class Sheet {
  constructor(panel, onMove) {
    this.panel = panel;
    this.handle = panel.querySelector("[data-sheet-handle]");
    this.body = panel.querySelector("[data-sheet-body]");
    this.onMove = onMove;
    this.handle.addEventListener("click", () => {
      if (!this.wasDragged) this.moveTo((this.stop + 1) % STOPS);
      this.wasDragged = false;
    });
    this.followDrags();
    NARROW.addEventListener("change", () => this.moveTo(this.stop));
    panel.addEventListener("transitionend", (event) => event.target === panel && onMove());
    this.moveTo(0);
  }

  get isUsed() {
    return NARROW.matches;
  }

  moveTo(stop) {
    this.stop = stop;
    this.panel.dataset.stop = String(stop);
    this.handle.setAttribute("aria-expanded", String(stop > 0));
    this.handle.querySelector("[data-sheet-words]").textContent = WORDS[stop];
    // What is folded away is out of reach of the keyboard too.
    this.body.inert = this.isUsed && stop === 0;
    this.onMove();
  }

  followDrags() {
    let from = null;
    this.handle.addEventListener("pointerdown", (event) => {
      from = event.clientY;
      this.wasDragged = false;
      this.handle.setPointerCapture(event.pointerId);
    });
    this.handle.addEventListener("pointermove", (event) => {
      if (from === null || Math.abs(event.clientY - from) < DRAG) return;
      this.moveTo(Math.max(0, Math.min(STOPS - 1, this.stop + (event.clientY < from ? 1 : -1))));
      this.wasDragged = true;
      from = null;
    });
    for (const end of ["pointerup", "pointercancel"]) this.handle.addEventListener(end, () => (from = null));
  }
}
