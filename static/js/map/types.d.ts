/* Shapes shared by the modules of the map; this file is read by the checker of types alone. */

import type * as Leaflet from "leaflet";

/** [zoom, latitude, longitude] */
export type View = [number, number, number];
/** [west, south, east, north] in degrees */
export type Box = [number, number, number, number];
/** [left, top, right, bottom] in pixels of the map */
export type PixelBox = [number, number, number, number];

/** The answer of /carte/flux: nodes as columns, links as triples (node here, node there, distinct initiatives). */
export interface FlowAnswer {
  level: number;
  total: number;
  countries: number;
  territories: number;
  flows_total: number;
  flows_shown: number;
  keys: string[];
  names: string[];
  lon: number[];
  lat: number[];
  counts: number[];
  degrees: number[];
  /** Numbers of the nodes that are told no finer, withheld or not known: areas rather than spots. */
  areas?: number[];
  flows: number[];
}

/** A territory of an answer; (u, v) is its place in one world, from 0 to 1. */
export interface Node {
  index: number;
  key: string;
  name: string;
  label: string;
  u: number;
  v: number;
  lon: number;
  lat: number;
  count: number;
  degree: number;
  isHere: boolean;
  isArea: boolean;
}

/** A link of an answer. */
export interface Link {
  index: number;
  here: Node;
  there: Node;
  count: number;
}

/** An answer with its nodes and links as objects. */
export interface FlowData extends FlowAnswer {
  nodes: Node[];
  links: Link[];
  largest: number;
}

/** Nodes at their place in one world at one zoom, in pixels: one node, or several of a side that would overlap. */
export interface Body {
  node: Node;
  /** The busiest first: `node`. */
  members: Node[];
  isHere: boolean;
  count: number;
  trueX: number;
  trueY: number;
  x: number;
  y: number;
  r: number;
}

/** A body drawn in a view: a disc or a diamond, in pixels. With several members, `count` is that of the busiest. */
export interface MapSymbol extends Node {
  node: Node;
  members: Node[];
  x: number;
  y: number;
  trueX: number;
  trueY: number;
  r: number;
  box: PixelBox;
  holdsCount?: boolean;
}

/** An end of a ribbon: a node of a symbol, or a place out of sight. */
export interface End {
  node: Node;
  symbol?: MapSymbol;
  x: number;
  y: number;
  r: number;
  isOutside?: boolean;
}

/** A link drawn in a view. `curve` begins at its root, which `startsHere` says to be on the side here. */
export interface Ribbon {
  link: Link;
  here: End;
  there: End;
  count: number;
  width: number;
  curve: Curve;
  startsHere: boolean;
  /** Where the ribbon goes out of sight. */
  badge?: Badge;
}

/** What a ribbon is before its curve is known. */
export type Strand = Omit<Ribbon, "curve" | "startsHere">;

/** A link with one end in sight. */
export interface Leaving {
  link: Link;
  near: End;
  far: End;
  width: number;
}

/** The links that leave the view towards one place. `box`, then x and y of its middle, once it is placed. */
export interface Badge {
  node: Node;
  far: End;
  members: Leaving[];
  count: number;
  /** The count is the most there can be: an initiative may have two ends in sight. */
  isMost: boolean;
  box: PixelBox;
  x: number;
  y: number;
}

/** `size` is the width of one world, (left, top) the corner of the view in it, all in pixels. */
export interface PixelView {
  width: number;
  height: number;
  zoom: number;
  size: number;
  left: number;
  top: number;
}

/** What is drawn. `strands` are links with both ends in sight that are drawn only when they are lit. */
export interface Scene {
  symbols: MapSymbol[];
  ribbons: Ribbon[];
  strands: Strand[];
  leaving: Leaving[];
  /** Links that may be drawn at rest. */
  resting: Set<Link>;
  badges: Badge[];
}

/** A name of the base map. */
export interface GroundLabel {
  kind: string;
  name: string;
  lon: number;
  lat: number;
  min_zoom: number;
}

/** What the pointer is on. */
export type Target = { symbol: MapSymbol; ribbon?: undefined } | { ribbon: Ribbon; symbol?: undefined };

/** A cubic Bézier curve, in pixels. */
export interface Curve {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  x3: number;
  y3: number;
}

/** An end of an initiative of the list, as it may be shown. */
export interface ListEnd {
  name: string;
  context: string;
  key: string;
  keys: string[];
  lon: number;
  lat: number;
}

/** An initiative of the list. */
export interface ListItem {
  url: string;
  title: string;
  language: string;
  here: ListEnd;
  there: ListEnd;
  more_here: number;
  more_there: number;
  carrier: string;
  sector: string;
  since: number | null;
  is_twinning: boolean;
  withheld: boolean;
}

/** An applied choice; `href` is the page without it. */
export interface Chip {
  facet: string;
  value: string;
  label: string;
  href: string;
}

/** A choice of a facet, with how many initiatives it would give. */
export interface FacetValue {
  value: string;
  label: string;
  count: number;
  chosen: boolean;
}

/** The answer of /carte/liste; the mark of a part of the sentence is its side, or that of figures. */
export interface ListAnswer {
  total: number;
  page: number;
  pages: number;
  sentence: string;
  parts: [string, "" | "here" | "there" | "count"][];
  subject: string;
  items: ListItem[];
  chips: Chip[];
  wider: (Chip & { words: string })[];
  facets?: Record<string, FacetValue[]>;
}

/** Addresses that the server writes in the script of the page. */
export interface MapOptions {
  flowsUrl: string;
  listUrl: string;
  aroundUrl: string;
  worldUrl: string;
  farUrl: string;
  franceUrl: string;
  labelsUrl: string;
  townsUrl: string;
  /** Of one country there, whose two letters replace XX. */
  countriesUrl: string;
  workerUrl: string;
  topojsonUrl: string;
  geojsonVtUrl: string;
}

declare global {
  interface Window {
    LinksMap: new (map: Leaflet.Map, options: MapOptions) => object;
  }
}
