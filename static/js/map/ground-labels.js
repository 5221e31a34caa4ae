// @ts-nocheck
/* Names of the base map: seas, countries, regions. They give way to everything else. */

import { worldX, worldY } from "./mercator.js";
import { textFont, token } from "./theme.js";

const REGIONS = { from: 5.25, to: 9 };
const COUNTRIES = { from: 3, to: 9 };

const styles = {
  sea: () => ({ font: textFont(14, 400, "italic"), colour: token("--map-sea-name"), halo: 0 }),
  country: () => ({ font: textFont(13, 500), colour: token("--map-ground-name"), halo: 3 }),
  region: () => ({ font: textFont(13, 500), colour: token("--map-ground-name"), halo: 3 }),
};

function isShown({ kind, min_zoom: from }, zoom) {
  if (kind === "sea") return zoom >= from - 0.25;
  const range = kind === "region" ? REGIONS : COUNTRIES;
  return zoom >= Math.max(range.from, from) && zoom < range.to;
}

/** Write what fits; `taken` holds the names already written beside a symbol. */
export function paintGroundNames(labels, all, view, taken) {
  for (const label of all) {
    if (!isShown(label, view.zoom) || taken.has(label.name)) continue;
    const y = worldY(label.lat) * view.size - view.top;
    if (y < 0 || y > view.height) continue;
    const first = Math.floor(view.left / view.size);
    for (let turn = first; turn <= (view.left + view.width) / view.size; turn += 1) {
      const x = (worldX(label.lon) + turn) * view.size - view.left;
      if (x > 0 && x < view.width) labels.ground(label.name, x, y, styles[label.kind]());
    }
  }
}
