// Things and the links between them. Positions are the same at every visit.

import { colours, make, need } from "./parts.js";

// Cytoscape would write a style into the page, which the policy of this site forbids; it does not when this is there.
function holdBackStyle() {
  const id = "__________cytoscape_stylesheet";
  if (!document.getElementById(id)) document.head.append(make("meta", { id }));
}

function look({ ink, dim, accent, warm, paper, line }, most, heaviest) {
  return [
    { selector: "node", style: {
      "background-color": accent, width: `mapData(ties, 0, ${most}, 10, 42)`, height: `mapData(ties, 0, ${most}, 10, 42)`,
      label: "data(text)", color: ink, "font-size": 15, "font-family": "system-ui, sans-serif", "text-wrap": "wrap",
      "text-max-width": 170, "text-valign": "bottom", "text-margin-y": 3,
      "text-background-color": paper, "text-background-opacity": 0.8, "text-background-padding": 1, "min-zoomed-font-size": 6 } },
    { selector: "edge", style: {
      "line-color": dim, "curve-style": "straight", opacity: 0.55, width: heaviest > 1 ? `mapData(amount, 1, ${heaviest}, 1, 7)` : 1.2 } },
    { selector: ".far", style: { opacity: 0.15 } },
    { selector: ".picked", style: { "background-color": warm } },
  ];
}

function elements({ things, ties }) {
  const turn = (2 * Math.PI) / things.length;
  const nodes = things.map(({ text, href, ties: count }, number) => ({
    data: { id: `n${number}`, text, href, ties: count },
    position: { x: 300 * Math.cos(number * turn), y: 300 * Math.sin(number * turn) },
  }));
  return [...nodes, ...ties.map(([from, to, amount]) => ({ data: { source: `n${from}`, target: `n${to}`, amount } }))];
}

function link(node) {
  return node.data("href") ? make("a", { href: node.data("href") }, node.data("text")) : node.data("text");
}

// Say what a thing is linked to, and let the rest step back.
function pick(graph, node, chosen) {
  graph.elements().removeClass("far picked");
  chosen.replaceChildren();
  if (!node) return;
  graph.elements().not(node.closedNeighborhood()).addClass("far");
  node.addClass("picked");
  chosen.append(make("strong", {}, link(node)), " – ");
  node.neighborhood("node").forEach((other, number) => chosen.append(number ? ", " : "", link(other)));
}

export async function show(canvas, data, words) {
  await need("layout-base.js", "cose-base.js", "cytoscape.js", "fcose.js");
  holdBackStyle();
  const board = make("div", { class: "board", role: "img", "aria-label": words.network });
  const chosen = make("p", { class: "chosen", "aria-live": "polite" });
  canvas.append(board);
  canvas.after(chosen);
  const most = Math.max(1, ...data.things.map(({ ties }) => ties));
  const graph = cytoscape({
    container: board,
    elements: elements(data),
    style: look(colours(), most, Math.max(...data.ties.map(([, , amount]) => amount))),
    layout: { name: "fcose", randomize: false, animate: false, nodeDimensionsIncludeLabels: true, idealEdgeLength: 90, padding: 24 },
    userZoomingEnabled: false,
    maxZoom: 3,
  });
  graph.on("tap", ({ target }) => pick(graph, target !== graph && target.isNode() ? target : null, chosen));
  const zoom = (factor) => graph.zoom({ level: graph.zoom() * factor, renderedPosition: { x: board.clientWidth / 2, y: board.clientHeight / 2 } });
  canvas.append(make("div", { class: "zoom" },
    make("button", { type: "button", "aria-label": words.in, onclick: () => zoom(1.3) }, "+"),
    make("button", { type: "button", "aria-label": words.out, onclick: () => zoom(1 / 1.3) }, "−")));
  board.graph = graph;
}
