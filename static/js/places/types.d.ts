/* Shapes shared by the modules of the small maps; this file is read by the checker of types alone. */

import type * as Leaflet from "leaflet";

export type Side = "here" | "there";

/** A place of a small map; lon and lat in degrees. Anything but "point" is the middle of a territory. */
export interface Place {
  side: Side;
  name: string;
  lon: number;
  lat: number;
  precision: string;
  /** What is written in the mark: the number of a choice, or nothing. */
  mark: string;
  /** The id of the radio that chooses this place. */
  field?: string;
  isPin?: boolean;
}

/** Where a pin is, in degrees. */
export interface Position {
  lon: number;
  lat: number;
}

/** Ribbons: the number of a point here, of one there, how many initiatives they join. */
export type PlaceLink = [number, number, number];

/** What the server writes in the page. */
export interface PlacesData {
  points: Place[];
  movable: boolean;
  side: Side;
  center: [number, number] | null;
  links: PlaceLink[];
}

/** What the canvas draws: the pin last; `from` is the middle of its territory when the pin left it. */
export interface Drawn {
  points: Place[];
  links: PlaceLink[];
  from: Place | null;
}

/** Addresses that the server writes in the script of the page. */
export interface PlacesOptions {
  worldUrl: string;
  farUrl: string;
  franceUrl: string;
  countriesUrl: string;
  labelsUrl: string;
  townsUrl: string;
  workerUrl: string;
  topojsonUrl: string;
  geojsonVtUrl: string;
}

/** The layer of names and ribbons. */
export interface Drawing extends Leaflet.Layer {
  draw(): void;
  setGround(labels: import("../map/types.d.ts").GroundLabel[]): void;
}

/** What the pin asks of its map. */
export interface Owner {
  map: Leaflet.Map;
  side: Side;
  box: HTMLElement;
  fixed: Place[];
  drawing: Drawing;
  frame(): void;
}

declare global {
  interface Window {
    PlacesMap: new (map: Leaflet.Map, options: PlacesOptions) => object;
  }
}
