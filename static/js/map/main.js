// @ts-nocheck
/*
 * The map page. The address holds the whole state; the map, the list and the links are asked for with the same pairs.
 * The script that Folium writes runs after this module and calls `new window.LinksMap(map, options)`.
 */

import { baseLayer } from "./base-layer.js";
import { linksLayer } from "./links-layer.js";
import { addressOf, isSameSelection, readState, selectionQuery, viewOf } from "./page-state.js";
import { Panel } from "./panel.js";
import { Requests } from "./requests.js";
import { WORLD_ZOOM, readAnswer } from "./scene.js";
import { Room } from "./room.js";
import { Sheet } from "./sheet.js";
import { onThemeChange, textFont } from "./theme.js";
import { Tooltip } from "./tooltip.js";
import { frame, showQuickView, showWorld } from "./views.js";
import { isHereKey, shownName } from "./words.js";

const LOCAL_ZOOM = 6; // communes and towns from here on, regions and countries below
const ZONES_ZOOM = 3.5; // below, regions of a crowded answer are gathered into zones
const CROWDED = 60; // links
const LEVEL_OF = { z: 1, r: 1, p: 1, d: 2, a: 2, c: 3, e: 3, v: 3 };
const REST = 220; // milliseconds without a move before the list follows
const FAILURE = "La carte n’a pas pu être mise à jour. La liste des initiatives reste disponible.";

class LinksMap {
  constructor(map, options) {
    this.map = map;
    this.options = options;
    this.requests = new Requests();
    this.root = document.querySelector("[data-map]");
    this.state = readState(location.search);
    this.names = new Map();
    this.listedBox = ""; // the server wrote the first list, of the whole world
    this.page = 1;
    this.tooltip = new Tooltip(map.getContainer());
    this.panel = new Panel(this.root, {
      choose: (here, there) => this.choose(here, there),
      clear: () => this.choose(null, null),
      more: () => this.loadList(this.page + 1),
      light: (target) => this.lightKeys(target),
    });
    this.sheet = new Sheet(this.root.querySelector("[data-sheet]"), () => this.sheetMoved());
    this.room = new Room(map, this.root, this.sheet);
    this.setUpMap();
    this.setUpPage();
    this.start();
  }

  setUpMap() {
    const { map, options } = this;
    map.attributionControl.setPrefix(false);
    L.control.zoom({ position: "topright", zoomInTitle: "Zoom avant", zoomOutTitle: "Zoom arrière" }).addTo(map);
    this.base = baseLayer({
      worker: options.workerUrl,
      topojson: options.topojsonUrl,
      geojsonVt: options.geojsonVtUrl,
      world: options.worldUrl,
      france: options.franceUrl,
    });
    this.links = linksLayer({
      obstacles: () => this.room.obstacles(),
      frame: () => this.room.frame(),
      hover: (target, point) => this.hover(target, point),
      click: (target) => this.click(target),
      showRest: () => this.showLinksTab(),
    });
    if (this.state.view) map.setView(this.state.view.slice(1), this.state.view[0], { animate: false });
    else if (this.state.box) map.fitBounds(cornersOf(this.state.box), { animate: false });
    else showWorld(map);
    this.room.tellCovered();
    this.base.addTo(map);
    this.links.addTo(map);
  }

  /** The sentence above the map takes one line or three, a typeface comes late: the map looks where it looked. */
  followSize() {
    this.isResizing = true;
    this.map.invalidateSize({ animate: false });
    this.isResizing = false;
    this.links.draw();
  }

  setUpPage() {
    const sizes = new ResizeObserver(() => this.followSize());
    sizes.observe(this.map.getContainer());
    this.root.querySelectorAll(".map-stage [data-obstacle]").forEach((one) => sizes.observe(one));
    this.root.querySelectorAll("[data-name-of]").forEach((one) => this.names.set(one.dataset.nameOf, one.dataset.name));
    const go = (name) => showQuickView(this.map, name, this.room.padding());
    this.root.querySelectorAll("[data-view]").forEach((button) => {
      button.addEventListener("click", () => go(button.dataset.view));
    });
    this.root.querySelector("[data-views]").addEventListener("change", (event) => go(event.target.value));
    document.addEventListener("keydown", (event) => {
      const isElsewhere = event.target.closest?.("input, select, textarea, [popover]");
      if (event.key === "Escape" && !event.defaultPrevented && !isElsewhere) this.choose(null, null);
    });
    addEventListener("popstate", () => this.restore());
    onThemeChange(() => {
      this.base.redraw();
      this.links.draw();
    });
    // A canvas does not ask for a typeface by itself.
    const faces = [textFont(14, 650), textFont(14, 400, "italic")].map((font) => document.fonts.load(font));
    Promise.allSettled(faces).then(() => this.links.draw());
  }

