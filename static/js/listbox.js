// A field that proposes while somebody types (WAI-ARIA 1.2 combobox with a listbox): keyboard, pointer, screen reader.
// Without scripts the field is a plain one: the form asks the server.

const WAIT = 140; // milliseconds between the last key and the question
const SHORTEST = 2;
const LONGEST = 80;
const LOW = 300; // pixels under the field below which the list opens above it, when there is more room there

/**
 * @template Item
 * @typedef {object} Proposing
 * @property {string} label what the list is, for those who listen
 * @property {(text: string) => URL} address where the items are asked
 * @property {(answer: unknown) => Item[]} read the items of an answer
 * @property {(item: Item) => (Node|string)[]} draw what an option shows
 * @property {(item: Item) => string} [group] the heading under which an option comes; none for a plain list
 * @property {(count: number) => string} told how many there are, in words
 * @property {string} [nothing] what is said, and shown, when there is none
 * @property {(item: Item) => void} choose
 * @property {{words: string, act: () => void}|null} [more] a last line that does something else
 */

/** @template Item */
export class Listbox {
  /**
   * @param {HTMLElement} box the element that holds the field
   * @param {Proposing<Item>} proposing
   */
  constructor(box, proposing) {
    this.box = box;
    this.proposing = proposing;
    this.input = /** @type {HTMLInputElement} */ (box.querySelector("input"));
    /** @type {Item[]} */
    this.items = [];
    /** @type {HTMLElement[]} */
    this.options = [];
    this.active = -1;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined;
    /** @type {AbortController|null} */
    this.request = null;
    // A list item may not be a group: with headings, the list is of plain boxes.
    this.tags = proposing.group ? { list: "div", line: "div" } : { list: "ul", line: "li" };
    this.list = document.createElement(this.tags.list);
    this.list.className = "suggestions";
    this.list.id = `${this.input.id}-suggestions`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", proposing.label);
    this.status = document.createElement("p");
    this.status.setAttribute("role", "status");
    this.say("");
    box.append(this.list, this.status);
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.autocomplete = "off";
    this.listen();
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.input.form?.addEventListener("submit", () => this.close());
    // Pressing must not take the focus away from the field: the list would close before the click.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = /** @type {HTMLElement} */ (event.target).closest("[role=option]");
      if (option) this.choose(this.options.indexOf(/** @type {HTMLElement} */ (option)));
    });
  }

  typed() {
    clearTimeout(this.timer);
    const text = this.input.value.trim();
    if (text.length < SHORTEST || text.length > LONGEST) this.close();
    else this.timer = setTimeout(() => this.ask(text), WAIT);
  }

  /** @param {string} text */
  async ask(text) {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    try {
      const answer = await fetch(this.proposing.address(text), {
        signal: request.signal,
        headers: { Accept: "application/json" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const items = this.proposing.read(await answer.json());
      if (!request.signal.aborted) this.show(items);
    } catch {
      if (!request.signal.aborted) this.close(); // the form still works: say nothing
    }
  }

  /** @param {Item[]} items */
  show(items) {
    if (document.activeElement !== this.input) return;
    const { more = null, nothing = "", told } = this.proposing;
    this.items = items;
    this.active = -1;
    this.options = items.map((item) => this.option(this.proposing.draw(item)));
    this.list.replaceChildren(...this.lines());
    if (more) {
      const last = this.option([more.words]);
      last.className = "suggestions__more";
      this.options.push(last);
      this.list.append(last);
    }
    this.options.forEach((option, number) => (option.id = `${this.list.id}-${number}`));
    this.input.removeAttribute("aria-activedescendant");
    this.say(items.length ? told(items.length) : nothing, !items.length && !more && Boolean(nothing));
    this.expand(this.options.length > 0);
  }

  /** The options under their headings, in their order. */
  lines() {
    const { group } = this.proposing;
    if (!group) return this.options;
    /** @type {Map<string, HTMLElement[]>} */
    const groups = new Map();
    this.items.forEach((item, number) => {
      const heading = group(item);
      groups.set(heading, [...(groups.get(heading) ?? []), this.options[number]]);
    });
    return [...groups].map(([heading, options], number) => {
      const line = document.createElement(this.tags.line);
      const title = document.createElement("span");
      title.className = "suggestions__heading";
      title.id = `${this.list.id}-group-${number}`;
      title.textContent = heading;
      line.setAttribute("role", "group");
      line.setAttribute("aria-labelledby", title.id);
      line.append(title, ...options);
      return line;
    });
  }

  /** @param {(Node|string)[]} shown */
  option(shown) {
    const option = document.createElement(this.tags.line);
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.append(...shown);
    return option;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing) return;
    const last = this.options.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (last < 0) return;
      event.preventDefault();
      if (this.list.hidden) this.expand(true);
      const next = this.active + (event.key === "ArrowDown" ? 1 : -1);
      this.activate(next > last ? -1 : next < -1 ? last : next);
    } else if (event.key === "Enter" && !this.list.hidden && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Tab") {
      this.close();
    }
  }

  /** Something is shown under the field: options, or the sentence that there are none. */
  get isOpen() {
    return !this.list.hidden || this.status.className !== "visually-hidden";
  }

  /** @param {number} index */
  activate(index) {
    this.active = index;
    this.options.forEach((option, number) => option.setAttribute("aria-selected", String(number === index)));
    const option = this.options[index];
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} index */
  choose(index) {
    const item = this.items[index];
    this.close();
    if (item !== undefined) this.proposing.choose(item);
    else this.proposing.more?.act();
  }

  /** @param {boolean} isOpen */
  expand(isOpen) {
    if (isOpen && this.list.hidden) {
      const { top, bottom } = this.input.getBoundingClientRect();
      const under = innerHeight - bottom;
      this.box.classList.toggle("combobox--above", under < LOW && top > under);
    }
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.say("");
    this.expand(false);
    this.activate(-1);
  }

  /**
   * Told to those who listen; shown too when there is nothing else to see.
   * @param {string} words
   * @param {boolean} isShown
   */
  say(words, isShown = false) {
    this.status.className = isShown ? "suggestions suggestions--none" : "visually-hidden";
    this.status.textContent = words;
  }
}
