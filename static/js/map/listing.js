/* The questions to /carte/liste: asked when the selection changes, answered to whoever listens. */

/** @typedef {import("./state.js").MapState} MapState */
/** @typedef {import("./requests.js").Requests} Requests */
/** @typedef {import("./types.d.ts").ListAnswer} ListAnswer */

const STALE = 60_000; // milliseconds after which a page one comes back to is asked again

/**
 * Events: "asking", then "answer", "failure", or "rest" when what is shown is what is wanted again. `answer` is the last one, null as long as the page shows what the server
 * wrote in it; `isMore` says that it continues the list.
 */
export class Listing extends EventTarget {
  /**
   * @param {MapState} state
   * @param {Requests} requests
   * @param {string} url
   * @param {number} page the page of the list that the server wrote
   */
  constructor(state, requests, url, page) {
    super();
    this.state = state;
    this.requests = requests;
    this.url = url;
    this.page = page;
    /** @type {ListAnswer|null} */
    this.answer = null;
    this.isMore = false;
    /** Every answer brings the choices with their counts, as long as somebody looks at them. */
    this.hasFacets = false;
    this.shown = this.query(1);
    this.turn = 0;
    this.askedAt = Date.now();
    for (const change of ["selection", "filters", "zone", "restore"]) {
      state.addEventListener(change, () => this.ask());
    }
    // What was withdrawn meanwhile goes away.
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && Date.now() - this.askedAt > STALE) this.again();
    });
  }

  /** @param {number} page */
  query(page) {
    const extra = { page: page > 1 ? page : "", facettes: this.hasFacets ? 1 : "" };
    return this.state.query(extra).toString();
  }

  /**
   * Ask for a page of the selection, unless it is the one shown.
   * @param {number} page
   */
  async ask(page = 1) {
    this.turn += 1;
    const turn = this.turn;
    const query = this.query(page);
    this.asked = page;
    if (query === this.shown) {
      this.dispatchEvent(new Event("rest"));
      return;
    }
    this.askedAt = Date.now();
    this.dispatchEvent(new Event("asking"));
    try {
      const answer = /** @type {ListAnswer|null} */ (await this.requests.ask("list", this.url, query));
      if (!answer || turn !== this.turn) return;
      Object.assign(this, { answer, shown: query, page, isMore: page > 1 });
      this.dispatchEvent(new Event("answer"));
    } catch {
      if (turn === this.turn) this.dispatchEvent(new Event("failure"));
    }
  }

  /** The page after the one shown. */
  more() {
    return this.ask(this.page + 1);
  }

  /** Ask again for the beginning, even if it is shown. */
  again() {
    this.shown = "";
    return this.ask();
  }

  /** Ask again for what failed. */
  retry() {
    return this.ask(this.asked);
  }
}
