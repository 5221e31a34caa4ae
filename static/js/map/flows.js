/* Asks the server for the links to draw: at which level, in which box, and only when the answer would change. */

/** @typedef {import("./types.d.ts").FlowAnswer} FlowAnswer */
/** @typedef {import("./state.js").MapState} MapState */
/** @typedef {import("./requests.js").Requests} Requests */

export const ZONE = 0;
export const REGION = 1;
export const DEPARTEMENT = 2;
export const COMMUNE = 3;
/** From this zoom on, what the view touches is asked for, with the other end coarse. */
export const LOCAL_ZOOM = 6;
const REGION_ZOOM = 4.25;
const COMMUNE_ZOOM = 7.6;
/** More links than this at a level, and the coarser one is shown: a hairball says nothing. */
const CROWDED = { [REGION]: 60, [COMMUNE]: 140 };
/** More links than this between two territories, and their départements and subdivisions are shown rather than communes. */
const MOST_STRANDS = 200;
/** The finest level that a chosen territory asks for, by the letter of its key. */
const LEVEL_OF = { z: 1, r: 1, p: 1, d: 2, a: 2, c: 3, e: 3, v: 3 };
const PAD = 0.3;

/** @param {string} key */
export const levelOfKey = (key) => LEVEL_OF[/** @type {keyof typeof LEVEL_OF} */ (key[0])] ?? REGION;

/**
 * The level to ask for at a zoom; `isCrowded(level)` says that the answer at that level is known to hold too many links.
 * @param {number} zoom
 * @param {(level: number) => boolean} isCrowded
 */
export function levelAt(zoom, isCrowded) {
  if (zoom < REGION_ZOOM) return isCrowded(REGION) ? ZONE : REGION;
  if (zoom < LOCAL_ZOOM) return REGION;
  if (zoom < COMMUNE_ZOOM) return isCrowded(COMMUNE) ? DEPARTEMENT : COMMUNE;
  return COMMUNE;
}

/**
 * Whether an answer holds too many links for where it is shown.
 * @param {FlowAnswer} answer
 * @param {number} zoom
 */
export function isTooMuch(answer, zoom) {
  if (answer.level === REGION) return zoom < REGION_ZOOM && answer.flows_total > CROWDED[REGION];
  return answer.level === COMMUNE && zoom < COMMUNE_ZOOM && answer.flows_total > CROWDED[COMMUNE];
}

/** The first answer, which the server wrote in the page; null where it could not know the view. */
export function openingOf(root = document) {
  const text = root.querySelector("[data-opening]")?.textContent;
  return text ? /** @type {FlowAnswer} */ (JSON.parse(text)) : null;
}

export class Flows {
  /**
   * @param {L.Map} map
   * @param {MapState} state
   * @param {Requests} requests
   * @param {string} url
   * @param {FlowAnswer|null} opening the answer to the first question
   */
  constructor(map, state, requests, url, opening = null) {
    this.map = map;
    this.opening = opening;
    this.state = state;
    this.requests = requests;
    this.url = url;
    /** @type {Set<string>} selections and levels known to be crowded */
    this.crowded = new Set();
    this.shown = "";
    /** @type {L.LatLngBounds|null} */
    this.fetched = null;
    this.fetchedZoom = NaN;
    this.opened = state.query({ bbox: "" }).toString();
    // The server looked at the régions first too.
    if (opening?.level === ZONE) this.crowded.add(this.nameOf(REGION));
  }

  /** The answer that came with the page, once, as long as what it answers is what is asked. */
  takeOpening() {
    const isAsked = this.opened === this.state.query({ bbox: "" }).toString();
    const opening = isAsked ? this.opening : null;
    this.opening = null;
    if (opening) this.shown = this.state.query({ niveau: opening.level, bbox: "" }).toString();
    return opening;
  }

  /** What to ask for where the map looks; the pairs of a query. */
  question() {
    const { state } = this;
    const zoom = this.map.getZoom();
    if (state.isLink) return { niveau: COMMUNE, bbox: "" };
    const finest = Math.max(ZONE, ...state.chosenKeys.map(levelOfKey));
    if (finest > REGION) return { niveau: finest, bbox: "" };
    if (state.isChosen && zoom < LOCAL_ZOOM) return { niveau: REGION, bbox: "" };
    const level = levelAt(zoom, (one) => this.crowded.has(this.nameOf(one)));
    return { niveau: level, bbox: level >= DEPARTEMENT ? this.box() : "" };
  }

  /**
   * A selection at a level; close by, what is crowded here stays drawn coarsely beside it, so that panning compares
   * like with like.
   * @param {number} level
   */
  nameOf(level) {
    const zoom = level >= DEPARTEMENT ? Math.floor(this.map.getZoom()) : "";
    return `${level} ${zoom} ${this.state.query({ bbox: "" })}`;
  }

  /** The box to ask for: the one already asked for as long as the view stays in it, else the view and its margin. */
  box() {
    const bounds = this.map.getBounds();
    if (!this.fetched?.contains(bounds) || this.fetchedZoom !== this.map.getZoom()) {
      this.fetched = bounds.pad(PAD);
      this.fetchedZoom = this.map.getZoom();
    }
    return boxOf(this.fetched).join(",");
  }

  /**
   * The answer for where the map looks; null when it is the one already shown, or no longer wanted.
   * @returns {Promise<{answer: FlowAnswer, isWhole: boolean}|null>} isWhole: the answer is not limited to the view
   */
  async ask() {
    const opening = this.takeOpening();
    if (opening) return { answer: opening, isWhole: this.state.isChosen };
    const question = this.question();
    const query = this.state.query(question);
    if (query.toString() === this.shown) return null;
    const answer = /** @type {FlowAnswer|null} */ (await this.requests.ask("flows", this.url, query));
    if (!answer) return null;
    if (!this.state.isChosen && isTooMuch(answer, this.map.getZoom()) && question.niveau === answer.level) {
      const name = this.nameOf(answer.level);
      if (!this.crowded.has(name)) {
        this.crowded.add(name);
        return this.ask();
      }
    }
    this.shown = query.toString();
    return { answer, isWhole: this.state.isChosen && !query.has("bbox") };
  }

  /**
   * The links of the selection, whole: what a view that holds them all is made of.
   * @returns {Promise<FlowAnswer|null>}
   */
  async askSelection() {
    const opening = this.takeOpening();
    if (opening) return opening;
    const level = this.state.isLink ? COMMUNE : Math.max(...this.state.chosenKeys.map(levelOfKey));
    let query = this.state.query({ niveau: level, bbox: "" });
    let answer = /** @type {FlowAnswer|null} */ (await this.requests.ask("flows", this.url, query));
    if (answer && this.state.isDiptych && answer.flows_total > MOST_STRANDS) {
      query = this.state.query({ niveau: DEPARTEMENT, bbox: "" });
      answer = /** @type {FlowAnswer|null} */ (await this.requests.ask("flows", this.url, query));
    }
    if (answer) this.shown = query.toString();
    return answer;
  }

  /** The next question is asked even if its answer was shown: something else was drawn meanwhile. */
  forget() {
    this.shown = "";
  }
}

/**
 * @param {L.LatLngBounds} bounds
 * @returns {import("./types.d.ts").Box}
 */
export function boxOf(bounds) {
  const round = (/** @type {number} */ degrees) => Number(degrees.toFixed(2));
  return [
    round(bounds.getWest()),
    round(Math.max(-90, bounds.getSouth())),
    round(bounds.getEast()),
    round(Math.min(90, bounds.getNorth())),
  ];
}
