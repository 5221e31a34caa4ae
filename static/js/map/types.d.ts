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

/** A node drawn in a view: a disc or a diamond, in pixels. */
export interface MapSymbol extends Node {
  node: Node;
  x: number;
  y: number;
  trueX: number;
  trueY: number;
  r: number;
  box: PixelBox;
  holdsCount?: boolean;
  isOutside?: boolean;
}

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

/** Addresses that the server writes in the script of the page. */
export interface MapOptions {
  flowsUrl: string;
  listUrl: string;
  aroundUrl: string;
  worldUrl: string;
  franceUrl: string;
  labelsUrl: string;
  workerUrl: string;
  topojsonUrl: string;
  geojsonVtUrl: string;
}

declare global {
  interface Window {
    LinksMap: new (map: Leaflet.Map, options: MapOptions) => object;
  }
}
