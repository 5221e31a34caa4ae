// What is typed stays on this device until the site has it: a closed tab, a lost network, an expired session lose nothing.
// One entry of the browser's storage for each draft and screen; all go when the draft is sent, or after seven days.

const PREFIX = "brouillon:";
const LIFE = 7 * 24 * 3600 * 1000; // milliseconds
const WAIT = 300; // between the last key and the writing
const NOT_KEPT = new Set(["csrf_token", "counter", "base", "start_key", "site", "opened", "faire"]);

const store = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null; // storage refused, or not ours
    }
  },
  write(key, entry) {
    try {
      localStorage.setItem(key, JSON.stringify(entry));
      return true;
    } catch {
      return false;
    }
  },
  drop(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // nothing was kept
    }
  },
  keys(start) {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX + start));
    } catch {
      return [];
    }
  },
};

function purge() {
  for (const key of store.keys("")) {
    const entry = store.read(key);
    if (!entry || Date.now() - entry.at > LIFE) store.drop(key);
  }
  for (const page of document.querySelectorAll("[data-sent]")) {
    for (const key of [...store.keys(`${page.dataset.sent}:`), ...store.keys("nouveau:")]) store.drop(key);
  }
}

// The counter of the draft went up after a screen was sent: the site has it.
function acknowledge(draft, counter) {
  for (const key of [...store.keys(`${draft}:`), ...store.keys("nouveau:")]) {
    const entry = store.read(key);
    const isNew = key.startsWith(`${PREFIX}nouveau:`);
    if (entry?.sent && (isNew || entry.counter < counter)) store.drop(key);
  }
}

function valuesOf(form) {
  return [...new FormData(form)].filter(([name, value]) => !NOT_KEPT.has(name) && typeof value === "string");
}

class Keeper {
  constructor(form) {
    this.form = form;
    [this.draft] = form.dataset.keep.split(":");
    this.key = PREFIX + form.dataset.keep;
    this.counter = Number(form.dataset.counter);
    this.shown = JSON.stringify(valuesOf(form));
    this.note = form.querySelector("[data-kept]");
    this.saved = form.querySelector("[data-saved]");
    this.timer = 0;
    this.restore();
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("pagehide", () => this.keep());
    addEventListener("online", () => this.back());
    addEventListener("offline", () => this.offline());
    if (!navigator.onLine) this.offline();
  }

  restore() {
    const entry = store.read(this.key);
    if (!entry || JSON.stringify(entry.values) === this.shown) {
      store.drop(this.key);
      return;
    }
    if (entry.counter === this.counter) {
      this.fill(entry.values);
      this.say("Ce que vous aviez écrit ici, et que le site n’avait pas encore reçu, est revenu dans les champs.");
      if (entry.waiting && navigator.onLine) this.send();
    } else {
      this.say("Un texte plus ancien de cette page est encore sur cet appareil.", "Le reprendre", () => {
        this.fill(entry.values);
        this.say("Le texte gardé sur cet appareil est revenu dans les champs.");
      });
    }
  }

  fill(values) {
    for (const box of this.form.querySelectorAll("input[type=radio], input[type=checkbox]")) {
      if (!NOT_KEPT.has(box.name)) box.checked = values.some(([name, value]) => name === box.name && value === box.value);
    }
    for (const [name, value] of values) {
      const field = this.form.elements.namedItem(name);
      if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
        if (field.type !== "radio" && field.type !== "checkbox") field.value = value;
      }
    }
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), WAIT);
    if (this.saved) this.saved.hidden = true; // true again once the site has it
  }

  keep(more = {}) {
    clearTimeout(this.timer);
    const values = valuesOf(this.form);
    const before = store.read(this.key);
    if (JSON.stringify(values) === this.shown && !more.sent && !before) return;
    store.write(this.key, { at: Date.now(), counter: this.counter, values, ...(before?.sent ? { sent: true } : {}), ...more });
  }

  submit(event) {
    if (event.defaultPrevented) return;
    if (!navigator.onLine) {
      event.preventDefault();
      this.keep({ waiting: true });
      this.offline();
      this.note?.focus?.();
      return;
    }
    this.keep({ sent: true });
  }

  offline() {
    this.say("Pas de réseau pour l’instant. Ce que vous écrivez est gardé sur cet appareil et partira quand le réseau reviendra.");
  }

  back() {
    if (store.read(this.key)?.waiting) this.send();
    else this.say("");
  }

  send() {
    this.say("Le réseau est revenu : votre texte part.");
    this.keep({ waiting: false });
    this.form.requestSubmit();
  }

  say(words, act = "", then = null) {
    if (!this.note) return;
    this.note.hidden = !words;
    const text = document.createElement("span");
    text.textContent = words;
    this.note.replaceChildren(text);
    if (act) this.note.append(" ", this.button(act, then));
    if (words) this.note.append(" ", this.button("Effacer ce brouillon de cet appareil", () => this.erase()));
  }

  button(words, then) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "as-link";
    button.textContent = words;
    button.addEventListener("click", then);
    return button;
  }

  erase() {
    clearTimeout(this.timer);
    for (const key of store.keys(`${this.draft}:`)) store.drop(key);
    this.shown = JSON.stringify(valuesOf(this.form)); // kept again only once it changes
    this.note.textContent = "Plus rien de ce brouillon n’est gardé sur cet appareil.";
  }
}

purge();
for (const page of document.querySelectorAll("[data-draft]")) acknowledge(page.dataset.draft, Number(page.dataset.counter));
for (const form of document.querySelectorAll("form[data-keep]")) new Keeper(form);
