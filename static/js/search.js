// Completion of a search: a combobox (ARIA 1.2) over what the server finds possible. Without it the box works as it is.
const PAUSE = 120;
let count = 0;

class Completion {
  constructor(input) {
    this.input = input;
    this.options = [];
    this.active = -1;
    this.list = document.createElement("ul");
    this.list.className = "opts";
    this.list.id = `completion-${++count}`;
    this.list.role = "listbox";
    this.list.hidden = true;
    this.list.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
    input.after(this.list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", this.list.id]])
      input.setAttribute(name, value);
    input.addEventListener("input", () => this.ask());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("li");
      if (option) this.take([...this.list.children].indexOf(option));
    });
  }

  ask() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fetch(), PAUSE);
  }

  async fetch() {
    const { value, selectionStart: at } = this.input;
    const address = new URL(this.input.dataset.completion, location);
    address.search = new URLSearchParams({ q: value, at });
    this.aborter?.abort();
    this.aborter = new AbortController();
    try {
      const answer = await fetch(address, { signal: this.aborter.signal });
      if (answer.ok && value === this.input.value) this.show(await answer.json());
    } catch {
      this.close();
    }
  }

  show(options) {
    this.options = options;
    this.list.replaceChildren(...options.map((option, number) => this.line(option, number)));
    this.mark(-1);
    this.list.hidden = !options.length;
    this.input.setAttribute("aria-expanded", String(Boolean(options.length)));
  }

  line(option, number) {
    const line = document.createElement("li");
    line.role = "option";
    line.id = `${this.list.id}-${number}`;
    const parts = [["code", "", option.text], ["span", "", option.meaning], ["span", "n s", option.count ?? ""]];
    for (const [name, kind, text] of parts) {
      if (text === "") continue;
      const part = document.createElement(name);
      part.className = kind;
      part.textContent = text > 999 ? "999+" : text;
      line.append(part);
    }
    return line;
  }

  mark(number) {
    this.active = number;
    [...this.list.children].forEach((line, place) => line.setAttribute("aria-selected", String(place === number)));
    if (number < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `${this.list.id}-${number}`);
  }

  take(number) {
    const { start, end, text } = this.options[number];
    const { value } = this.input;
    const done = text.endsWith(":") ? text : `${text} `;
    this.input.value = value.slice(0, start) + done + value.slice(end).trimStart();
    this.input.setSelectionRange(start + done.length, start + done.length);
    this.close();
    if (text.endsWith(":")) this.ask();
  }

  close() {
    clearTimeout(this.timer);
    this.aborter?.abort();
    this.show([]);
  }

  key(event) {
    const last = this.options.length - 1;
    if (event.isComposing || last < 0) return;
    if (event.key === "ArrowDown") this.mark(this.active < last ? this.active + 1 : 0);
    else if (event.key === "ArrowUp") this.mark(this.active > 0 ? this.active - 1 : last);
    else if (event.key === "Escape") this.close();
    else if (["Enter", "Tab"].includes(event.key) && this.active >= 0) this.take(this.active);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

document.querySelectorAll("[data-completion]").forEach((input) => new Completion(input));
