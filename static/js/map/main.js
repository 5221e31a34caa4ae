/*
 * The map page, put together. The state (the address) says what to show; flows asks the server; the layer draws; the
 * panel tells the same in words. The script that Folium writes runs after this module and calls
 * `new window.LinksMap(map, options)`.
 */

import { groundLayer } from "./base-layer.js";
import { mostOf } from "./extent.js";
import { Flows, LOCAL_ZOOM, boxOf, openingOf } from "./flows.js";
import { watchGroundNames } from "./ground-labels.js";
import { linksLayer } from "./links-layer.js";
import { DiptychDoor } from "./open-diptych.js";
import { Panel } from "./panel.js";
import { Refused, Requests } from "./requests.js";
import { Room } from "./room.js";
import { APART_ZOOM, WORLD_ZOOM, readAnswer } from "./scene.js";
import { chosenAfter, chosenBefore } from "./selection.js";
import { Sheet } from "./sheet.js";
import { MapState } from "./state.js";
import { onThemeChange, textFont } from "./theme.js";
import { openTools } from "./tools.js";
import { Tooltip } from "./tooltip.js";
import { frame, showQuickView, showWorld, viewOf } from "./views.js";

/** @typedef {import("./types.d.ts").FlowAnswer} FlowAnswer */
/** @typedef {import("./types.d.ts").MapOptions} MapOptions */
/** @typedef {import("./types.d.ts").MapSymbol} MapSymbol */
/** @typedef {import("./types.d.ts").Node} Node */
/** @typedef {import("./types.d.ts").Ribbon} Ribbon */
/** @typedef {import("./types.d.ts").Target} Target */
/** @typedef {import("./panel.js").Keys} Keys */

const REST = 220; // milliseconds without a move before the list follows
const LINK_ZOOM = 8; // closest view of a link on the map of the world
const SLOWNESS = 4000; // milliseconds before the reader is told that the links are late
const SLOW = "La carte met du temps à répondre. La liste des initiatives reste disponible.";
const FAILURE = "La carte n’a pas pu être mise à jour. La liste des initiatives reste disponible.";

class LinksMap {
  /**
   * @param {L.Map} map
   * @param {MapOptions} options
   */
  constructor(map, options) {
    this.map = map;
    this.options = options;
    this.root = /** @type {HTMLElement} */ (document.querySelector("[data-map]"));
    this.state = new MapState(location.search);
    this.requests = new Requests();
    this.flows = new Flows(map, this.state, this.requests, options.flowsUrl, openingOf());
    this.isResizing = false;
    this.isOnWorld = false; // whether a link was asked for on the map of the world
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.resting = undefined;
    /** @type {object|null} what the pointer is on */
    this.hovered = null;
    /** @type {{center: L.LatLng, zoom: number}|null} the view in which a selection was framed */
    this.framed = null;
    /** @type {(isAnimated: boolean) => void} */
    this.frameAnswer = () => {};
    this.tooltip = new Tooltip(map.getContainer());
    this.base = this.makeGround();
    this.links = this.makeLinks();
    this.panel = new Panel(this.root, this.state, this.requests, options, {
      light: (target) => this.lightKeys(target),
      box: () => boxOf(this.map.getBounds()),
      raise: () => this.raiseSheet(),
    });
    this.sheet = new Sheet(this.find("[data-sheet]"), () => this.sheetMoved());
    this.room = new Room(map, this.root, this.sheet);
    this.diptych = new DiptychDoor(this.root, {
      state: this.state,
      requests: this.requests,
      options,
      covered: () => this.room.covered(),
      lower: () => this.sheet.isUsed && this.sheet.moveTo(0),
      close: () => this.stepBack(),
      showWorld: () => this.showOnWorld(),
    });
    this.setUpMap();
    this.setUpPage();
    this.listenToState();
    watchGroundNames(this.map, this.options, (names) => this.links.setGround(names));
    openTools(this.root, this.state, this.requests, { ...options, layers: { ground: this.base, links: this.links } });
    this.start();
  }

