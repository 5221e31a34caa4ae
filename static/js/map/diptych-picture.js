/* The picture of a link: two panels and what joins them, drawn for a size. Nothing here listens to anybody. */

import { isCoarse, keepInside, radiusIn, spread } from "./diptych-ends.js";
import { boundsOf, fit, framed, layOut, project, union } from "./diptych-fit.js";
import { INNER_FROM, countriesAround, drawGround, ringsOf } from "./diptych-ground.js";
import { paintMark, paintStrands, writeNames } from "./diptych-marks.js";
import { NameRoom } from "./diptych-names.js";
import { areaPath, boxOfLines, bringNear } from "./diptych-outlines.js";
import { strandsOf } from "./diptych-strands.js";
import { svg } from "./diptych-svg.js";
import { divisionAround, isWithin, mainBox, shapesOf } from "./diptych-territories.js";
import { writeCredits, writeLands, writeNumber, writeScale, writeSide, writeTowns } from "./diptych-words.js";
import { unwrap } from "./mercator.js";

/** @typedef {import("./types.d.ts").Box} Box */
/** @typedef {import("./types.d.ts").FlowData} FlowData */
/** @typedef {import("./types.d.ts").Node} Node */
/** @typedef {import("./diptych-ends.js").End} End */
/** @typedef {import("./diptych-fit.js").View} View */
/** @typedef {import("./diptych-fit.js").Layout} Layout */
/** @typedef {import("./diptych-marks.js").EndView} EndView */
/** @typedef {import("./diptych-marks.js").StrandView} StrandView */
/** @typedef {import("./diptych-names.js").NameRoom} Room */
/** @typedef {import("./diptych-sources.js").Files} Files */
/** @typedef {import("./diptych-strands.js").Strand} Strand */
/** @typedef {import("./diptych-topology.js").Shape} Shape */
/**
 * @typedef {object} Subject what is told
 * @property {FlowData} data
 * @property {string} here key of the territory chosen on each side
 * @property {string} there
 * @property {string} hereName
 * @property {string} thereName
 * @property {string} country two letters
 * @property {string} countryName
 * @property {(node: Node) => {note: string, isProtected: boolean}} precision how precise an area is, in words
 */
/**
 * @typedef {object} Size
 * @property {number} width
 * @property {number} height
 * @property {boolean} isNarrow
 * @property {number} unit pixels of a sixteenth of the reader's letter
 */
/**
 * @typedef {object} Side
 * @property {boolean} isHere
 * @property {string} key
 * @property {string} name
 * @property {Node[]} nodes each within half a turn of the first
 * @property {Shape[]} territory
 * @property {Box} box what its panel shows
 */
/**
 * @typedef {object} Picture
 * @property {SVGElement} root
 * @property {string[]} around the countries that a finer file would draw better
 * @property {EndView[]} ends
 * @property {StrandView[]} strands
 * @property {Map<End, Strand[]>} strandsOf
 * @property {{here: Room, there: Room}} rooms
 */

const LEAST = { alone: 1.1, several: 0.8 }; // degrees of latitude that a panel shows at least
const FEW = 3; // places of a side whose areas are hatched at rest; with more, when they are pointed at
const CREDITS = "Natural Earth, GeoNames, IGN, INSEE";

/**
 * @param {Subject} told
 * @param {Files} files
 * @param {Size} size
 * @returns {Picture}
 */
