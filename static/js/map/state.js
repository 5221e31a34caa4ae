/*
 * The state of the page is its address: filters as the server names them, the selection (ici, labas), the view
 * (vue=zoom/latitude/longitude) and the box that limits the list (bbox). Everything else listens: data flows one way.
 *
 * Events: "selection", "filters", "view", "zone" when a part changed, "restore" when back or forward changed all.
 */

/** @typedef {import("./types.d.ts").View} View */
/** @typedef {import("./types.d.ts").Box} Box */

const OWN = ["ici", "labas", "vue", "bbox", "page"];
/** Territories of the side here begin with these letters. */
const HERE_LETTERS = "cedrz";

/** @param {string} key */
export const isHereKey = (key) => HERE_LETTERS.includes(key[0]);

/**
 * What an address says. Values that mean nothing are left out: the server refuses them with a sentence.
 * @param {string} search
 * @returns {{filters: URLSearchParams, here: string|null, there: string|null, view: View|null, box: Box|null}}
 */
export function readAddress(search) {
  const query = new URLSearchParams(search);
  const filters = new URLSearchParams();
  for (const [name, value] of query) if (!OWN.includes(name) && value) filters.append(name, value);
  return {
    filters,
    here: query.get("ici") || null,
    there: query.get("labas") || null,
    view: /** @type {View|null} */ (numbers(query.get("vue"), "/", 3)),
    box: /** @type {Box|null} */ (numbers(query.get("bbox"), ",", 4)),
  };
}

/**
 * @param {string|null} text
 * @param {string} separator
 * @param {number} count
 */
function numbers(text, separator, count) {
  const values = (text ?? "").split(separator).map(Number.parseFloat);
  return values.length === count && values.every(Number.isFinite) ? values : null;
}

export class MapState extends EventTarget {
  /** @param {string} search the query of the address */
  constructor(search) {
    super();
    /** @type {URLSearchParams} */
    this.filters = new URLSearchParams();
    /** @type {string|null} */
    this.here = null;
    /** @type {string|null} */
    this.there = null;
    /** @type {View|null} */
    this.view = null;
    /** @type {Box|null} the box that limits the selection, when it is limited */
    this.box = null;
    this.isZoneLimited = true;
    this.read(search);
  }

  /** @param {string} search */
  read(search) {
    Object.assign(this, readAddress(search));
    // A view without a box is that of a reader who did not want the list limited to it.
    this.isZoneLimited = Boolean(this.box) || !this.view;
  }

  get isChosen() {
    return Boolean(this.here || this.there);
  }

  /** Both ends are chosen: a link. */
  get isLink() {
    return Boolean(this.here && this.there);
  }

  /** A link without a view is shown as two local maps; with one, on the map of the world. */
  get isDiptych() {
    return this.isLink && !this.view;
  }

  get chosenKeys() {
    return /** @type {string[]} */ ([this.here, this.there].filter(Boolean));
  }

  /**
   * Select a territory, a link (both), or nothing. The entry left behind keeps its view, so that « précédent » comes
   * back to it.
   * @param {string|null} here
   * @param {string|null} there
   */
  choose(here, there) {
    if (here === this.here && there === this.there) return;
    Object.assign(this, { here, there, box: null });
    if (this.isChosen) this.view = null;
    this.push();
    this.tell("selection");
  }

  /**
   * @param {URLSearchParams} filters
   * @param {boolean} isSameEntry the change goes on with the last one: « précédent » comes back before both
   */
  setFilters(filters, isSameEntry = false) {
    if (filters.toString() === this.filters.toString()) return;
    this.filters = filters;
    if (isSameEntry) this.replace();
    else this.push();
    this.tell("filters");
  }

  /**
   * Where the map looks, and the box that limits the list there, if any.
   * @param {View|null} view
   * @param {Box|null} box
   */
  setView(view, box) {
    const hadBox = String(this.box);
    Object.assign(this, { view, box });
    this.replace();
    this.tell("view");
    if (String(box) !== hadBox) this.tell("zone");
  }

  /**
   * Limit the list to what the map shows, or not.
   * @param {boolean} isLimited
   * @param {Box|null} box
   */
  setZone(isLimited, box) {
    this.isZoneLimited = isLimited;
    this.box = isLimited ? box : null;
    this.replace();
    this.tell("zone");
  }

  /** Back or forward: the address says what to show. @param {string} search */
  restore(search) {
    this.read(search);
    this.tell("restore");
  }

  /**
   * The pairs that select initiatives, for any of the addresses; `extra` adds or replaces, an empty value removes.
   * @param {Record<string, string|number|null|undefined>} extra
   */
  query(extra = {}) {
    const query = new URLSearchParams(this.filters);
    const own = { ici: this.here, labas: this.there, bbox: this.box?.join(","), ...extra };
    for (const [name, value] of Object.entries(own)) {
      query.delete(name);
      if (value !== null && value !== undefined && value !== "") query.set(name, String(value));
    }
    return query;
  }

  /**
   * The address of the page in this state; keys keep their colon, which a query may hold.
   * @param {Record<string, string|number|null|undefined>} extra
   */
  address(extra = {}) {
    const text = addressText(this.query({ vue: this.view?.join("/"), ...extra }));
    return text ? `${location.pathname}?${text}` : location.pathname;
  }

  push() {
    history.pushState(null, "", this.address());
  }

  replace() {
    history.replaceState(null, "", this.address());
  }

  /** @param {string} name */
  tell(name) {
    this.dispatchEvent(new Event(name));
  }
}

/** @param {URLSearchParams} query */
export const addressText = (query) =>
  query.toString().replaceAll("%3A", ":").replaceAll("%2F", "/").replaceAll("%2C", ",");
