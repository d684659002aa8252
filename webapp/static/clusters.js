// Places that would cover each other on the screen as one ring, coloured by the kinds of what is there.

import { make } from "./parts.js";

const APART = 44; // pixels; what lies nearer becomes one
const MOST_LISTED = 40;
const NAMES_UNTIL = 60; // more rings than that, and names beside them would hide the map

function svg(tag, values, ...content) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(values)) made.setAttribute(name, value);
  made.append(...content);
  return made;
}

function count(things) {
  const counts = new Map();
  for (const { kind } of things) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts];
}

// One thing is a dot; several are a ring with their number, a piece of it for each kind.
function ring(things) {
  const size = things.length === 1 ? 16 : Math.min(46, 24 + 4 * Math.log2(things.length));
  const middle = size / 2;
  const drawn = svg("svg", { width: size, height: size, viewBox: `0 0 ${size} ${size}` });
  if (things.length === 1) {
    drawn.append(svg("circle", { class: `kind-${things[0].kind} spot`, cx: middle, cy: middle, r: 6 }));
    return { drawn, size };
  }
  drawn.append(svg("circle", { class: "plate", cx: middle, cy: middle, r: middle - 1 }));
  let before = 0;
  for (const [kind, number] of count(things)) {
    const share = (100 * number) / things.length;
    drawn.append(svg("circle", {
      class: `kind-${kind} piece`, cx: middle, cy: middle, r: middle - 3.5, pathLength: 100,
      "stroke-dasharray": `${share} ${100 - share}`, "stroke-dashoffset": -before, transform: `rotate(-90 ${middle} ${middle})`,
    }));
    before += share;
  }
  drawn.append(svg("text", { x: middle, y: middle }, String(things.length)));
  return { drawn, size };
}

export function listed(things, words) {
  const lines = things.slice(0, MOST_LISTED).map(({ text, href, kind, when }) => make("li", { class: kind ? `kind-${kind}` : "" },
    make("a", { href, ...(kind && { class: "dot" }) }, text), when ? make("span", { class: "note" }, ` ${when}`) : ""));
  if (things.length > MOST_LISTED) lines.push(make("li", { class: "note" }, words.more.replace("%d", things.length - MOST_LISTED)));
  return make("ul", { class: "listed" }, ...lines);
}

// The places in sight, each with those around the fullest ones; the same for the same zoom.
function gathered(map, places) {
  const zoom = map.getZoom();
  const sight = map.getBounds().pad(0.5);
  const apart = zoom >= map.getMaxZoom() ? 0 : APART;
  const groups = [];
  for (const place of places) {
    if (!sight.contains(place.at)) continue;
    const point = map.project(place.at, zoom);
    const near = groups.find((group) => group.point.distanceTo(point) < apart);
    if (near) near.places.push(place);
    else groups.push({ point, places: [place] });
  }
  return groups.map((group) => group.places);
}

function marker(map, some, words) {
  const things = some.flatMap((place) => place.things);
  const { drawn, size } = ring(things);
  const names = some.map(({ name }) => name);
  const called = names.slice(0, 3).join(", ") + (names.length > 3 ? " …" : "");
  const number = things.length > 1 ? `: ${words.things.replace("%d", things.length)}` : "";
  const made = L.marker(some[0].at, { icon: L.divIcon({ html: drawn, className: "cluster", iconSize: [size, size] }), riseOnHover: true });
  made.on("add", () => made.getElement().setAttribute("aria-label", called + number));
  made.bindTooltip(make("span", {}, names[0] + (names.length > 1 ? ` + ${names.length - 1}` : "")),
    { permanent: true, direction: "right", offset: [size / 2, 0], className: "place" });
  if (some.length === 1) return made.bindPopup(listed(things, words), { maxWidth: 320 });
  const enter = () => {
    map.getContainer().focus();
    map.fitBounds(L.latLngBounds(some.map(({ at }) => at)).pad(0.3));
  };
  return made.on("click", enter).on("keypress", ({ originalEvent }) => { if (originalEvent.key === "Enter") enter(); });
}

// Keeps the rings right while the map moves; `after` is called with the markers that bear names, and all.
export function cluster(map, places, words, after) {
  const group = L.layerGroup().addTo(map);
  const fullest = places.toSorted((one, other) => other.things.length - one.things.length);
  let zoom = null;
  function draw({ type } = {}) {
    const opened = group.getLayers().some((one) => one.isPopupOpen());
    if (opened && type === "moveend" && zoom === map.getZoom()) return;
    zoom = map.getZoom();
    group.clearLayers();
    const markers = gathered(map, fullest).map((some) => marker(map, some, words).addTo(group));
    const named = markers.length > NAMES_UNTIL ? [] : markers;
    for (const one of markers) if (!named.includes(one)) one.closeTooltip();
    after(named, markers);
  }
  map.on("zoomend moveend", draw);
  draw();
}