  // --- Putting together

  /**
   * @param {string} selector
   * @returns {HTMLElement}
   */
  find(selector) {
    return /** @type {HTMLElement} */ (this.root.querySelector(selector));
  }

  makeGround() {
    const { options } = this;
    return groundLayer(this.map, {
      worker: options.workerUrl,
      topojson: options.topojsonUrl,
      geojsonVt: options.geojsonVtUrl,
      world: options.worldUrl,
      france: options.franceUrl,
      far: options.farUrl,
      countries: options.countriesUrl,
    });
  }

  makeLinks() {
    return linksLayer({
      obstacles: () => this.room.obstacles(),
      covers: () => this.room.covers(),
      frame: () => this.room.frame(),
      hover: (target, point) => this.hover(target, point),
      click: (target) => this.click(target),
      open: (symbol) => this.open(symbol),
      showRest: () => this.showLinksTab(),
    });
  }

  setUpMap() {
    const { map } = this;
    map.attributionControl.setPrefix(false);
    L.control.zoom({ position: "topright", zoomInTitle: "Zoom avant", zoomOutTitle: "Zoom arrière" }).addTo(map);
    this.lookAround();
    this.room.tellCovered();
    this.links.addTo(map);
  }

  /** Where the address says to look. */
  lookAround() {
    const { view, box } = this.state;
    if (view) this.map.setView([view[1], view[2]], view[0], { animate: false });
    else if (box) this.map.fitBounds([[box[1], box[0]], [box[3], box[2]]], { animate: false });
    else showWorld(this.map, this.room.covered());
  }

  setUpPage() {
    const sizes = new ResizeObserver(() => this.followSize());
    sizes.observe(this.map.getContainer());
    const go = (/** @type {string} */ name) => showQuickView(this.map, name, { ...this.room.padding(), covered: this.room.covered() });
    const views = /** @type {HTMLSelectElement} */ (this.find("[data-views]"));
    views.addEventListener("change", () => go(views.value));
    document.addEventListener("keydown", (event) => {
      const isElsewhere = event.target instanceof Element && event.target.closest("input, select, textarea, [popover], dialog");
      if (event.key !== "Escape" || event.defaultPrevented || isElsewhere) return;
      this.stepBack();
    });
    addEventListener("popstate", () => this.state.restore(location.search));
    onThemeChange(() => {
      this.base.redraw();
      this.links.draw();
    });
    // A canvas does not ask for a typeface by itself.
    const faces = [textFont(14, 650), textFont(14, 400)].map((font) => document.fonts.load(font));
    Promise.allSettled(faces).then(() => this.links.draw());
  }

  /** The sentence above the map takes one line or three, a typeface comes late: the map looks where it looked. */
  followSize() {
    this.isResizing = true;
    this.map.invalidateSize({ animate: false });
    this.isResizing = false;
    this.links.drawNow();
  }

  listenToState() {
    this.state.addEventListener("selection", () => this.followSelection());
    this.state.addEventListener("filters", () => this.followFilters());
    this.state.addEventListener("restore", () => this.restore());
  }

  async start() {
    const isFramed = this.state.isChosen && !this.state.view && !this.state.box;
    // The server has refused this address, in words: it would refuse its links too.
    const isRefused = "refused" in this.root.dataset;
    // Links that came with the page are drawn before the ground, in a task of their own.
    if (this.flows.opening && !isRefused) await breath();
    else this.base.addTo(this.map);
    if (!isRefused) await (isFramed ? this.showSelection({ isAnimated: false }) : this.showFlows());
    this.map.on("moveend", () => this.moved());
    this.root.dataset.ready = "true";
    await breath();
    this.base.addTo(this.map);
  }

  // --- Following the state

