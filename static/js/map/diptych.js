/*
 * A chosen link as a diptych: two local maps, ici and là-bas, joined by its strands. It stands over the map of the
 * world, which does not move. What it shows is said by the lists too.
 */

import { drawLocator } from "./diptych-locator.js";
import { drawPicture, middleOf } from "./diptych-picture.js";
import { Pointing, strandsAt } from "./diptych-pointing.js";
import { describe } from "./diptych-said.js";
import { Sources } from "./diptych-sources.js";
import { countryOf } from "./diptych-territories.js";
import { element, initiatives } from "./words.js";

/** @typedef {import("./types.d.ts").FlowData} FlowData */
/** @typedef {import("./types.d.ts").MapOptions} MapOptions */
/** @typedef {import("./types.d.ts").Node} Node */
/** @typedef {import("./diptych-picture.js").Subject} Subject */
/** @typedef {import("./diptych-pointing.js").Keys} Keys */
/** @typedef {import("./diptych-pointing.js").Target} Target */
/** @typedef {{hereName: string, thereName: string}} Names */
/**
 * @typedef {object} Hooks
 * @property {import("./state.js").MapState} state
 * @property {import("./requests.js").Requests} requests
 * @property {MapOptions} options
 * @property {() => number} covered pixels of the foot of the stage that the sheet covers
 * @property {() => void} close one step back
 * @property {() => void} showWorld both ends on the map of the world
 * @property {(keys: Keys|null) => void} lit what is pointed at, for the lists
 */

const NARROW = 600; // pixels: less, and words are shorter
const ROOM = { width: 320, height: 260 }; // pixels that the words take at their own size: with less they do not grow
const PATIENCE = 600; // milliseconds for the names of both ends to come before the maps are drawn
const PLACES = "cv"; // letters of the keys that are places; the others are areas
const FINEST = 3; // level of communes and towns
/** What an end is known by when it has no place, by the letter of its key. */
const PRECISION = {
  p: "pays seulement",
  a: "région seulement",
  z: "territoire seulement",
  r: "région seulement",
  d: "département seulement",
  e: "intercommunalité seulement",
};

export class Diptych {
  /**
   * @param {HTMLElement} host
   * @param {Hooks} hooks
   */
  constructor(host, hooks) {
    this.host = host;
    this.hooks = hooks;
    this.sources = new Sources(hooks.options, () => this.redraw());
    /** @type {Map<string, string>} */
    this.names = new Map();
    /** @type {Subject|null} */
    this.subject = null;
    /** @type {string[]} countries around both maps */
    this.around = [];
    this.located = "";
    this.openedAt = 0;
    this.frame = 0;
    this.turn = 0;
    this.bar = this.buildBar();
    this.stage = element("div", "diptych__stage");
    host.append(this.bar.root, this.stage);
    host.setAttribute("role", "region");
    host.setAttribute("aria-labelledby", this.bar.title.id);
    new ResizeObserver(() => this.redraw()).observe(host);
    document.fonts.ready.then(() => this.redraw());
    this.pointing = new Pointing(this.stage, {
      leads: (target) => Boolean(this.finerLink(target)),
      open: (target) => this.open(target),
      lit: hooks.lit,
    });
  }

  get isShown() {
    return !this.host.hidden;
  }

  // --- What it shows

  /**
   * Show the chosen link; `data` holds its places. The focus comes along when the link was chosen by keyboard.
   * @param {FlowData} data
   * @param {{isNew: boolean, takesFocus: boolean, onShown: () => void}} options isNew: it was just chosen
   */
  async show(data, { isNew, takesFocus, onShown }) {
    const { here, there } = this.hooks.state;
    if (!here || !there) return;
    const turn = (this.turn += 1);
    data.nodes.forEach(({ key, name }) => this.names.set(key, name));
    const areas = data.nodes.filter(({ key }) => !PLACES.includes(key[0]));
    /** @type {Set<string>} */
    const guarded = new Set();
    const questions = [this.askTerritories(), this.askList(data.level === FINEST ? areas : [], guarded)];
    const known = countryOf(there);
    await (known && this.names.has(here) && this.names.has(there) ? null : withinPatience(questions));
    if (turn !== this.turn) return;
    if (isNew) this.keepWayBack(here, there);
    this.start({ data, here, there, guarded }, known || countryOf((await questions[0]) ?? ""));
    onShown();
    if (takesFocus && this.isFocusFree()) this.bar.title.focus({ preventScroll: true });
    await Promise.all(questions);
    if (turn === this.turn) this.tell();
  }

