// Things and the ties between them. Positions are the same at every visit: the server's where it gives them.

import { keepNamed, style as names } from "./naming.js";
import { colours, make, need } from "./parts.js";

const MANY = 1500;
const STRESSED = { joined: "accent", only: "accent", left: "warm", between: "visited" };
const LINES = { perhaps: "dashed", uncertain: "dashed", between: "dashed", undated: "dotted" };
const FAINT = ["later", "absent"];

// Cytoscape would write a style into the page, which the policy of this site forbids; it does not when this is there.
function holdBackStyle() {
  const id = "__________cytoscape_stylesheet";
  if (!document.getElementById(id)) document.head.append(make("meta", { id }));
}

function look(palette, heaviest, { many, placed, directed }) {
  const { ink, dim, warm, paper } = palette;
  const states = Object.entries({ ...STRESSED, ...Object.fromEntries(Object.keys(LINES).map((state) => [state, STRESSED[state] ?? "dim"])) });
  return [
    { selector: "node", style: {
      "background-color": "data(paint)", width: "data(size)", height: "data(size)",
      label: "data(text)", color: ink, "font-family": "system-ui, sans-serif", "text-valign": "bottom",
      "text-background-color": paper, "text-background-opacity": 0.8,
      ...(placed ? names() : { "font-size": 15, "text-wrap": "wrap", "text-max-width": 170, "text-margin-y": 3, "text-background-padding": 1, "min-zoomed-font-size": 6 }) } },
    { selector: "node.unnamed", style: { label: "" } },
    { selector: "edge", style: {
      "line-color": dim, "curve-style": directed ? "straight" : "haystack", "haystack-radius": 0, opacity: many ? 0.3 : 0.55,
      width: heaviest > 1 ? `mapData(amount, 1, ${heaviest}, 1, 7)` : 1.2 } },
    ...(directed ? [{ selector: "edge", style: { "target-arrow-shape": "triangle", "target-arrow-color": dim } }] : []),
    ...states.flatMap(([state, colour]) => [
      { selector: `node[state = "${state}"]`, style: {
        "border-width": 4, "border-color": palette[colour], "border-style": LINES[state] ?? "solid", "background-opacity": LINES[state] ? 0.35 : 1 } },
      { selector: `edge[state = "${state}"]`, style: {
        "line-color": palette[colour], "line-style": LINES[state] ?? "solid", opacity: 0.75 } },
    ]),
    ...FAINT.map((state) => ({ selector: `[state = "${state}"]`, style: { opacity: 0.18 } })),
    { selector: "node[more > 0]", style: { "border-width": 3, "border-color": dim, "border-style": "double" } },
    { selector: ".far", style: { opacity: 0.15 } },
    { selector: "node.picked", style: { "border-width": 5, "border-color": warm, "border-style": "solid", "z-index": 9 } },
  ];
}

// What cytoscape draws. Without places of their own, things begin on a circle; without sizes, these follow the ties.
function elements({ things, ties }, palette) {
  const turn = (2 * Math.PI) / things.length;
  const most = Math.max(1, ...things.map((thing) => thing.ties));
  const name = (number) => things[number].id ?? `n${number}`;
  const nodes = things.map((thing, number) => ({
    data: {
      ...thing, id: name(number), paint: palette[thing.colour ?? "accent"],
      size: thing.size ?? 10 + (32 * thing.ties) / most,
    },
    position: { x: thing.x ?? 300 * Math.cos(number * turn), y: thing.y ?? 300 * Math.sin(number * turn) },
  }));
  return [...nodes, ...ties.map(([from, to, amount, state]) => ({
    data: { id: `${name(from)} ${name(to)}`, source: name(from), target: name(to), amount, state },
  }))];
}

function link(node) {
  return node.data("href") ? make("a", { href: node.data("href") }, node.data("text")) : node.data("text");
}

// Let a thing and what it is tied to stand out, and the rest step back; nothing does so without a thing.
export function stress(graph, node) {
  graph.batch(() => {
    graph.elements().removeClass("far picked");
    if (!node?.length) return;
    graph.elements().not(node.closedNeighborhood()).addClass("far");
    node.addClass("picked");
  });
  graph.scratch("naming")?.();
}

// Say what a thing is tied to.
function tell(chosen, node) {
  chosen.replaceChildren();
  if (!node) return;
  chosen.append(make("strong", {}, link(node)), " – ");
  node.neighborhood("node").forEach((other, number) => chosen.append(number ? ", " : "", link(other)));
}

// Bring what is drawn up to other data: things and ties come and go, those that stay keep their places.
export function change(graph, data) {
  const wanted = new Map(elements(data, palette()).map((element) => [element.data.id, element]));
  graph.batch(() => {
    graph.elements().filter((element) => !wanted.has(element.id())).remove();
    const fresh = [];
    for (const [id, element] of wanted) {
      const there = graph.getElementById(id);
      if (there.length) there.data(element.data);
      else fresh.push(element);
    }
    graph.add(fresh);
  });
  graph.scratch("naming")?.();
}

function palette() {
  const visited = getComputedStyle(document.documentElement).getPropertyValue("--visited").trim();
  return { ...colours(), visited };
}

// Draw the network and give it back. `picked`, when given, gets each thing that is clicked, or null.
export async function show(canvas, data, words, picked) {
  const placed = data.things.some(({ x }) => x !== undefined);
  await need(...(placed ? ["cytoscape.js"] : ["layout-base.js", "cose-base.js", "cytoscape.js", "fcose.js"]));
  holdBackStyle();
  const board = make("div", { class: "board", role: "img", "aria-label": words.network });
  const chosen = make("p", { class: "chosen", "aria-live": "polite" });
  canvas.append(board);
  if (!picked) canvas.after(chosen);
  const many = data.things.length + data.ties.length > MANY;
  const graph = cytoscape({
    container: board,
    elements: elements(data, palette()),
    style: look(palette(), Math.max(...data.ties.map(([, , amount]) => amount)), { many, placed, directed: data.directed }),
    layout: placed
      ? { name: "preset", padding: 24 }
      : { name: "fcose", randomize: false, animate: false, nodeDimensionsIncludeLabels: true, idealEdgeLength: 90, padding: 24 },
    userZoomingEnabled: false,
    maxZoom: 3,
    ...(many && { textureOnViewport: true, hideLabelsOnViewport: true, autoungrabify: true, pixelRatio: 1 }),
  });
  if (placed) graph.scratch("naming", keepNamed(graph));
  graph.on("tap", ({ target }) => {
    const node = target !== graph && target.isNode() ? target : null;
    stress(graph, node);
    if (picked) picked(node);
    else tell(chosen, node);
  });
  const zoom = (factor) => graph.zoom({ level: graph.zoom() * factor, renderedPosition: { x: board.clientWidth / 2, y: board.clientHeight / 2 } });
  canvas.append(make("div", { class: "zoom" },
    make("button", { type: "button", "aria-label": words.in, onclick: () => zoom(1.3) }, "+"),
    make("button", { type: "button", "aria-label": words.out, onclick: () => zoom(1 / 1.3) }, "−")));
  board.graph = graph;
  return graph;
}