  followSelection() {
    this.isOnWorld = false;
    this.tooltip.hide();
    this.hovered = null;
    this.links.light(null);
    if (this.state.isChosen && this.sheet.isUsed && this.sheet.stop === 2) this.sheet.moveTo(1);
    if (this.state.isChosen) this.showSelection({ isAnimated: true });
    else this.showFlows();
  }

  followFilters() {
    this.hovered = null;
    this.links.light(null);
    if (this.state.isDiptych) this.showSelection({ isAnimated: false });
    else this.showFlows();
  }

  /** Back or forward: the address says what to show. */
  restore() {
    this.isOnWorld = false;
    this.tooltip.hide();
    this.links.light(null);
    if (this.state.isChosen && !this.state.view) {
      this.showSelection({ isAnimated: false });
      return;
    }
    this.lookAround();
    this.showFlows();
  }

  /** A link is shown by its two maps: where the map that they cover looks is nobody's choice. */
  get isCovered() {
    return this.state.isDiptych && !this.isOnWorld;
  }

  moved() {
    if (this.isResizing || this.isCovered) return;
    this.tooltip.hide();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      if (this.isCovered) return;
      this.state.setView(viewOf(this.map), this.zone());
      this.showFlows();
    }, REST);
  }

  /** The box that limits the list: what the map shows, once it is no longer the world; a selection is listed whole. */
  zone() {
    const isLimited = this.state.isZoneLimited && !this.state.isChosen && this.map.getZoom() >= WORLD_ZOOM;
    return isLimited ? boxOf(this.map.getBounds()) : null;
  }

  // --- Links

  async showFlows() {
    const found = await this.asked(() => this.flows.ask());
    if (found) this.show(found.answer, found.isWhole);
  }

  /**
   * The links of a selection, then a view that holds them all.
   * @param {{isAnimated: boolean}} options
   */
  async showSelection({ isAnimated }) {
    const answer = await this.asked(() => this.flows.askSelection());
    if (!answer) {
      this.diptych.giveUp();
      return;
    }
    this.show(answer, true);
    const maxZoom = this.state.isLink ? LINK_ZOOM : LOCAL_ZOOM - 0.25;
    this.frameAnswer = (isMoving) =>
      frame(this.map, mostOf(answer), { padding: this.room.padding(), maxZoom, isAnimated: isMoving });
    this.framed = null;
    if (!(await this.diptych.open(answer))) this.frameWhole(isAnimated);
  }

  /** @param {boolean} isAnimated */
  frameWhole(isAnimated) {
    const room = JSON.stringify(this.room.padding());
    this.map.once("moveend", () => {
      this.noteFramed();
      // The sheet was quicker than the map: what it covers now was not known when the view was chosen.
      if (room !== JSON.stringify(this.room.padding())) this.sheetMoved();
    });
    this.frameAnswer(isAnimated);
  }

  /** Both ends on the map of the world: one more entry in the history, so that « précédent » opens the diptych again. */
  showOnWorld() {
    history.pushState(history.state, "", location.href);
    this.diptych.close();
    this.isOnWorld = true;
    this.frameWhole(true);
  }

  /** A link leaves its end here, a territory nothing. */
  stepBack() {
    const { here, there } = chosenBefore(this.state);
    this.state.choose(here, there);
  }

  /**
   * The answer of a question, or null with the failure told in words.
   * @template Answer
   * @param {() => Promise<Answer|null>} question
   * @returns {Promise<Answer|null>}
   */
  async asked(question) {
    const slow = setTimeout(() => this.panel.showFailure(SLOW), SLOWNESS);
    try {
      const answer = await question();
      this.panel.showFailure("", answer ? undefined : SLOW);
      return answer;
    } catch (error) {
      this.panel.showFailure(error instanceof Refused ? error.message : FAILURE);
      return null;
    } finally {
      clearTimeout(slow);
    }
  }

  /**
   * @param {FlowAnswer} answer
   * @param {boolean} isWhole
   */
  show(answer, isWhole) {
    const data = readAnswer(answer);
    this.links.show(data, { chosen: this.state.chosenKeys, isWhole });
    this.panel.showLinks(data);
    const isWorld = this.map.getZoom() < WORLD_ZOOM;
    this.panel.showDrawn(isWorld ? this.links.scene.resting.size : 0, data.flows_total);
  }

  /** The sheet covers more or less of the map: a selection is framed again, unless the reader looks elsewhere. */
  sheetMoved() {
    if (!this.map.hasLayer(this.links)) return;
    this.room.tellCovered();
    this.diptych.follow();
    if (this.state.isChosen && this.isAsFramed() && this.sheet.isUsed && this.sheet.stop < 2) {
      this.frameAnswer(false);
      this.noteFramed();
    }
    this.links.draw();
  }

  /** The view is that of the selection. */
  noteFramed() {
    this.framed = { center: this.map.getCenter(), zoom: this.map.getZoom() };
  }

  /** Nobody looked elsewhere since: a map whose size changes moves by half a pixel, a reader by more. */
  isAsFramed() {
    if (!this.framed || this.framed.zoom !== this.map.getZoom()) return false;
    const [before, now] = [this.framed.center, this.map.getCenter()].map((center) => this.map.latLngToContainerPoint(center));
    return before.distanceTo(now) <= 2;
  }

  // --- Pointing

  /**
   * @param {Target|null} target
   * @param {L.Point} [point] where the pointer is, in pixels of the map
   */
  hover(target, point) {
    if (!target || !point) {
      this.tooltip.hide();
      if (this.hovered) this.links.light(null);
      this.hovered = null;
      return;
    }
    this.tooltip.show(target, point);
    const subject = target.symbol ? target.symbol.node : target.ribbon.link;
    if (subject === this.hovered) return;
    this.hovered = subject;
    if (target.ribbon) this.links.light(({ ribbon }) => ribbon?.link === subject);
    else this.links.light((one) => touches(one, target.symbol.members), target.symbol.key);
  }

  /** @param {import("./selection.js").Target|null} target */
  click(target) {
    const { here, there } = chosenAfter(this.state, target);
    this.state.choose(here, there);
  }

  /**
   * Several places in one symbol: a view in which they part.
   * @param {MapSymbol} symbol
   */
  open({ members }) {
    const [lon, lat] = [members.map((node) => node.lon), members.map((node) => node.lat)];
    const maxZoom = Math.min(APART_ZOOM, this.map.getZoom() + 3);
    frame(this.map, { lon, lat }, { padding: this.room.padding(), maxZoom, isAnimated: true });
  }

  /** What found no room at the edge of the map is in the list of links. */
  showLinksTab() {
    this.raiseSheet();
    this.panel.openLinks();
  }

  raiseSheet() {
    if (this.sheet.isUsed && this.sheet.stop === 0) this.sheet.moveTo(1);
  }

  /** @param {Keys|null} target */
  lightKeys(target) {
    if (this.diptych.isOpen) {
      this.diptych.light(target);
      return;
    }
    if (!target) {
      this.links.light(null);
      return;
    }
    this.links.light(
      ({ ribbon }) =>
        ribbon !== undefined && target.here.includes(ribbon.here.node.key) && target.there.includes(ribbon.there.node.key),
    );
  }
}

/**
 * @param {{ribbon?: Ribbon, symbol?: MapSymbol}} one
 * @param {Node[]} nodes
 */
const touches = ({ ribbon, symbol }, nodes) => {
  const ends = ribbon ? [ribbon.here.node, ribbon.there.node] : symbol ? [symbol.node] : [];
  return ends.some((node) => nodes.includes(node));
};

/** Lets the browser do what waits, then goes on before the rest. */
const breath = () => globalThis.scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));

window.LinksMap = LinksMap;