  /**
   * The link it was chosen from, kept with the entry of the history: the way back is there after a reload too.
   * @param {string} here
   * @param {string} there
   */
  keepWayBack(here, there) {
    if (!this.subject || (this.subject.here === here && this.subject.there === there)) return;
    const { hereName, thereName } = this.subject;
    history.replaceState({ ...history.state, diptychFrom: { hereName, thereName } }, "");
  }

  /** Whether the reader has not gone elsewhere in the meantime. */
  isFocusFree() {
    const at = document.activeElement;
    return !at || at === document.body || at.matches('[data-panel="sentence"]') || this.host.contains(at);
  }

  /** @param {{data: FlowData, here: string, there: string, guarded: Set<string>}} link @param {string} country */
  start({ data, here, there, guarded }, country) {
    const isSame = this.subject?.here === here && this.subject.there === there;
    const precision = (/** @type {Node} */ { key }) => {
      const isProtected = guarded.has(key);
      const words = PRECISION[/** @type {keyof typeof PRECISION} */ (key[0])];
      return { note: isProtected ? `lieu protégé\u00a0: ${words}` : words, isProtected };
    };
    this.subject = { data, here, there, country, precision, hereName: "", thereName: "", countryName: "" };
    this.pointing.litKeys = null;
    if (!isSame) this.openedAt = performance.now();
    this.host.hidden = false;
    this.tell();
  }

  /** Names and precisions come with the answers: say them. */
  tell() {
    if (!this.subject) return;
    const { here, there } = this.subject;
    this.subject.hereName = this.names.get(here) ?? "Un lieu d’ici";
    this.subject.thereName = this.names.get(there) ?? "Un lieu de là-bas";
    this.subject.countryName = this.names.get(`p:${this.subject.country}`) ?? "";
    this.writeBar();
    this.draw();
  }

  hide() {
    this.turn += 1;
    this.subject = null;
    if (this.host.hidden) return;
    this.host.hidden = true;
    delete this.host.dataset.drawn;
    this.hooks.lit(null);
    this.stage.replaceChildren();
    this.pointing.follow(null, 1);
  }

  /** Light the strands and the ends of a pair of territories, or put the light out. @param {Keys|null} keys */
  light(keys) {
    this.pointing.light(keys);
  }

  /** The region and the country of the link, for their names; returns the key of the country. */
  async askTerritories() {
    const { requests, options, state } = this.hooks;
    try {
      const query = state.query({ niveau: 1, bbox: "" });
      /** @type {import("./types.d.ts").FlowAnswer|null} */
      const answer = await requests.ask("diptych-names", options.flowsUrl, query);
      answer?.keys.forEach((key, i) => this.names.set(key, answer.names[i]));
      return answer?.keys.find((key) => key[0] === "p") ?? null;
    } catch {
      return null;
    }
  }

  /**
   * The names of both ends as the list says them, and which areas are those of protected places: when every initiative
   * listed there says so.
   * @param {Node[]} areas
   * @param {Set<string>} guarded
   */
  async askList(areas, guarded) {
    const { requests, options, state } = this.hooks;
    try {
      const answer = await requests.ask("diptych-list", options.listUrl, state.query({ bbox: "" }));
      /** @type {{facet: string, value: string, label: string}[]} */
      const chips = answer?.chips ?? [];
      for (const { facet, value, label } of chips) {
        if ((facet === "ici" || facet === "labas") && !this.names.has(value)) this.names.set(value, label);
      }
      /** @type {{withheld: boolean, here: {key: string}, there: {key: string}}[]} */
      const items = answer?.items ?? [];
      for (const { key, isHere } of areas) {
        const own = items.filter((item) => item[isHere ? "here" : "there"].key === key);
        // With both ends coarse, the list does not say which one is protected.
        const isOther = (/** @type {string} */ other) => PLACES.includes(other[0]);
        const isGuarded = (/** @type {typeof items[number]} */ item) =>
          item.withheld && isOther(item[isHere ? "there" : "here"].key);
        if (own.length && own.every(isGuarded)) guarded.add(key);
      }
    } catch {
      // The maps say less: names by the side, areas by how precise they are and not why.
    }
    return null;
  }

  // --- The bar above the maps

