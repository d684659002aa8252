// Maps and networks. What they show comes with the page; the table beneath them says the same.

import { make } from "./parts.js";

const KINDS = { map: () => import("./map.js"), network: () => import("./network.js") };

// Draw every figure in a part of the page that waits for it; on a long page, those that have come into sight.
export async function draw(root) {
  for (const figure of root.querySelectorAll("figure[data-drawing]")) {
    if (figure.closest(".entity") && !figure.dataset.seen) continue;
    figure.querySelector(".canvas")?.remove();
    for (const old of figure.querySelectorAll(".chosen, .outside")) old.remove();
    const canvas = make("div", { class: "canvas" });
    figure.append(canvas);
    try {
      const { show } = await KINDS[figure.dataset.drawing]();
      await show(canvas, JSON.parse(figure.dataset.shown), JSON.parse(figure.dataset.words));
      figure.dataset.drawn = figure.dataset.drawing;
    } catch (error) {
      canvas.replaceWith(make("p", { class: "canvas note", role: "alert" }, error.message));
    }
  }
}

const sight = new IntersectionObserver((entries) => {
  for (const { target } of entries.filter(({ isIntersecting }) => isIntersecting)) {
    sight.unobserve(target);
    target.dataset.seen = "true";
    draw(target.parentElement);
  }
}, { rootMargin: "300px" });
for (const figure of document.querySelectorAll(".entity figure[data-drawing]")) sight.observe(figure);

draw(document);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw(document));
