/* The tools over the map: one's commune, full screen, a picture to keep. */

import { followFullScreen } from "./full-screen.js";

/** @typedef {import("./state.js").MapState} MapState */
/** @typedef {import("./requests.js").Requests} Requests */

/**
 * @param {HTMLElement} root the page of the map
 * @param {MapState} state
 * @param {Requests} requests
 * @param {{aroundUrl: string, layers: import("./picture.js").Layers}} options
 */
export function openTools(root, state, requests, { aroundUrl, layers }) {
  const find = (/** @type {string} */ name) => /** @type {HTMLElement} */ (root.querySelector(name));
  const stage = find(".map-stage");
  const near = find("[data-near]");
  const opener = find("[data-near-open]");
  // What few visitors use is fetched when they ask for it.
  const open = async () => {
    const { openNearby } = await import("./nearby.js");
    openNearby(near, state, requests, aroundUrl);
    opener.click();
  };
  opener.addEventListener("click", open, { once: true });
  near.hidden = false;
  followFullScreen(find("[data-full-screen]"), stage);
  find("[data-picture]").addEventListener("click", () => keepPicture(root, stage, layers, find("[data-tools-said]")));
  find("[data-tools]").hidden = false;
}

/**
 * @param {HTMLElement} root
 * @param {HTMLElement} stage
 * @param {import("./picture.js").Layers} layers
 * @param {HTMLElement} said
 */
async function keepPicture(root, stage, layers, said) {
  try {
    const { paintPicture } = await import("./picture.js");
    const blob = await paintPicture(stage, wordsOf(root, stage), layers);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `ici-et-la-bas-${new Date().toISOString().slice(0, 10)}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    said.textContent = "L’image de la carte est téléchargée.";
  } catch {
    said.textContent = "L’image n’a pas pu être faite. Essayez une capture d’écran.";
  }
}

/**
 * @param {HTMLElement} root
 * @param {HTMLElement} stage
 */
function wordsOf(root, stage) {
  const text = (/** @type {string} */ name) => (root.querySelector(name)?.textContent ?? "").replace(/\s+/g, " ").trim();
  const day = new Date().toLocaleDateString("fr-FR", { day: "numeric", month: "long", year: "numeric" });
  const sources = (stage.querySelector(".leaflet-control-attribution")?.textContent ?? "").trim();
  return {
    sentence: text('[data-panel="sentence"]'),
    legend: text(".map-legend > span:last-child"),
    foot: `Ici & Là-bas, ${location.host}, le ${day}. Fond de carte : ${sources}.`,
  };
}