  buildBar() {
    const button = (/** @type {string} */ name, /** @type {() => void} */ act) => {
      const made = /** @type {HTMLButtonElement} */ (element("button", `diptych__button diptych__${name}`));
      made.type = "button";
      made.addEventListener("click", act);
      return made;
    };
    const title = element("h2", "visually-hidden");
    title.id = "diptyque-titre";
    title.tabIndex = -1;
    const back = button("back", () => history.back());
    const world = button("world", () => this.hooks.showWorld());
    const close = button("close", () => this.hooks.close());
    close.append(element("span", "diptych__word", "Fermer "), crossMark());
    close.setAttribute("aria-label", "Fermer les deux cartes");
    const root = element("div", "diptych__bar", title, back, world, close);
    return { root, title, back, world, close };
  }

  writeBar() {
    if (!this.subject) return;
    const { hereName, thereName, data } = this.subject;
    const { title, back } = this.bar;
    title.textContent = `${hereName} et ${thereName}, deux cartes côte à côte\u00a0: ${initiatives(data.total)}`;
    const from = /** @type {Names|undefined} */ (history.state?.diptychFrom);
    back.hidden = !from;
    if (!from) return;
    const pair = `${from.hereName} – ${from.thereName}`;
    const words = [element("span", "diptych__word", pair), element("span", "diptych__short", "Retour")];
    back.replaceChildren(element("span", "", "← "), ...words);
    back.setAttribute("aria-label", `Retour à ${pair}`);
  }

  // --- Drawing

  /** Draw again once, before the next frame. */
  redraw() {
    if (this.host.hidden || this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  draw() {
    const { subject } = this;
    if (!subject || this.host.hidden) return;
    const covered = this.hooks.covered();
    this.host.style.setProperty("--diptych-covered", `${Math.round(covered)}px`);
    // Strands drawn again while they appear go on from where they were.
    this.host.style.setProperty("--diptych-since", `${Math.round(this.openedAt - performance.now())}ms`);
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (width < 40 || height < 40) return;
    const files = this.sources.files(subject.country, this.around);
    const wanted = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
    const unit = Math.min(wanted, Math.max(1, Math.min(width / ROOM.width, height / ROOM.height)));
    const focused = /** @type {HTMLElement|null} */ (document.activeElement)?.dataset?.item;
    const picture = drawPicture(subject, files, { width, height, unit, isNarrow: width < NARROW });
    // The files of the countries around are asked for once the maps are there.
    if (String(picture.around) !== String(this.around)) {
      this.around = picture.around;
      this.sources.files(subject.country, this.around);
    }
    this.pointing.follow(picture, unit);
    describe(picture, subject, (target) => Boolean(this.finerLink(target)));
    this.stage.replaceChildren(picture.root);
    this.drawLocator(files);
    const items = /** @type {NodeListOf<SVGElement>} */ (this.stage.querySelectorAll("[data-item]"));
    if (focused) [...items].find((one) => one.dataset.item === focused)?.focus({ preventScroll: true });
    this.host.dataset.drawn = this.sources.isSettled ? "true" : "soon";
  }

  /** The small world, drawn again when it would change. @param {import("./diptych-sources.js").Files} files */
  drawLocator(files) {
    if (!this.subject) return;
    const [here, there] = [middleOf(this.subject, true), middleOf(this.subject, false)];
    const drawn = [here, there, Boolean(files.world), Boolean(files.france)].join();
    if (drawn === this.located) return;
    this.located = drawn;
    this.bar.world.replaceChildren(
      drawLocator(files, here, there),
      element("span", "diptych__word", "Voir sur la carte du monde"),
      element("span", "diptych__short", "Carte du monde"),
    );
  }

  // --- Opening

  /** What a click on something opens: a link with finer ends, or null when there is none. @param {Target} target */
  finerLink({ end, strand }) {
    const { subject } = this;
    const { picture } = this.pointing;
    if (!subject || !picture) return null;
    const own = end ? strandsAt(picture, end) : [strand];
    let { here, there } = subject;
    if (own.length === 1) [here, there] = [own[0].here.node.key, own[0].there.node.key];
    else if (end?.node.isHere) here = end.node.key;
    else if (end) there = end.node.key;
    return here === subject.here && there === subject.there ? null : { here, there };
  }

  /** @param {Target} target */
  open(target) {
    const pair = this.finerLink(target);
    if (!pair) return;
    this.hooks.lit(null);
    this.hooks.state.choose(pair.here, pair.there);
  }
}

/** @param {Promise<any>[]} questions */
const withinPatience = (questions) =>
  Promise.race([Promise.all(questions), new Promise((resume) => setTimeout(resume, PATIENCE))]);

/** The cross of « Fermer ». */
function crossMark() {
  const mark = element("span", "diptych__cross", "×");
  mark.setAttribute("aria-hidden", "true");
  return mark;
}
