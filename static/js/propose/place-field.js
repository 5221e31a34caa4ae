// The places of questions 2 and 3: what reads them (place.js) comes when somebody enters a field, not before.

const fields = new WeakMap();

/** The field of a box, made once. */
async function open(box) {
  const { PlaceField } = await import("./place.js");
  if (!fields.has(box)) fields.set(box, new PlaceField(box));
  return fields.get(box);
}

async function look(event, box) {
  const button = event.currentTarget;
  event.preventDefault();
  try {
    (await open(box)).further.look();
  } catch {
    button.form.requestSubmit(button); // without that file, the form asks by itself
  }
}

for (const box of document.querySelectorAll("[data-place]")) {
  const input = box.querySelector("input");
  // Told before the focus comes: a screen reader says what the field is when it enters it.
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  const enter = () => open(box).catch(() => input.addEventListener("focus", enter, { once: true }));
  input.addEventListener("focus", enter, { once: true });
  const further = box.closest(".place-line").querySelector("[data-further] button");
  further?.addEventListener("click", (event) => look(event, box));
}

// The maps are fetched when one is opened.
const openMaps = () => import("../places/open.js");
for (const pin of document.querySelectorAll("[data-pin]")) {
  if (pin.open) openMaps();
  else pin.addEventListener("toggle", openMaps, { once: true });
}
