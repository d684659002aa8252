// The editor: YASQE without the addresses it would ask elsewhere, with what this graph has to offer.

import { make, need } from "./parts.js";

const TYPING = /^[?$]\w|^[\w-]*:[\w-]/;
const CLASSES_AFTER = new Set(["a", "rdf:type", "rdfs:domain", "rdfs:range", "rdfs:subClassOf"]);

// What is being typed: an IRI, a variable, a prefixed name or a word, up to the cursor.
function typedAt(editor, { line, ch }) {
  return /(?:<[^<>\s]*|[?$]?[\p{L}\p{N}_:-]*)$/u.exec(editor.getDoc().getLine(line).slice(0, ch))[0];
}

// What may stand there: a class, a property, or any term.
function role(editor, from) {
  const before = editor.getPreviousNonWsToken(from.line, { start: from.ch });
  if (CLASSES_AFTER.has(before.string)) return "class";
  return before.state.possibleNext?.includes("a") ? "property" : "any";
}

function variables(editor, typed, words) {
  const found = editor.getVariablesFromQuery().map((name) => (name[0] === "?" || name[0] === "$" ? name : `?${name}`));
  return found.filter((name) => name.startsWith(typed) && name !== typed).map((text) => ({ text, label: "", kind: words.variable }));
}

async function offers(address, typed, role) {
  const url = new URL(address, location.href);
  url.searchParams.set("q", typed);
  url.searchParams.set("as", role);
  const answer = await fetch(url);
  return answer.ok ? (await answer.json()).items : [];
}

function line({ text, label, kind }, words) {
  return { text, render: (place) => place.append(make("code", {}, text), " ", label, " ", make("small", {}, words[kind] ?? kind)) };
}

async function hints(editor, { complete, words }) {
  const cursor = editor.getDoc().getCursor();
  const typed = typedAt(editor, cursor);
  const from = { line: cursor.line, ch: cursor.ch - typed.length };
  const found = /^[?$]/.test(typed) ? variables(editor, typed, words) : await offers(complete, typed, role(editor, from));
  return { list: found.map((offer) => line(offer, words)), from, to: cursor };
}

function offer(editor, settings) {
  editor.showHint({
    hint: () => hints(editor, settings),
    completeSingle: false,
    closeCharacters: /[\s(){}[\];,"]/,
    container: editor.getWrapperElement().parentElement,
  });
}

// Enter takes what is offered also while newer offers are awaited: of those seen, the one that goes on what is typed.
function take(editor, event) {
  const completion = editor.state.completionActive;
  const seen = completion?.widget?.data;
  const cursor = editor.getDoc().getCursor();
  if (event.key !== "Enter" || !seen || seen.to.ch === cursor.ch) return;
  const typed = typedAt(editor, cursor);
  const chosen = [seen.list[completion.widget.selectedHint], ...seen.list].find(({ text }) => text.startsWith(typed));
  if (!chosen) return;
  event.preventDefault();
  completion.close();
  editor.getDoc().replaceRange(chosen.text, seen.from, cursor, "complete");
}

// The editor's own tooltip about a fault is in English and has a style that the policy of this site forbids.
function explainFaults(editor, words) {
  for (const icon of editor.getWrapperElement().querySelectorAll(".parseErrorIcon")) {
    icon.onmouseover = icon.onmouseout = null;
    icon.title = words.wrong;
  }
}

// The prefixes of the project need no declaration here; without this, each use of one would count as a fault.
function declare(editor, prefixes) {
  const mode = editor.getMode();
  const begin = mode.startState;
  mode.startState = (...given) => ({ ...begin(...given), prefixes: Object.fromEntries(prefixes.map((prefix) => [prefix, ""])) });
}

// An editor in place of a text area. `leave` is called on Escape, `run` on Ctrl-Enter, `change` with each new text.
export async function edit(area, settings) {
  await need("yasqe.css", "yasqe.js");
  const { words, prefixes, run, leave, change } = settings;
  Yasqe.defaults.autocompleters = [];
  Yasqe.Autocompleters = {};
  const place = make("div", { class: "editor" });
  area.after(place);
  const editor = new Yasqe(place, {
    value: "",
    persistenceId: null, consumeShareLink: null, createShareableLink: null,
    showQueryButton: false, resizeable: false, editorHeight: "auto",
    screenReaderLabel: words.label,
    viewportMargin: Infinity,
    extraKeys: {
      "Ctrl-Enter": run, "Cmd-Enter": run, Esc: leave, Tab: false, "Shift-Tab": false, "Ctrl-S": () => {},
      "Ctrl-Space": () => offer(editor, settings),
    },
  });
  declare(editor, prefixes);
  editor.setValue(area.value);
  editor.getDoc().clearHistory();
  area.hidden = true;
  editor.on("inputRead", () => {
    if (TYPING.test(typedAt(editor, editor.getDoc().getCursor())) && !editor.state.completionActive) offer(editor, settings);
  });
  editor.on("keydown", take);
  editor.on("changes", () => {
    editor.eachLine((handle) => { editor.removeLineClass(handle, "background", "faulty"); });
    explainFaults(editor, words);
    change(editor.getValue());
  });
  explainFaults(editor, words);
  return {
    get text() { return editor.getValue(); },
    set text(value) { editor.setValue(value); editor.getDoc().clearHistory(); },
    replace(value) { editor.setValue(value); },
    focus() { editor.focus(); },
    mark(number, column) {
      editor.addLineClass(number - 1, "background", "faulty");
      editor.getDoc().setCursor({ line: number - 1, ch: Math.max(0, column - 1) });
    },
  };
}

// The same for a page where the editor cannot be had: the text area as it is.
export function plain(area, { change }) {
  area.addEventListener("input", () => change(area.value));
  return {
    get text() { return area.value; },
    set text(value) { area.value = value; },
    replace(value) { area.value = value; change(value); },
    focus() { area.focus(); },
    mark() {},
  };
}