  async start() {
    const hasView = Boolean(this.state.view || this.state.box);
    this.showSelection();
    const isFramed = this.isChosen && !hasView;
    await (isFramed ? this.loadSelection({ isAnimated: false }) : this.loadFlows());
    if (this.listBox()) this.loadList();
    this.map.on("moveend", () => this.moved());
    this.root.dataset.ready = "true";
    const labels = await this.requests.ask("labels", this.options.labelsUrl, "").catch(() => null);
    if (labels) this.links.setGround(labels);
  }

  // --- State

  get isChosen() {
    return Boolean(this.state.here || this.state.there);
  }

  get chosenKeys() {
    return [this.state.here, this.state.there].filter(Boolean);
  }

  /** Select a territory, a link (both), or nothing; the address, the map and the list follow. */
  choose(here, there) {
    if (isSameSelection(this.state, { here, there })) return;
    // The entry left behind keeps its view, so that « précédent » comes back to it.
    history.replaceState(null, "", addressOf({ ...this.state, view: viewOf(this.map) }));
    this.state = { ...this.state, here, there };
    history.pushState(null, "", addressOf({ ...this.state, view: this.isChosen ? null : viewOf(this.map) }));
    this.follow();
  }

  follow() {
    this.tooltip.hide();
    // What was chosen from leaves the page or is hidden: the focus goes to what it led to.
    const isLeaving = document.activeElement?.closest('.map-link, .map-edge, [data-panel="clear"]');
    this.links.light(null);
    this.showSelection();
    if (isLeaving) this.panel.focusOn(this.isChosen);
    this.loadList();
    if (this.isChosen && this.sheet.isUsed && this.sheet.stop === 2) this.sheet.moveTo(1);
    if (this.isChosen) this.loadSelection({ isAnimated: true });
    else this.loadFlows();
  }

  /** Back or forward: the address says what to show. */
  restore() {
    this.state = readState(location.search);
    this.showSelection();
    this.loadList();
    if (this.state.view) {
      this.map.setView(this.state.view.slice(1), this.state.view[0], { animate: false });
      this.loadFlows();
    } else if (this.isChosen) {
      this.loadSelection({ isAnimated: false });
    } else {
      showWorld(this.map);
      this.loadFlows();
    }
  }

