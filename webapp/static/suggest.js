// Completes names as they are typed: in every <input data-suggest="address">. Without data-fill a choice leads to its
// page; with it, the field is filled with that part of the choice (label, short or iri).

const PAUSE = 120;
let boxes = 0;

function element(tag, values, ...content) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(values)) made.setAttribute(name, value);
  made.append(...content);
  return made;
}

function option(item, id) {
  const { kind, label, language, name, what } = item;
  const also = name === label ? "" : element("span", { class: "also", dir: "auto", ...(language && { lang: language }) }, name);
  return element("li", { role: "option", id, class: `kind-${kind}` },
    element("span", { class: "dot", dir: "auto" }, label), " ", element("span", { class: "what" }, what), also);
}

function enhance(input) {
  const id = `suggestions-${(boxes += 1)}`;
  const words = JSON.parse(input.dataset.words);
  const list = element("ul", { role: "listbox", id, "aria-label": words.list, hidden: "" });
  const said = element("span", { role: "status", class: "quiet" });
  let items = [];
  let active = -1;
  let asked = null;
  let timer = 0;

  const focused = document.activeElement === input;
  const box = element("span", { class: "suggest" });
  input.replaceWith(box);
  box.append(input, list, said);
  const combobox = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id };
  for (const [name, value] of Object.entries(combobox)) input.setAttribute(name, value);
  if (focused) input.focus();

  function open(found) {
    items = found;
    list.replaceChildren(...found.map((item, number) => option(item, `${id}-${number}`)));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark(-1);
  }

  function close() {
    clearTimeout(timer);
    asked?.abort();
    open([]);
    said.textContent = "";
  }

  function mark(number) {
    active = number;
    for (const [place, one] of [...list.children].entries()) one.setAttribute("aria-selected", String(place === number));
    list.children[number]?.scrollIntoView({ block: "nearest" });
    if (number < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `${id}-${number}`);
  }

  function choose(item) {
    close();
    if (!input.dataset.fill) return location.assign(item.page);
    input.value = item[input.dataset.fill];
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  async function ask() {
    const text = input.value.trim();
    if (text.length < 2) return close();
    asked?.abort();
    const mine = asked = new AbortController();
    const address = new URL(input.dataset.suggest, location.href);
    address.searchParams.set("q", text);
    address.searchParams.set("limit", "8");
    try {
      const answer = await fetch(address, { signal: mine.signal });
      const found = answer.ok ? (await answer.json()).items : [];
      if (mine !== asked || document.activeElement !== input) return;
      open(found);
      said.textContent = found.length ? words.some.replace("%d", found.length) : words.none;
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
  const called = document.getElementById(input.getAttribute("aria-describedby")); // what the first value is called
  for (const change of ["input", "change"]) input.addEventListener(change, () => called?.remove());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && items.length) mark(((active + step + 1 + items.length + 1) % (items.length + 1)) - 1);
    else if (step === 1) ask();
    else if (event.key === "Enter" && active >= 0) choose(items[active]);
    else if (event.key === "Escape" && items.length) close();
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => {
    const number = [...list.children].indexOf(target.closest("li"));
    if (number >= 0) choose(items[number]);
  });
}

document.querySelectorAll("input[data-suggest]").forEach(enhance);