export function drawPicture(told, files, size) {
  const subject = { ...told, data: between(told, files) };
  const sides = /** @type {[Side, Side]} */ ([true, false].map((isHere) => sideOf(subject, files, isHere)));
  const stage = { width: size.width, height: size.height };
  const options = { margin: size.isNarrow ? 10 : 16, isNarrow: size.isNarrow };
  const layout = layOut(stage, [sides[0].box, sides[1].box], options);
  const root = svg("svg", { viewBox: `0 0 ${size.width} ${size.height}`, class: "diptych-maps", role: "group" });
  const defs = drawDefinitions(root, layout);
  const grounds = svg("g", { "aria-hidden": "true" }, root);
  const ribbon = svg("g", { "aria-hidden": "true", class: "diptych-ribbon" }, root);
  const panels = sides.map((side) => drawPanel(grounds, defs, side, layout, subject, files, size));
  const byKey = new Map(panels.flatMap(({ ends }) => ends.map((end) => [end.node.index, end])));
  const pairs = subject.data.links.flatMap(({ here, there, count }) => {
    const [a, b] = [byKey.get(here.index), byKey.get(there.index)];
    return a && b ? [{ here: a, there: b, count }] : [];
  });
  const strands = strandsOf(pairs, layout, size.isNarrow);
  const painted = paintStrands(ribbon, strands);
  const groups = [groupOf(root), groupOf(root), groupOf(root)];
  const buttons = strands.map(({ path }) => svg("path", { d: path, class: "diptych-hit" }, groups[1]));
  const words = svg("g", { "aria-hidden": "true", class: "diptych-words" }, root);
  const views = panels.flatMap((panel, i) => finishPanel(panel, groups[2 * i], words, subject, files, size));
  writeNumber(words, layout, subject.data.total, size.unit);
  return {
    root,
    around: panels.flatMap(({ panel, degree }) => countriesAround(panel, degree, files)),
    ends: views,
    strands: strands.map((strand, i) => ({ strand, painted: painted[i], button: buttons[i] })),
    strandsOf: byEnd(strands),
    rooms: { here: panels[0].room, there: panels[1].room },
  };
}

/**
 * The links between the two territories: an initiative of several places has others, which a local map cannot hold.
 * @param {Subject} subject
 * @param {Files} files
 * @returns {FlowData}
 */
function between({ data, here, there }, files) {
  const isIn = (/** @type {Node} */ node) => isWithin(node, node.isHere ? here : there, files);
  const links = data.links.filter((link) => isIn(link.here) && isIn(link.there));
  if (!links.length) return data;
  const used = new Set(links.flatMap((link) => [link.here.index, link.there.index]));
  return { ...data, links, nodes: data.nodes.filter(({ index }) => used.has(index)) };
}

/** @param {Strand[]} strands */
function byEnd(strands) {
  /** @type {Map<End, Strand[]>} */
  const found = new Map();
  for (const strand of strands) {
    for (const end of [strand.here, strand.there]) found.set(end, [...(found.get(end) ?? []), strand]);
  }
  return found;
}

/** @param {Element} root */
const groupOf = (root) => svg("g", { role: "group" }, root);

/** @param {Subject} subject @param {Files} files @param {boolean} isHere @returns {Side} */
function sideOf({ data, here, there, hereName, thereName, countryName }, files, isHere) {
  const key = isHere ? here : there;
  const own = data.nodes.filter((node) => node.isHere === isHere);
  const longitudes = unwrap(own.map(({ lon }) => lon));
  const nodes = own.map((node, i) => ({ ...node, lon: longitudes[i] }));
  const known = { ...files, country: isHere ? null : files.country };
  const territory = shapesOf(key, known);
  const areas = nodes.filter((node) => isCoarse(node.key, isHere, data.level));
  const middle = nodes[0].lon;
  const boxOf = (/** @type {import("./diptych-topology.js").Line[]} */ rings) => mainBox(bringNear(rings, middle));
  const places = areas.reduce(
    (box, area) => union(box, boxOf(ringsOf(shapesOf(area.key, known))) ?? box),
    boxOfLines([nodes.map(({ lon, lat }) => [lon, lat])]),
  );
  const least = nodes.length > 1 ? LEAST.several : LEAST.alone;
  const isWhole = isHere && "ce".includes(key[0]);
  const box = framed(places, boxOf(ringsOf(territory)), { isWhole, least });
  // A town there stands in its division as a commune here in its département.
  const ground = territory.length || key[0] !== "v" ? territory : divisionAround(nodes[0], known.country);
  return { isHere, key, name: isHere ? hereName : named(thereName, countryName), nodes, territory: ground, box };
}