  moved() {
    if (this.isResizing) return;
    this.tooltip.hide();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.state.view = viewOf(this.map);
      history.replaceState(null, "", addressOf(this.state));
      this.carryState();
      this.loadFlows();
      if (this.listBox() !== this.listedBox) this.loadList();
    }, REST);
  }

  /** Links and forms of the page that reload it keep the selection and the view. */
  carryState() {
    for (const field of this.root.querySelectorAll("[data-carry]")) {
      field.value = { ici: this.state.here, labas: this.state.there, vue: this.state.view?.join("/") }[field.name] ?? "";
      field.disabled = !field.value;
    }
    for (const link of this.root.querySelectorAll("[data-carry-link]")) {
      const { filters } = readState(new URL(link.href).search);
      link.href = addressOf({ ...this.state, filters });
    }
  }

  showSelection() {
    const nameOf = (key) => this.names.get(key) ?? (isHereKey(key) ? "Un lieu d’ici" : "Un lieu de là-bas");
    this.panel.showSelection(this.chosenKeys.map((key) => [isHereKey(key), nameOf(key)]));
    this.carryState();
  }

  // --- Links

  /** Level and box to ask for: everything at once for regions and countries, what the view touches for communes. */
  question() {
    const zoom = this.map.getZoom();
    const fine = Math.max(0, ...this.chosenKeys.map((key) => LEVEL_OF[key[0]] ?? 1));
    if (this.state.here && this.state.there) return { niveau: 3 };
    if (fine > 1) return { niveau: fine };
    if (zoom >= LOCAL_ZOOM) return { niveau: 3, bbox: this.fetchBox() };
    const isGathered = zoom < ZONES_ZOOM && !this.isChosen && this.crowdedFor === selectionQuery(this.state).toString();
    return { niveau: isGathered ? "0" : 1 };
  }

  /** The box to ask for: the one already asked for as long as the view stays in it, else the view and its margin. */
  fetchBox() {
    const bounds = this.map.getBounds();
    if (!this.fetched?.contains(bounds) || this.fetchedZoom !== this.map.getZoom()) {
      this.fetched = bounds.pad(0.3);
      this.fetchedZoom = this.map.getZoom();
    }
    return boxText(this.fetched);
  }

  async loadFlows() {
    const query = selectionQuery(this.state, this.question());
    if (query.toString() === this.shown) return;
    const answer = await this.askFlows(query);
    if (!answer) return;
    const isCrowded = answer.level === 1 && answer.flows_total > CROWDED && this.map.getZoom() < ZONES_ZOOM;
    if (isCrowded && !this.isChosen) {
      this.crowdedFor = selectionQuery(this.state).toString();
      await this.loadFlows();
      return;
    }
    this.show(answer, query);
  }

  /** The links of a selection, then a view that holds them all. */
  async loadSelection({ isAnimated }) {
    const levels = this.chosenKeys.map((key) => LEVEL_OF[key[0]] ?? 1);
    const isLink = levels.length === 2;
    const query = selectionQuery(this.state, { niveau: isLink ? 3 : Math.max(...levels) });
    const answer = await this.askFlows(query);
    if (!answer) return;
    this.show(answer, query);
    const maxZoom = isLink ? 8 : LOCAL_ZOOM - 0.25;
    this.frameAnswer = (isMoving) =>
      frame(this.map, answer, { padding: this.room.padding(), maxZoom, isAnimated: isMoving });
    this.map.once("moveend", () => (this.framedView = String(viewOf(this.map))));
    this.frameAnswer(isAnimated);
  }

  async askFlows(query) {
    try {
      const answer = await this.requests.ask("flows", this.options.flowsUrl, query);
      if (answer) this.panel.showFailure("");
      return answer;
    } catch {
      this.panel.showFailure(FAILURE);
      return null;
    }
  }

  show(answer, query) {
    this.shown = query.toString();
    answer.keys.forEach((key, i) => this.names.set(key, shownName(key, answer.names[i])));
    this.links.show(answer, { chosen: this.chosenKeys, isWhole: this.isChosen && !query.has("bbox") });
    this.panel.showLinks(readAnswer(answer));
    this.showSelection();
  }

  /** The sheet covers more or less of the map: a selection is framed again, unless the reader looks elsewhere. */
  sheetMoved() {
    if (!this.links?._map) return;
    this.room.tellCovered();
    const isFramed = this.isChosen && this.framedView === String(viewOf(this.map));
    if (isFramed && this.sheet.isUsed && this.sheet.stop < 2) {
      this.frameAnswer(false);
      this.framedView = String(viewOf(this.map));
    }
    this.links.draw();
  }

  // --- List

  /** The list follows the view once it is no longer the world; a selection is listed whole. */
  listBox() {
    return this.isChosen || this.map.getZoom() < WORLD_ZOOM ? "" : boxText(this.map.getBounds());
  }

  async loadList(page = 1) {
    this.listedBox = this.listBox();
    const query = selectionQuery(this.state, { bbox: this.listedBox, page: page > 1 ? page : "" });
    try {
      const answer = await this.requests.ask("list", this.options.listUrl, query);
      if (!answer) return;
      this.page = answer.page;
      this.panel.showItems(answer, page > 1);
    } catch {
      this.panel.showFailure("La liste n’a pas pu être mise à jour. Vérifiez la connexion, puis réessayez.");
    }
  }

  // --- Pointing

  hover(target, point) {
    if (!target) {
      this.tooltip.hide();
      if (this.hovered) this.links.light(null);
      this.hovered = null;
      return;
    }
    const subject = target.symbol?.node ?? target.ribbon.link;
    this.tooltip.show(target, point);
    if (subject === this.hovered) return;
    this.hovered = subject;
    if (target.ribbon) this.links.light(({ ribbon }) => ribbon?.link === subject);
    else this.links.light((one) => touches(one, subject), subject.key);
  }

  click(target) {
    this.hovered = null;
    this.tooltip.hide();
    if (!target) {
      this.choose(null, null);
      return;
    }
    const { here, there } = this.state;
    if (target.ribbon) {
      this.choose(target.ribbon.here.node.key, target.ribbon.there.node.key);
    } else {
      // A second click on the other side makes a link of the two; on the same side it changes the choice.
      const { key, isHere } = target.symbol;
      if (isHere) this.choose(key, here ? null : there);
      else this.choose(there ? null : here, key);
    }
  }

  /** What found no room at the edge of the map is in the list of links. */
  showLinksTab() {
    if (this.sheet.isUsed && this.sheet.stop === 0) this.sheet.moveTo(1);
    this.panel.tabs[1].click();
    this.panel.tabs[1].focus();
  }

  lightKeys(target) {
    if (!target) {
      this.links.light(null);
      return;
    }
    this.links.light(
      ({ ribbon }) => ribbon && target.here.includes(ribbon.here.node.key) && target.there.includes(ribbon.there.node.key),
    );
  }
}

const touches = ({ ribbon, symbol }, node) =>
  ribbon ? ribbon.here.node === node || ribbon.there.node === node : symbol.node === node;

const cornersOf = ([west, south, east, north]) => [[south, west], [north, east]];

const boxText = (bounds) =>
  [bounds.getWest(), Math.max(-90, bounds.getSouth()), bounds.getEast(), Math.min(90, bounds.getNorth())]
    .map((degrees) => degrees.toFixed(2))
    .join(",");

window.LinksMap = LinksMap;
