/* The words searched: the selection follows while they are typed. */

/** @typedef {import("./state.js").MapState} MapState */

const PAUSE = 350; // milliseconds without a key before the words are searched

export class SearchField {
  /**
   * @param {HTMLFormElement} form
   * @param {MapState} state
   */
  constructor(form, state) {
    this.input = /** @type {HTMLInputElement} */ (form.elements.namedItem("q"));
    this.state = state;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.pause = undefined;
    this.isTyping = false;
    this.input.addEventListener("input", () => {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.search(), PAUSE);
    });
    this.input.addEventListener("blur", () => (this.isTyping = false));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.search();
      this.isTyping = false;
    });
    for (const change of ["filters", "restore"]) state.addEventListener(change, () => this.follow());
  }

  search() {
    clearTimeout(this.pause);
    const words = this.input.value.trim();
    if (words === (this.state.filters.get("q") ?? "")) return;
    const filters = new URLSearchParams(this.state.filters);
    if (words) filters.set("q", words);
    else filters.delete("q");
    // Words on the way to others leave no entry of their own behind.
    this.state.setFilters(filters, this.isTyping);
    this.isTyping = true;
  }

  /** What was taken off elsewhere leaves the field; what is being typed stays. */
  follow() {
    const words = this.state.filters.get("q") ?? "";
    if (this.input.value.trim() !== words) this.input.value = words;
  }
}