/** « Poponguine, Sénégal »: a town is said with its country. @param {string} name @param {string} country */
const named = (name, country) => (country && country !== name ? `${name}, ${country}` : name);

/** @param {Element} root @param {Layout} layout */
function drawDefinitions(root, { isStacked, here, middle: [x, y] }) {
  const defs = svg("defs", {}, root);
  const reach = (isStacked ? here.height : here.width) * 0.45;
  const down = { x1: 0, y1: y - reach, x2: 0, y2: y + reach };
  const way = isStacked ? down : { x1: x - reach, y1: 0, x2: x + reach, y2: 0 };
  const shade = svg("linearGradient", { id: "diptych-shade", gradientUnits: "userSpaceOnUse", ...way }, defs);
  svg("stop", { offset: 0.3, class: "diptych-stop here" }, shade);
  svg("stop", { offset: 0.7, class: "diptych-stop there" }, shade);
  for (const side of ["here", "there"]) {
    const box = { id: `diptych-hatch-${side}`, width: 8, height: 8, patternUnits: "userSpaceOnUse" };
    const hatch = svg("pattern", { ...box, patternTransform: `rotate(${side === "here" ? 45 : -45})` }, defs);
    svg("path", { d: "M4 0V8", class: `diptych-hatch ${side}` }, hatch);
  }
  return defs;
}

/**
 * The ground of a panel and the places on it, not yet drawn.
 * @param {Element} parent
 * @param {Element} defs
 * @param {Side} side
 * @param {Layout} layout
 * @param {Subject} subject
 * @param {Files} files
 * @param {Size} size
 */
function drawPanel(parent, defs, side, layout, subject, files, size) {
  const rect = layout[side.isHere ? "here" : "there"];
  const [top, bottom] = [Math.min(50, rect.height * 0.24), Math.min(30, rect.height * 0.14)];
  const air = { top, bottom, side: size.isNarrow ? 20 : 28 };
  const view = fit(side.box, rect, air);
  const panel = windowOf(view);
  const name = `diptych-clip-${side.isHere ? "here" : "there"}`;
  const frame = { x: rect.x, y: rect.y, width: rect.width, height: rect.height, rx: 12 };
  svg("rect", frame, svg("clipPath", { id: name }, defs));
  const group = svg("g", { "clip-path": `url(#${name})`, class: "diptych-panel" }, parent);
  svg("rect", { ...frame, class: "diptych-sea" }, group);
  const degree = view.scale / 360;
  drawGround(group, panel, files, { isHere: side.isHere, country: subject.country, territory: side.territory, degree });
  const ends = endsOf(side, view, subject.data);
  const known = { ...files, country: side.isHere ? null : files.country };
  /** @type {Map<End, (() => SVGElement)|null>} */
  const areas = new Map();
  for (const end of ends.filter(({ isArea }) => isArea)) {
    const mark = side.isHere ? "here" : "there";
    const attributes = { class: `diptych-area ${mark}`, fill: `url(#diptych-hatch-${mark})` };
    const draw = () => svg("path", { ...attributes, d: areaPath(ringsOf(shapesOf(end.node.key, known)), panel) }, group);
    areas.set(end, ends.length > FEW ? draw : null);
    if (ends.length <= FEW) draw();
  }
  const room = new NameRoom(rect, !layout.isStacked && !side.isHere);
  return { side, view, panel, ends, areas, room, degree };
}

/** @param {View} view */
function windowOf(view) {
  const { x, y, width, height } = view.rect;
  return {
    project: (/** @type {number} */ lon, /** @type {number} */ lat) => project(view, lon, lat),
    bounds: boundsOf(view),
    clip: /** @type {import("./types.d.ts").PixelBox} */ ([x - 10, y - 10, x + width + 10, y + height + 10]),
  };
}

