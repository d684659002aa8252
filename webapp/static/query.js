// The page of queries: an editor, drafts and a history around the plain form, and answers without a new page.

import { Drafts, History } from "./drafts.js";
import { draw } from "./drawing.js";
import { edit, plain } from "./editor.js";
import { make } from "./parts.js";

const form = document.querySelector("form.own");
const area = form.elements.query;
const button = form.querySelector("button");
const label = form.querySelector("label");
const section = document.getElementById("answer");
const box = section.querySelector(".answered");
const words = { ...JSON.parse(form.dataset.words), label: label.textContent };
const said = make("p", { class: "said", role: "status" });

const drafts = new Drafts(words, ({ text }) => { editor.text = text; });
const history = new History(words, (text, view) => { drafts.open(text, "", view); editor.focus(); });
const settings = {
  words,
  complete: form.dataset.complete,
  prefixes: JSON.parse(form.dataset.prefixes),
  run: () => run(),
  leave: () => button.focus(),
  change: (text) => drafts.change({ text }),
};
let editor = plain(area, settings);
let running = null;
let shown = location.search;

function parameters(view) {
  const given = new URLSearchParams({ query: editor.text });
  if (view) given.set("view", view);
  for (const { name, value } of [form.elements.lang, form.elements.evidence].filter(Boolean)) given.set(name, value);
  return given;
}

// Ask for the answer and put it into the page; the address of the page becomes one that gives the same answer.
async function run(given = parameters(drafts.current.view)) {
  if (!given.get("query").trim()) return editor.focus();
  running?.abort();
  const mine = running = new AbortController();
  button.textContent = words.stop;
  said.textContent = words.running;
  try {
    const answer = await fetch(`${new URL(form.dataset.answer, location.href).pathname}?${given}`, { signal: mine.signal, headers: { Accept: "*/*" } });
    if (!answer.ok) return fail(await answer.json(), answer.headers.get("Content-Language"));
    show(await answer.text(), given, took(answer));
  } catch (error) {
    if (mine === running) said.textContent = error.name === "AbortError" ? words.stopped : words.failed;
  } finally {
    if (mine === running) {
      running = null;
      button.textContent = words.run;
    }
  }
}

function took(answer) {
  const milliseconds = /dur=([\d.]+)/.exec(answer.headers.get("Server-Timing") ?? "")?.[1] ?? 0;
  const seconds = (milliseconds / 1000).toLocaleString(document.documentElement.lang, { maximumSignificantDigits: 2 });
  return words.took.replace("{seconds}", seconds);
}

function show(html, given, time) {
  box.innerHTML = html;
  section.hidden = false;
  const extent = box.querySelector(".extent, .truth, .none").textContent;
  said.textContent = `${extent} – ${time}`;
  window.history.pushState(null, "", `${form.action.split("#")[0].split("?")[0]}?${given}`);
  shown = location.search;
  history.add(given.get("query"), given.get("view") ?? "", extent);
  draw(box);
  advise(said.textContent);
  document.getElementById("answered").scrollIntoView({ block: "nearest" });
}

// What the query leaves out or repeats takes longer to find than the answer, and comes when it is there.
async function advise(before) {
  const link = box.querySelector(".advised a");
  const answer = await fetch(link.href).catch(() => null);
  const page = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page || !link.isConnected) return;
  link.parentElement.replaceWith(page.querySelector(".advice"));
  const number = box.querySelectorAll(".advice li").length;
  if (number) said.textContent = `${before} ${words.remarks.replace("{number}", number)}`;
}

// A rewritten query goes into the editor, where it can be read, changed and undone before it is run.
function mend(event) {
  const link = event.target.closest(".rewrite");
  if (!link) return;
  event.preventDefault();
  editor.replace(new URL(link.href).searchParams.get("query"));
  said.textContent = words.fixed;
  editor.focus();
}

function fail({ detail, line, column }, language) {
  section.hidden = false;
  said.textContent = "";
  box.replaceChildren(make("p", { class: "fault", role: "alert", lang: language, dir: "auto" }, detail));
  if (line) editor.mark(line, column);
}

// A way to look at the answer, or another page of it.
function follow(event) {
  const link = event.target.closest(".views a, .pager a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const given = new URL(link.href).searchParams;
  drafts.change({ view: given.get("view") ?? "" });
  run(given);
}

async function insert(event) {
  const option = event.target.selectedOptions[0];
  if (!option.value) return;
  const answer = await fetch(option.value);
  if (answer.ok) drafts.open(await answer.text(), option.textContent, option.dataset.view);
  event.target.value = "";
  editor.focus();
}

function ready() {
  const choice = make("select", { id: "ready-choice", onchange: insert }, make("option", { value: "" }, words.choose));
  choice.append(document.getElementById("ready").content.cloneNode(true));
  return make("p", { class: "ready-choice" }, make("label", { for: "ready-choice" }, words.insert), " ", choice);
}

const panel = make("div", { id: "draft", role: "tabpanel" });
label.before(ready(), drafts.element, panel);
panel.append(label, area);
drafts.draw();
button.after(" ", make("span", { class: "note" }, words.keys), said);
form.after(history.element);
form.noValidate = true;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (running) running.abort();
  else run();
});
section.addEventListener("click", follow);
section.addEventListener("click", mend);
label.addEventListener("click", () => editor.focus());
window.addEventListener("popstate", () => { if (location.search !== shown) location.reload(); }); // not for a #part

const given = new URLSearchParams(location.search);
if (area.value.trim()) drafts.open(area.value, "", given.get("view") ?? "");
else area.value = drafts.current.text;
if (box.querySelector(".advised a")) advise("");
try {
  editor = await edit(area, settings);
  label.removeAttribute("for"); // it now belongs to the editor, which bears its text
  form.dataset.editor = "ready";
} catch {
  form.dataset.editor = "plain";
}
