// « Chercher plus loin » : what the online providers propose is added under the field, as choices; nothing is taken by
// itself. Without scripts the same button sends the form, which comes back with the same choices.

const PATIENCE = 15_000; // milliseconds: the server gives up long before
const DOWN = "La recherche en ligne ne répond pas. Ce que le répertoire connaît reste valable, ou placez le repère.";

/** Looks further for the place of one line. */
export class Further {
  /**
   * @param {HTMLElement} line the place of the form
   * @param {HTMLElement} box its block, with the button and what is said
   */
  constructor(line, box) {
    this.line = line;
    this.box = box;
    this.button = box.querySelector("button");
    this.said = box.querySelector("[role=status]");
    /** @type {AbortController | null} */
    this.request = null;
  }

  /** Ask, once at a time; whatever happens is said, and the form stays as it was. */
  async look() {
    const input = this.line.querySelector("input");
    const asked = input.value.trim();
    if (this.request || !asked) return;
    const request = (this.request = new AbortController());
    const timer = setTimeout(() => request.abort(), PATIENCE);
    this.button.setAttribute("aria-busy", "true");
    this.say("La recherche est en cours…");
    let told = DOWN;
    try {
      const answer = await fetch(this.box.dataset.further, {
        method: "POST",
        signal: request.signal,
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json",
          "X-CSRFToken": this.line.closest("form").elements.namedItem("csrf_token").value,
        },
        body: JSON.stringify({ q: asked, cote: this.line.querySelector("[data-place]").dataset.place }),
      });
      const body = await answer.json();
      if (answer.ok) {
        told = body.message;
        if (input.value.trim() === asked) this.offer(body.places);
      } else if (answer.status === 429) {
        told = "Trop de demandes en peu de temps. Patientez une minute, ou placez le repère.";
      }
    } catch {
      // no network, or an answer of another shape: said as it is
    }
    clearTimeout(timer);
    this.request = null;
    this.button.removeAttribute("aria-busy");
    if (input.value.trim() === asked) this.say(told);
  }

  /** What is said under the button; a screen reader hears it. */
  say(words) {
    this.said.textContent = words;
  }

  /** Forget what was found for other words. */
  forget() {
    this.say("");
    for (const item of this.line.querySelectorAll("[data-online]")) item.remove();
    const made = this.line.querySelector("[data-made]");
    if (made) made.remove();
  }

  /** Add the places found to the choices of the line, made when there are none. */
  offer(places) {
    for (const item of this.line.querySelectorAll("[data-online]")) item.remove();
    if (!places.length) return;
    const list = this.line.querySelector("[data-choices] .suggest") ?? this.makeList();
    const none = list.querySelector("[data-none]");
    const known = new Set([...list.querySelectorAll("input")].map((radio) => radio.value));
    for (const place of places.filter((one) => !known.has(one.choice))) {
      const item = this.choice(place.choice, place.name, `${place.context ? `${place.context} · ` : ""}trouvé en ligne (${place.credit})`);
      item.dataset.online = "";
      item.querySelector("span").prepend(number(list.querySelectorAll("li:not([data-none])").length + 1), " ");
      none.before(item);
    }
  }

  makeList() {
    const set = document.createElement("fieldset");
    set.className = "field asking";
    set.dataset.choices = "";
    set.dataset.made = "";
    const legend = document.createElement("legend");
    legend.className = "legend asking__word";
    legend.textContent = "Est-ce l’un de ces lieux ?";
    const list = document.createElement("ul");
    list.className = `suggest suggest--${this.line.id.split("-")[0]}`;
    const none = this.choice("aucune", "Aucune de ces propositions", "Je nomme un territoire plus large, ou je place le repère");
    none.dataset.none = "";
    list.append(none);
    set.append(legend, list);
    this.box.before(set);
    return list;
  }

  choice(value, name, detail) {
    const radio = Object.assign(document.createElement("input"), { type: "radio", name: `${this.line.id}-choice`, value });
    const small = document.createElement("small");
    small.textContent = detail;
    const bdi = document.createElement("bdi");
    bdi.textContent = name;
    const words = document.createElement("span");
    words.append(bdi, small);
    const label = document.createElement("label");
    label.className = "choice";
    label.append(radio, words);
    const item = document.createElement("li");
    item.append(label);
    return item;
  }
}

function number(rank) {
  const span = document.createElement("span");
  span.className = "number";
  span.textContent = `${rank}.`;
  return span;
}
