// @ts-nocheck
// Suggestions of places under a plain field (WAI-ARIA combobox with a listbox), for any page that asks for a place.
// Without this script the field works as it is: the form asks the server, which answers or offers a choice.

const WAIT = 160; // milliseconds between the last key and the question
const SHORTEST = 2;
const LONGEST = 80;

export class Combobox {
  // `side` is "ici" or "labas"; `onChoose` receives the place chosen; `more` is a last line that does something else.
  constructor(box, { side, onChoose, more = null }) {
    this.box = box;
    this.side = side;
    this.onChoose = onChoose;
    this.more = more;
    this.input = box.querySelector("input");
    this.address = box.dataset.suggestions;
    this.places = [];
    this.active = -1;
    this.timer = 0;
    this.request = null;
    this.asked = "";
    this.list = document.createElement("ul");
    this.list.className = "suggestions";
    this.list.id = `${this.input.id}-suggestions`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Lieux proposés");
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    box.append(this.list, this.status);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    })) {
      this.input.setAttribute(name, value);
    }
    this.listen();
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    // Pressing must not take the focus away from the field: the list would close before the click.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(Number(option.dataset.index));
    });
  }

  typed() {
    clearTimeout(this.timer);
    const text = this.input.value.trim();
    if (text.length < SHORTEST || text.length > LONGEST) {
      this.request?.abort();
      this.close();
      return;
    }
    this.timer = setTimeout(() => this.ask(text), WAIT);
  }

  async ask(text) {
    this.request?.abort();
    this.request = new AbortController();
    const address = new URL(this.address, document.baseURI);
    address.searchParams.set("q", text);
    address.searchParams.set("cote", this.side);
    try {
      const answer = await fetch(address, {
        signal: this.request.signal,
        headers: { Accept: "application/json" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const body = await answer.json();
      this.asked = text;
      this.show(Array.isArray(body) ? body : []);
    } catch (error) {
      if (error.name !== "AbortError") this.close(); // the form still works: say nothing
    }
  }

  show(places) {
    if (document.activeElement !== this.input) return;
    this.places = places;
    this.active = -1;
    this.list.replaceChildren(...places.map((place, index) => this.option(place, index)));
    if (this.more) this.list.append(this.lastLine(places.length));
    this.input.removeAttribute("aria-activedescendant");
    this.expand(this.list.children.length > 0);
    this.status.textContent =
      places.length === 0
        ? "Aucun lieu proposé"
        : `${places.length} lieu${places.length > 1 ? "x" : ""} proposé${places.length > 1 ? "s" : ""}`;
  }

  line(index) {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${index}`;
    item.dataset.index = String(index);
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    return item;
  }

  lastLine(index) {
    const item = this.line(index);
    item.className = "suggestions__more";
    item.textContent = this.more.words;
    return item;
  }

  option(place, index) {
    const item = this.line(index);
    const name = document.createElement("strong");
    name.textContent = place.name;
    const more = document.createElement("small");
    const people = place.population ? `${number(place.population)} habitants` : "";
    more.textContent = [[place.kind, place.context].filter(Boolean).join(", "), people].filter(Boolean).join(" · ");
    item.append(name, " ", more);
    return item;
  }

  key(event) {
    if (event.isComposing) return;
    const last = this.list.children.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (last < 0) return;
      event.preventDefault();
      if (this.list.hidden) this.expand(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = this.active + step;
      this.activate(next > last ? -1 : next < -1 ? last : next);
    } else if (event.key === "Enter" && !this.list.hidden && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Tab") {
      this.close();
    }
  }

  activate(index) {
    this.active = index;
    [...this.list.children].forEach((item, number) => {
      item.setAttribute("aria-selected", String(number === index));
    });
    if (index < 0) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    const item = this.list.children[index];
    this.input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  choose(index) {
    const place = this.places[index];
    if (!place && this.more) {
      this.close();
      this.more.act();
    }
    if (!place) return;
    this.input.value = place.name;
    this.close();
    this.onChoose(place);
  }

  expand(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
  }

  close() {
    clearTimeout(this.timer);
    this.expand(false);
    this.activate(-1);
  }
}

function number(value) {
  return value.toLocaleString("fr-FR");
}