/** @param {Side} side @param {View} view @param {FlowData} data @returns {End[]} busiest first */
function endsOf({ nodes, isHere }, view, data) {
  const largest = Math.max(...data.nodes.map(({ count }) => count));
  const ends = nodes.map((node) => {
    const [x, y] = project(view, node.lon, node.lat);
    const isArea = isCoarse(node.key, isHere, data.level);
    const r = radiusIn({ count: node.count, largest, isArea, among: nodes.length });
    const end = { node, isArea, x, y, trueX: x, trueY: y, r };
    keepInside(end, view.rect, isArea ? 24 : -1_000);
    return end;
  });
  ends.sort((a, b) => Number(b.isArea) - Number(a.isArea) || b.node.count - a.node.count || a.node.index - b.node.index);
  spread(ends);
  return ends;
}

/**
 * The marks and the words of a panel, above the strands.
 * @param {ReturnType<typeof drawPanel>} drawn
 * @param {Element} group
 * @param {Element} words
 * @param {Subject} subject
 * @param {Files} files
 * @param {Size} size
 * @returns {EndView[]}
 */
function finishPanel(drawn, group, words, subject, files, { unit, isNarrow }) {
  const { side, view, panel, ends, areas, room, degree } = drawn;
  /** @type {EndView[]} */
  const views = ends.map((end) => {
    const { note, isProtected } = end.isArea ? subject.precision(end.node) : { note: "", isProtected: false };
    return { end, mark: paintMark(group, end), name: null, drawArea: areas.get(end) ?? null, note, isProtected };
  });
  for (const { x, y, r } of ends) room.take([x - r, y - r, x + r, y + r]);
  writeSide(words, view, { isHere: side.isHere, name: side.name, unit, isNarrow }, room);
  writeScale(words, view, unit, room);
  if (!side.isHere) writeCredits(words, view, CREDITS, unit, room);
  const most = isNarrow ? 12 : 24;
  writeNames(words, views, room, { unit, isNarrow, isAlone: ends.length === 1, most, said: side.name });
  const written = new Set(ends.map(({ node }) => node.name));
  const towns = side.isHere ? files.towns : [...countryTowns(files), ...files.towns];
  writeTowns(words, view, towns, written, { unit, most: ends.length > 1 ? (isNarrow ? 4 : 8) : 12 }, room);
  const lands = landsOf(side, subject, files, degree);
  writeLands(words, lands, panel, written, { unit, most: isNarrow ? 5 : 11 }, room);
  return views;
}

/** @param {Files} files */
const countryTowns = ({ country }) =>
  (country?.shapes("towns") ?? []).flatMap(({ properties, point }) =>
    point ? [{ name: String(properties.name), lon: point[0], lat: point[1] }] : [],
  );

/**
 * Lands whose names help: there the countries around first, then divisions; here, what is in the territory first.
 * @param {Side} side
 * @param {Subject} subject
 * @param {Files} files
 * @param {number} degree
 */
function landsOf(side, { country }, { world, france, country: own }, degree) {
  const areNear = degree > INNER_FROM[side.isHere ? "here" : "there"];
  const here = france?.shapes(areNear ? "departements" : "regions");
  const inner = side.isHere ? here : areNear ? own?.shapes("divisions") : [];
  const around = (world?.shapes("countries") ?? []).filter(({ properties }) => side.isHere || properties.id !== country);
  const isOwn = (/** @type {Shape} */ { properties: { region, code } }) =>
    `r:${region}` === side.key || `d:${code}` === side.key;
  const ordered = side.isHere
    ? [...[...(inner ?? [])].sort((a, b) => Number(isOwn(b)) - Number(isOwn(a))), ...around]
    : [...around, ...(inner ?? [])];
  return ordered.map(({ properties, rings }) => ({ name: String(properties.name ?? ""), rings }));
}

/**
 * The middle of what a side shows, longitude and latitude.
 * @param {Subject} subject
 * @param {boolean} isHere
 * @returns {[number, number]}
 */
export function middleOf({ data }, isHere) {
  const nodes = data.nodes.filter((node) => node.isHere === isHere);
  const longitudes = unwrap(nodes.map(({ lon }) => lon));
  const [west, south, east, north] = boxOfLines([nodes.map(({ lat }, i) => [longitudes[i], lat])]);
  return [(west + east) / 2, (south + north) / 2];
}
