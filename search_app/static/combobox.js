/* Suggestions below the search box: a combobox with a list (ARIA 1.2), over /api/suggest. Enter takes
   a suggestion only if an arrow key has moved onto it; else it searches what was typed. */

import { address, api, box, form, make } from "./form.js";
import { visit } from "./live.js";

const PAUSE = 100; // ms without a key before suggestions are asked for
const KINDS = { topic: "Topic", outlet: "Outlet", title: "Headline" };

const list = make("ul", { id: "suggestions", role: "listbox", "aria-label": "Suggestions", hidden: "" });
let offered = [];
let offeredFor = ""; // the text in the box for which they are offered
let at = -1; // the suggestion that an arrow key has moved onto
let waiting;
let asking;

function close() {
  clearTimeout(waiting);
  asking?.abort();
  list.hidden = true;
  box.setAttribute("aria-expanded", "false");
  move(-1);
}

function move(to) {
  at = to;
  [...list.children].forEach((option, rank) => option.setAttribute("aria-selected", rank === at));
  if (at < 0) box.removeAttribute("aria-activedescendant");
  else box.setAttribute("aria-activedescendant", list.children[at].id);
  list.children[at]?.scrollIntoView({ block: "nearest" });
}

function option(suggestion, rank) {
  const kind = KINDS[suggestion.kind];
  const text = make("span", { class: "text", dir: "auto" }, suggestion.text);
  const more = make("span", { class: "kind" }, kind ?? "");
  const made = make("li", { id: `suggestion-${rank}`, role: "option", "aria-selected": "false" });
  made.append(text, " ", more);
  return made;
}

async function ask() {
  clearTimeout(waiting);
  asking?.abort();
  const mine = (asking = new AbortController());
  const text = box.value;
  try {
    const answer = await fetch(api("suggest", { q: text }), { signal: mine.signal });
    if (answer.ok) offered = (await answer.json()).suggestions;
    else return;
  } catch {
    return; // none are offered: another was asked for, or nothing answers
  }
  if (mine.signal.aborted || document.activeElement !== box) return;
  offeredFor = text;
  list.replaceChildren(...offered.map(option));
  move(-1);
  list.hidden = offered.length === 0;
  box.setAttribute("aria-expanded", String(!list.hidden));
}

function take(suggestion) {
  close();
  box.value = suggestion.url.includes("?q=") ? suggestion.text : "";
  visit(target(suggestion), { byBox: true });
}

/** Where a suggestion leads: a search it is keeps the filters that are chosen here. */
function target(suggestion) {
  const url = new URL(suggestion.url, location);
  if (url.origin + url.pathname !== form.action) return url;
  for (const [name, value] of address().searchParams) {
    const has = url.searchParams.getAll(name).includes(value);
    if (name !== "q" && !has) url.searchParams.append(name, value);
  }
  return url;
}

async function step(by) {
  if (list.hidden || offeredFor !== box.value) await ask();
  if (list.hidden) return;
  const ends = offered.length + 1; // the box itself is one of the places
  move(((at + 1 + by + ends) % ends) - 1);
}

const ACTIONS = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Enter: () => take(offered[at]),
  Escape: () => {
    if (!list.hidden) return close();
    box.value = "";
    return box.dispatchEvent(new Event("input"));
  },
};

box.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" && at < 0) return close();
  if (event.key === "Tab") return close();
  if (!(event.key in ACTIONS)) return move(-1);
  event.preventDefault();
  return ACTIONS[event.key]();
});

function offer(event) {
  clearTimeout(waiting);
  asking?.abort();
  move(-1); // what is offered was for another text
  if (!box.value.trim()) close();
  else if (!event.isComposing) waiting = setTimeout(ask, PAUSE);
}

box.addEventListener("input", offer);
box.addEventListener("compositionend", offer); // after which no input comes in some browsers
box.addEventListener("blur", close);
form.addEventListener("submit", close);
list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
list.addEventListener("click", (event) => {
  const chosen = [...list.children].indexOf(event.target.closest("[role=option]"));
  if (chosen >= 0) take(offered[chosen]);
});

for (const [name, value] of Object.entries({
  role: "combobox",
  "aria-autocomplete": "list",
  "aria-expanded": "false",
  "aria-controls": list.id,
})) {
  box.setAttribute(name, value);
}
form.append(list);
