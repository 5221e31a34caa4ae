/* Tabs after the ARIA pattern: arrows, Home and End go from one to the other, and show it. */

export class Tabs {
  /**
   * @param {HTMLElement} list the element of role "tablist"
   * @param {(chosen: number) => void} onShow called each time one is shown
   */
  constructor(list, onShow = () => {}) {
    this.onShow = onShow;
    this.chosen = 0;
    /** @type {HTMLElement[]} */
    this.tabs = [...list.querySelectorAll('[role="tab"]')].map((tab) => /** @type {HTMLElement} */ (tab));
    this.tabs.forEach((tab, i) => {
      tab.addEventListener("click", () => this.show(i));
      tab.addEventListener("keydown", (event) => this.press(event, i));
    });
  }

  /**
   * @param {number} chosen
   * @param {boolean} isFocused the tab takes the focus too
   */
  show(chosen, isFocused = false) {
    this.tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === chosen));
      tab.tabIndex = i === chosen ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute("aria-controls") ?? "");
      if (panel) panel.hidden = i !== chosen;
    });
    this.chosen = chosen;
    this.onShow(chosen);
    if (isFocused) this.tabs[chosen].focus();
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number} at
   */
  press(event, at) {
    const { length } = this.tabs;
    const next = { ArrowRight: (at + 1) % length, ArrowLeft: (at + length - 1) % length, Home: 0, End: length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.show(next, true);
  }
}
