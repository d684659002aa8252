// Names in the picture of a network, as on a map: of one size on the screen, and the less important left out where two
// would stand on one another. Zooming in brings them back.

const HIGH = 12;
const WIDE = 0.56 * HIGH;
const LONGEST = 24;
const WAIT = 60;

// Width and height of a name and its place: below the mark.
function box(node, zoom) {
  const { x, y } = node.position();
  const half = (Math.min(node.data("text").length, LONGEST) * WIDE) / 2;
  const top = y * zoom + (node.data("size") / 2) * zoom + 3;
  return [x * zoom - half, top, x * zoom + half, top + HIGH + 3];
}

function meet(one, other) {
  return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
}

// Which things have their names shown: what stands out before the rest, the larger before the smaller.
function name(graph) {
  const zoom = graph.zoom();
  const rank = (node) => node.data("size") + (node.hasClass("picked") ? 2000 : node.hasClass("far") ? 0 : 1000);
  const taken = [];
  graph.batch(() => {
    for (const node of graph.nodes().toArray().sort((one, other) => rank(other) - rank(one) || (one.id() < other.id() ? -1 : 1))) {
      const own = box(node, zoom);
      const free = !taken.some((other) => meet(own, other));
      node.toggleClass("unnamed", !free);
      if (free) taken.push(own);
    }
  });
  graph.nodes().updateStyle();
}

// How names look.
export function style() {
  const onScreen = (pixels) => (node) => pixels / node.cy().zoom();
  return {
    "font-size": onScreen(HIGH), "text-max-width": onScreen(LONGEST * WIDE), "text-wrap": "ellipsis",
    "text-margin-y": onScreen(3), "text-background-padding": onScreen(1),
  };
}

// Keep the names of a picture in order; the function that it gives back does so at once.
export function keepNamed(graph) {
  let waiting = 0;
  const now = () => name(graph);
  graph.on("zoom resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(now, WAIT);
  });
  graph.on("free", "node", now);
  now();
  return now;
}
