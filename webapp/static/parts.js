// Parts that others wrote, fetched from this host when they are first needed.

const fetched = new Map();
const KINDS = ["city", "actor", "project", "event", "exhibition", "publication", "funding", "theme", "source", "other"];

function address(name) {
  return new URL(`vendor/${name}`, import.meta.url).href;
}

function element(name) {
  if (name.endsWith(".css")) return Object.assign(document.createElement("link"), { rel: "stylesheet", href: address(name) });
  return Object.assign(document.createElement("script"), { src: address(name) });
}

function fetchPart(name) {
  if (!fetched.has(name)) {
    fetched.set(name, new Promise((resolve, reject) => {
      const part = element(name);
      part.onload = resolve;
      part.onerror = () => reject(new Error(`${name} is missing: run make setup`));
      document.head.append(part);
    }));
  }
  return fetched.get(name);
}

// Scripts and styles, one after the other, because some build on those before them.
export async function need(...names) {
  for (const name of names) await fetchPart(name);
}

export async function needData(name) {
  const answer = await fetch(address(name));
  if (!answer.ok) throw new Error(`${name} is missing: run make setup`);
  return answer.json();
}

// An element with its attributes, listeners and content.
export function make(tag, values = {}, ...content) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(values)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...content);
  return made;
}

// The colours of the page, as they are now: light or dark.
export function colours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["paper", "soft", "line", "ink", "dim", "accent", "warm", "mark", ...KINDS.map((kind) => `kind-${kind}`)];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}
