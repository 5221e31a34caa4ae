// @ts-nocheck
/*
 * The state of the page is its address: filters as the server names them, the selection (ici, labas), and the view
 * (vue=zoom/latitude/longitude). The same pairs ask for the map, the list and the page.
 */

const OWN = ["ici", "labas", "vue", "bbox", "page"];

/** {filters, here, there, view, box} read from an address; `view` is [zoom, lat, lon], `box` [west, south, east, north]. */
export function readState(search) {
  const query = new URLSearchParams(search);
  const filters = new URLSearchParams();
  for (const [name, value] of query) if (!OWN.includes(name) && value) filters.append(name, value);
  return {
    filters,
    here: query.get("ici") || null,
    there: query.get("labas") || null,
    view: numbers(query.get("vue"), "/", 3),
    box: numbers(query.get("bbox"), ",", 4),
  };
}

function numbers(text, separator, count) {
  const values = (text ?? "").split(separator).map(Number.parseFloat);
  return values.length === count && values.every(Number.isFinite) ? values : null;
}

/** The pairs that select initiatives, for any of the addresses. */
export function selectionQuery({ filters, here, there }, extra = {}) {
  const query = new URLSearchParams(filters);
  if (here) query.set("ici", here);
  if (there) query.set("labas", there);
  for (const [name, value] of Object.entries(extra)) if (value) query.set(name, value);
  return query;
}

/** The address of the page in a state; keys keep their colon, which a query may hold. */
export function addressOf(state) {
  const query = selectionQuery(state, { vue: state.view?.join("/") });
  const text = query.toString().replaceAll("%3A", ":").replaceAll("%2F", "/");
  return text ? `${location.pathname}?${text}` : location.pathname;
}

/** The view of a map as kept in the address: enough digits for a pixel, no more. */
export function viewOf(map) {
  const { lat, lng } = map.getCenter();
  const lon = (((lng + 180) % 360) + 360) % 360 - 180;
  return [map.getZoom(), Number(lat.toFixed(3)), Number(lon.toFixed(3))];
}

export const isSameSelection = (one, other) => one.here === other.here && one.there === other.there;
