// Places on a map of Natural Earth's countries, which is served from here like everything else.

import { cluster, listed as listing } from "./clusters.js";
import { colours, make, need, needData } from "./parts.js";

const ANTARCTICA = "010";
const MOST_FOCUSABLE = 60;

// A country that crosses the 180th meridian goes on beyond it instead of back around the world.
function unwrapped(ring) {
  const longitudes = ring.map(([longitude]) => longitude);
  if (Math.max(...longitudes) - Math.min(...longitudes) < 180) return ring;
  return ring.map(([longitude, latitude]) => [longitude < 0 ? longitude + 360 : longitude, latitude]);
}

function countries(world) {
  const { features } = topojson.feature(world, world.objects.countries);
  for (const { geometry } of features) {
    if (geometry?.type === "Polygon") geometry.coordinates = geometry.coordinates.map(unwrapped);
    if (geometry?.type === "MultiPolygon") geometry.coordinates = geometry.coordinates.map((part) => part.map(unwrapped));
  }
  return features.filter(({ id, geometry }) => geometry && id !== ANTARCTICA);
}

function listed(things, measure) {
  const lines = things.map(({ text, href, amount }) => {
    const name = href ? make("a", { href }, text) : text;
    return make("li", {}, name, amount ? ` – ${measure}: ${amount}` : "");
  });
  return make("ul", {}, ...lines);
}

function middle(numbers) {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];
}

// The inner part of what stands at a place; a name may touch its edge.
function core(element) {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return { left: left + 4, right: right - 4, top: top + 4, bottom: bottom - 4 };
}

// Most places, where they lie close together; all of them where they do not.
function main(places) {
  const [latitude, longitude] = [0, 1].map((axis) => middle(places.map(({ at }) => at[axis])));
  const near = places.filter(({ at }) => Math.abs(at[0] - latitude) < 25 && Math.abs(at[1] - longitude) < 45);
  return near.length >= 0.7 * places.length ? near : places;
}

function fit(map, places) {
  map.fitBounds(L.latLngBounds(places.map(({ at }) => at)).pad(0.15), { maxZoom: 6 });
}

// Say which places are out of sight, and offer to show them.
function tellOutside(canvas, map, places, shown, words) {
  const others = places.filter((place) => !shown.includes(place)).map(({ name, things }) => name ?? things[0].text);
  if (!others.length) return;
  const all = make("button", { type: "button", class: "quietly", onclick: () => { fit(map, places); note.remove(); } }, words.all);
  const note = make("p", { class: "outside note" }, `${words.outside} ${others.join(", ")}. `, all);
  canvas.after(note);
}

// Names stand beside their places as long as they cover neither each other nor a place.
function placeNames(markers, places = markers) {
  const taken = places.map((place) => place.getElement()).filter(Boolean).map(core);
  for (const marker of markers) {
    const name = marker.getTooltip()?.getElement();
    if (!name) continue;
    name.hidden = false;
    const box = name.getBoundingClientRect();
    name.hidden = taken.some((other) =>
      box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom);
    if (!name.hidden) taken.push(box);
  }
}

// Countries, on which the rest is drawn.
async function background(canvas, words) {
  const world = await needData("countries.json");
  const { line, paper } = colours();
  const moves = !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(canvas, {
    zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.5, maxZoom: 9, worldCopyJump: false,
    inertia: moves, fadeAnimation: moves, zoomAnimation: moves, markerZoomAnimation: moves,
  });
  if (!moves) map.panBy = (offset, options) => L.Map.prototype.panBy.call(map, offset, { ...options, animate: false });
  map.attributionControl.setPrefix(false).addAttribution(words.borders);
  L.control.zoom({ zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map);
  canvas.setAttribute("role", "region");
  canvas.setAttribute("aria-label", words.map);
  map.createPane("land").style.zIndex = 300;
  L.geoJSON(countries(world), {
    interactive: false,
    pane: "land",
    renderer: L.canvas({ pane: "land", padding: 1 }),
    style: { color: line, weight: 0.8, fillColor: paper, fillOpacity: 1 },
  }).addTo(map);
  map.on("popupopen", ({ popup }) => popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", words.close));
  return map;
}

// Dots that differ in size by an amount, for the answer to a query.
function dots(map, places, measure) {
  const palette = colours();
  const amount = ({ things }) => things.reduce((sum, thing) => sum + (Number(thing.amount) || 1), 0);
  const most = Math.max(...places.map(amount));
  const markers = places.toSorted((one, other) => amount(other) - amount(one)).map((place) => {
    const radius = 5 + 9 * Math.sqrt(amount(place) / most) * (most > 1);
    const style = { radius, color: palette.paper, weight: 1.5, fillColor: palette[place.things[0].colour] ?? palette.warm, fillOpacity: 0.9 };
    const name = place.things[0].text + (place.things.length > 1 ? ` + ${place.things.length - 1}` : "");
    return L.circleMarker(place.at, style)
      .bindTooltip(make("span", {}, name), { permanent: true, direction: "right", offset: [radius, 0], className: "place" })
      .bindPopup(listed(place.things, measure))
      .addTo(map);
  });
  map.on("zoomend moveend", () => placeNames(markers));
  placeNames(markers);
  for (const [number, marker] of markers.entries()) {
    if (number >= MOST_FOCUSABLE) break;
    const dot = marker.getElement();
    for (const [name, value] of Object.entries({ tabindex: 0, role: "button", "aria-label": marker.getTooltip().getContent().textContent })) dot.setAttribute(name, value);
    dot.addEventListener("keydown", ({ key }) => { if (key === "Enter" || key === " ") marker.openPopup(); });
  }
}

// Lines between places, the thicker the more they stand for.
function drawLines(map, lines, words) {
  const colour = colours()["kind-event"];
  for (const { ends, text, things } of lines) {
    L.polyline(ends, { color: colour, weight: 1 + Math.sqrt(things.length), opacity: 0.4 })
      .bindPopup(make("div", {}, make("strong", {}, text), listing(things, words)))
      .addTo(map);
  }
}

export async function show(canvas, { places, lines = [], measure }, words) {
  await need("leaflet.css", "leaflet.js", "topojson.js");
  const map = await background(canvas, words);
  const ends = places.length ? places : lines.flatMap((line) => line.ends.map((at) => ({ at, things: [{ text: line.text }] })));
  const shown = main(ends);
  fit(map, shown);
  tellOutside(canvas, map, ends, shown, words);
  drawLines(map, lines, words);
  if (places.some(({ things }) => things[0].kind)) cluster(map, places, words, placeNames);
  else if (places.length) dots(map, places, measure);
  canvas.closest("figure").querySelector(".fallback")?.remove();
}
