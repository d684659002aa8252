// Queries that are being written, each under a tab, and those that were run: both kept in this browser only.

import { make } from "./parts.js";

const MOST_RUN = 50;

function read(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Nothing is kept where the reader, or a full disk, does not allow it.
  }
}

// Tabs after the pattern of the ARIA guide: arrow keys move between them, Tab leaves them. `show` gets the draft chosen.
export class Drafts {
  constructor(words, show) {
    Object.assign(this, { words, show, list: read("drafts", []), place: read("draft", 0) });
    this.tabs = make("div", { role: "tablist", "aria-label": words.tabs, onkeydown: (event) => this.step(event) });
    this.closing = make("button", { type: "button", class: "quietly", onclick: () => this.close() }, words.close);
    const adding = make("button", { type: "button", class: "quietly", onclick: () => this.add() }, words.add);
    this.element = make("div", { class: "drafts" }, this.tabs, adding, this.closing);
    if (!this.list.length) this.list.push(this.empty());
    this.place = Math.min(this.place, this.list.length - 1);
    this.draw();
  }

  get current() { return this.list[this.place]; }

  empty() {
    const numbers = this.list.map(({ number }) => number);
    let number = 1;
    while (numbers.includes(number)) number += 1;
    return { number, title: `${this.words.draft} ${number}`, text: "", view: "" };
  }

  // Open a query: in the draft that has this text, else in the present one if it is empty, else in a new one.
  open(text, title = "", view = "") {
    const same = this.list.findIndex((draft) => draft.text.trim() === text.trim());
    if (same >= 0) this.place = same;
    else {
      if (this.current.text.trim()) this.place = this.list.push(this.empty()) - 1;
      Object.assign(this.current, { text }, title && { title });
    }
    if (view) this.current.view = view;
    this.choose(this.place);
  }

  add() {
    this.choose(this.list.push(this.empty()) - 1);
    this.tabs.children[this.place].focus();
  }

  close() {
    this.list.splice(this.place, 1);
    if (!this.list.length) this.list.push(this.empty());
    this.choose(Math.min(this.place, this.list.length - 1));
    this.tabs.children[this.place].focus();
  }

  choose(place) {
    this.place = place;
    this.keep();
    this.draw();
    this.show(this.current);
  }

  change(values) {
    Object.assign(this.current, values);
    this.keep();
  }

  keep() {
    write("drafts", this.list);
    write("draft", this.place);
  }

  step(event) {
    const last = this.list.length - 1;
    const to = { ArrowLeft: this.place ? this.place - 1 : last, ArrowRight: this.place < last ? this.place + 1 : 0, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.choose(to);
    this.tabs.children[to].focus();
  }

  draw() {
    this.tabs.replaceChildren(...this.list.map(({ title }, place) => {
      const chosen = place === this.place;
      return make("button", {
        type: "button", role: "tab", id: `draft-${place}`, "aria-selected": String(chosen), "aria-controls": "draft",
        tabindex: chosen ? 0 : -1, title, onclick: () => this.choose(place),
      }, title);
    }));
    document.getElementById("draft")?.setAttribute("aria-labelledby", `draft-${this.place}`);
  }
}

// What was run, the newest first; `open` gets a query that is wanted again.
export class History {
  constructor(words, open) {
    Object.assign(this, { words, open, list: read("history", []) });
    this.summary = make("summary");
    this.lines = make("ol");
    const forgetting = make("button", { type: "button", class: "quietly", onclick: () => this.forget() }, words.forget);
    this.element = make("details", { class: "more history" }, this.summary, this.lines, forgetting);
    this.draw();
  }

  add(text, view, said) {
    const others = this.list.filter((run) => run.text !== text);
    this.list = [{ text, view, said, at: new Date().toISOString() }, ...others].slice(0, MOST_RUN);
    write("history", this.list);
    this.draw();
  }

  forget() {
    this.list = [];
    write("history", this.list);
    this.draw();
    this.summary.focus();
  }

  draw() {
    this.element.hidden = !this.list.length;
    this.summary.textContent = `${this.words.history} (${this.list.length})`;
    const language = document.documentElement.lang;
    this.lines.replaceChildren(...this.list.map(({ text, view, said, at }) => make("li", {},
      make("button", { type: "button", class: "quietly", onclick: () => this.open(text, view) }, gist(text)), " ",
      make("span", { class: "note" }, `${new Date(at).toLocaleString(language, { dateStyle: "short", timeStyle: "short" })} · ${said}`))));
  }
}

// The part of a query that tells it from others: without prefixes and line breaks.
function gist(text) {
  const plain = text.replace(/^\s*(PREFIX|BASE)\s.*$/gim, "").replace(/^\s*#.*$/gm, "").replace(/\s+/g, " ").trim();
  return plain.length > 100 ? `${plain.slice(0, 100)} …` : plain;
}
