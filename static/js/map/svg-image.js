/* A drawing of the page as an image: its styles are written in it, since an image reads no style sheet. */

const KEPT = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin",
  "opacity", "font-family", "font-size", "font-weight", "font-style", "letter-spacing", "text-anchor", "dominant-baseline",
  "paint-order", "visibility", "display",
];

/**
 * @param {SVGSVGElement} drawing
 * @returns {Promise<HTMLImageElement>}
 */
export async function inlineSvg(drawing) {
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  const { width, height } = drawing.getBoundingClientRect();
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const copies = [copy, ...copy.querySelectorAll("*")];
  [drawing, ...drawing.querySelectorAll("*")].forEach((one, i) => writeStyle(one, copies[i]));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return image;
}

/**
 * @param {Element} from
 * @param {Element} to
 */
function writeStyle(from, to) {
  const style = getComputedStyle(from);
  for (const name of KEPT) {
    const value = style.getPropertyValue(name);
    // An attribute, not a style: the policy of the page forbids inline styles, in its images too.
    if (value) to.setAttribute(name, value);
  }
  to.removeAttribute("class");
}
