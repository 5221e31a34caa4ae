/*
 * Small maps come when they come into sight: a closed <details> costs nothing but this file.
 * The script that Folium writes starts Leaflet, then `new window.PlacesMap(map, options)`.
 */

/** @type {Map<string, Promise<unknown>>} */
const loaded = new Map();

/**
 * One element of the head for each address, however many maps ask for it.
 * @param {string} address
 * @param {() => HTMLElement} make
 */
function once(address, make) {
  if (!loaded.has(address)) {
    loaded.set(
      address,
      new Promise((resolve, reject) => {
        const element = make();
        element.addEventListener("load", resolve);
        element.addEventListener("error", () => {
          element.remove();
          loaded.delete(address); // the next map tries again
          reject(new Error(address));
        });
        document.head.append(element);
      }),
    );
  }
  return loaded.get(address);
}

/** @param {string} address */
function style(address) {
  const isThere = [...document.querySelectorAll("link[rel=stylesheet]")].some((link) => link.getAttribute("href") === address);
  if (isThere) return null;
  return once(address, () => Object.assign(document.createElement("link"), { rel: "stylesheet", href: address }));
}

/** @param {string} address */
const script = (address) => once(address, () => Object.assign(document.createElement("script"), { src: address }));

/** @param {HTMLElement} box */
async function openMap(box) {
  // A still picture says the same: who asks for less data keeps it.
  const { connection } = /** @type {Navigator & {connection?: {saveData?: boolean}}} */ (navigator);
  if (connection?.saveData && box.querySelector("[data-places-still]")) return;
  const { css, js, module, script: start } = /** @type {{css: string[], js: string[], module: string, script: string}} */ (
    JSON.parse(box.dataset.load ?? "")
  );
  box.dataset.state = "loading";
  try {
    await Promise.all([...css.map(style), ...js.map(script), import(module)]);
    await script(start);
    box.dataset.state = "ready";
  } catch {
    box.dataset.state = "failed";
    const fault = /** @type {HTMLElement|null} */ (box.querySelector("[data-places-fault]"));
    if (fault) fault.hidden = false;
  }
}

const inSight = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      inSight.unobserve(target);
      openMap(/** @type {HTMLElement} */ (target));
    }
  },
  { rootMargin: "200px" },
);
document.querySelectorAll("[data-places]").forEach((box) => inSight.observe(box));
