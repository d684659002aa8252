// The page of a network: its picture, and links, sliders and clicks that change it in place. Every state has an address.

import { change, show, stress } from "./network.js";
import { colours, make } from "./parts.js";

const figure = document.querySelector("figure[data-network]");
const WAIT = 150;
let graph = null;
let asked = 0;
let waiting = 0;

async function data() {
  const answer = await fetch(figure.dataset.network);
  if (!answer.ok) throw new Error((await answer.json()).detail);
  return answer.json();
}

function words() {
  return JSON.parse(figure.dataset.words);
}

// Let the thing that the address names stand out.
function point() {
  const short = new URL(location.href).searchParams.get("node");
  stress(graph, short ? graph.nodes().filter((node) => node.data("short") === short) : null);
}

async function draw() {
  figure.querySelector(".canvas")?.remove();
  const canvas = make("div", { class: "canvas" });
  figure.prepend(canvas);
  try {
    const drawn = await data();
    if (!drawn.things.length) return canvas.remove();
    graph = await show(canvas, drawn, words(), (node) => pick(node?.data("short") ?? ""));
    canvas.lastChild.append(make("button", { type: "button", class: "image", onclick: save }, words().image));
    point();
    figure.dataset.things = graph.nodes().length;
    figure.dataset.drawn = "network";
  } catch (error) {
    canvas.replaceWith(make("p", { class: "canvas note", role: "alert" }, error.message));
  }
}

function pick(short) {
  const address = new URL(location.href);
  if (short) address.searchParams.set("node", short);
  else address.searchParams.delete("node");
  go(address, { form: false });
}

// Give the new part the focus that the old one had: the link of the same words, else the part itself.
function refocus(fresh, words, hash) {
  if (hash === "#panel" && fresh.id === "panel") fresh.focus();
  else if (words) [...fresh.querySelectorAll("a")].find((link) => link.textContent === words)?.focus({ preventScroll: true });
}

// Show another address in place: the parts of its page that differ, and its picture. A later call overtakes this one.
async function go(address, { form = true, keep = "push" } = {}) {
  if (new URL(address, location).searchParams.get("name") !== (figure && words().name)) return location.assign(address);
  const turn = ++asked;
  clearTimeout(waiting);
  busy(true);
  const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
  const page = new DOMParser().parseFromString(answer?.ok ? await answer.text() : "", "text/html");
  if (turn !== asked) return;
  if (!page.querySelector("figure[data-network]")) return location.assign(address);
  if (keep === "push") history.pushState(null, "", address);
  if (keep === "replace") history.replaceState(null, "", address);
  for (const part of document.querySelectorAll("[data-part]")) {
    const fresh = page.getElementById(part.id);
    if (!fresh || (part.id === "narrow" && !form) || part.isEqualNode(fresh)) continue;
    const words = part.contains(document.activeElement) ? document.activeElement.textContent : "";
    part.replaceWith(fresh);
    refocus(fresh, words, new URL(address, location).hash);
  }
  if (form) slide();
  busy(false);
  await redraw(page.querySelector("figure[data-network]").dataset.network, turn);
}

// What is about to be replaced cannot be clicked meanwhile: its links would lead to what was.
function busy(yes) {
  for (const part of document.querySelectorAll("#lists, #panel")) part.setAttribute("aria-busy", yes);
}

async function redraw(source, turn) {
  if (figure.dataset.network !== source) {
    figure.dataset.network = source;
    const drawn = await data();
    if (turn !== asked) return;
    if (!graph) return draw();
    const before = graph.nodes().length;
    change(graph, drawn);
    if (graph.nodes().length > before) graph.fit(undefined, 24);
    figure.dataset.things = graph.nodes().length;
  }
  if (graph) point();
}

// The address that a form asks for, without what is empty.
function addressOf(form) {
  const address = new URL(form.action);
  address.search = "";
  for (const [key, value] of new FormData(form)) if (value) address.searchParams.append(key, value);
  const node = new URL(location.href).searchParams.get("node");
  if (node) address.searchParams.set("node", node);
  return address;
}

// A slider beside each field for a date; it moves by years.
function slide() {
  for (const field of document.querySelectorAll("input[data-years]")) {
    if (field.parentElement.querySelector("[type=range]")) continue;
    const [min, max] = field.dataset.years.split(" ");
    const name = `${words().slider}: ${field.previousElementSibling.textContent}`;
    const slider = make("input", { type: "range", min, max, step: 1, value: field.value.slice(0, 4), "aria-label": name });
    slider.addEventListener("input", () => {
      field.value = slider.value;
      clearTimeout(waiting);
      waiting = setTimeout(() => go(addressOf(field.form), { form: false, keep: "replace" }), WAIT);
    });
    field.after(slider);
  }
}

// The picture as a file that says what it is and where it is from.
async function save() {
  const { paper, ink } = colours();
  const picture = await createImageBitmap(await graph.png({ full: true, scale: 2, maxWidth: 6000, maxHeight: 6000, bg: paper, output: "blob-promise" }));
  const lines = [document.querySelector("h1").textContent, ...[...document.querySelectorAll("#said h2, #said p")].map((line) => line.textContent),
    document.querySelector("h1 + p").textContent, document.querySelector("footer p").textContent.replace(/\s+/g, " "), location.href];
  const canvas = make("canvas");
  const text = canvas.getContext("2d");
  canvas.width = Math.max(picture.width, 1400);
  text.font = "22px system-ui, sans-serif";
  const wrapped = lines.flatMap((line) => wrap(text, line.trim(), canvas.width - 60));
  canvas.height = picture.height + 30 * wrapped.length + 60;
  text.fillStyle = paper;
  text.fillRect(0, 0, canvas.width, canvas.height);
  text.drawImage(picture, (canvas.width - picture.width) / 2, 0);
  text.fillStyle = ink;
  text.font = "22px system-ui, sans-serif";
  wrapped.forEach((line, number) => text.fillText(line, 30, picture.height + 40 + 30 * number));
  const file = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const href = URL.createObjectURL(file);
  make("a", { href, download: `${words().name}.png` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}

function wrap(context, line, width) {
  const lines = [""];
  for (const word of line.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (context.measureText(longer).width > width && lines.at(-1)) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-part] a[href]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  if (new URL(link.href).pathname !== location.pathname) return;
  event.preventDefault();
  go(link.href);
});
document.addEventListener("submit", (event) => {
  if (event.target.id !== "narrow") return;
  event.preventDefault();
  go(addressOf(event.target));
});
addEventListener("popstate", () => go(location.href, { keep: "" }));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
if (figure) {
  slide();
  draw();
}
