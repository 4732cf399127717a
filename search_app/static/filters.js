/* The filters: on a phone a sheet that keeps the focus inside while it is open; and a box that finds
   values of a long group, over /api/facets. */

import { api, isPlain, make, narrowed } from "./form.js";
import { SHOWN } from "./live.js";

const PAUSE = 120; // ms without a key before values are asked for
const MOST = 20; // values that are offered

/* The sheet -------------------------------------------------------------------------------------- */

const isOpen = (filters) =>
  location.hash === "#filters" && getComputedStyle(filters).position === "fixed";

let covered = []; // what the open sheet has made inert

/** Everything beside an element, and beside what it lies in. A dialog is not: it opens above it. */
function* around(element) {
  for (let inner = element; inner !== document.body; inner = inner.parentElement) {
    for (const other of inner.parentElement.children) {
      if (other !== inner && other.localName !== "dialog") yield other;
    }
  }
}

/** Make these inert, and nothing else that this made so. */
function cover(others) {
  for (const other of covered) if (!others.includes(other)) other.inert = false;
  const found = others.filter((other) => !other.inert);
  for (const other of found) other.inert = true;
  covered = [...covered.filter((other) => others.includes(other)), ...found];
}

function update() {
  const filters = document.getElementById("filters");
  const open = filters !== null && isOpen(filters);
  cover(open ? [...around(filters)] : []);
  const was = filters?.getAttribute("role") === "dialog";
  if (open === was) return;
  if (open) {
    filters.setAttribute("role", "dialog");
    filters.setAttribute("aria-modal", "true");
    filters.focus({ preventScroll: true });
  } else {
    filters.removeAttribute("role");
    filters.removeAttribute("aria-modal");
    document.querySelector(".open-filters")?.focus({ preventScroll: true });
  }
}

function close() {
  location.replace("#results"); // which takes the focus there before `update` brings it back
}

addEventListener("hashchange", update);
addEventListener("pageshow", update); // before which no style tells that the address opens the sheet
addEventListener("resize", update);
document.addEventListener(SHOWN, update);
document.addEventListener("keydown", (event) => {
  const filters = document.getElementById("filters");
  if (event.key !== "Escape" || event.defaultPrevented || !filters || !isOpen(filters)) return;
  if (!document.querySelector("dialog[open]")) close(); // which Escape closes first
});
document.addEventListener("click", (event) => {
  const way = event.target.closest("#filters .close, #filters .apply");
  const filters = document.getElementById("filters");
  if (!way || !isPlain(event) || !isOpen(filters)) return;
  if (way.matches(".close")) event.preventDefault();
  close();
});
update();

/* The place of a choice -------------------------------------------------------------------------- */

/* What was chosen stays under the pointer. While filters are chosen, groups that list less values than
   before keep their height, and the page reaches down to where it is scrolled, however few results
   there are. Where groups above list more values, the list is scrolled by what they take. */
let chosen; // the control by which what is shown next was chosen
let height; // at which it was in the window

const top = (element) => element.getBoundingClientRect().top;
const reserving = () => document.querySelectorAll(".columns, #filters .group");

function reserve(element, pixels) {
  element.style.minHeight = `${pixels}px`;
}

document.addEventListener("change", (event) => {
  if (!event.target.closest("#filters .group")) return;
  chosen = event.target;
  height = top(chosen);
  const [columns, ...groups] = reserving();
  reserve(columns, innerHeight - top(columns));
  for (const group of groups) reserve(group, group.getBoundingClientRect().height);
});

function hold() {
  const list = document.querySelector("#filters .groups");
  list.scrollTop += top(chosen) - height;
  const missing = top(chosen) - height; // where groups below are gone, there is not so much to scroll
  if (missing <= 0) return;
  const last = list.lastElementChild;
  reserve(last, last.getBoundingClientRect().height + missing);
  list.scrollTop += missing;
}

document.addEventListener(SHOWN, () => {
  if (chosen?.isConnected) hold();
  else for (const element of reserving()) element.style.minHeight = "";
  chosen = undefined;
});

/* Values of a long group ------------------------------------------------------------------------- */

function choice(group, { value, label, count }) {
  const input = make("input", { type: "checkbox", value, "data-group": group });
  const text = make("span", { class: "label", dir: "auto" }, label);
  return make("label", { class: "choice" }, input, text, make("span", { class: "count" }, count));
}

/** `20 of 1,103`, and how many of these stand above already. */
function told(values, others, of) {
  if (!of) return "None is called so";
  const most = values.length < of ? `${values.length} of ${of.toLocaleString("en")}` : `${of} found`;
  const above = values.length - others.length;
  return `${most}${above ? `, ${above} of them above` : ""}`;
}

/** Scroll the groups, and nothing else, until all that was found is in view, or its box at the top: above
    a keyboard on the screen, too. */
function reveal(finder) {
  const list = finder.closest(".groups");
  const { height, offsetTop } = visualViewport;
  const end = Math.min(list.getBoundingClientRect().bottom, offsetTop + height);
  const below = finder.getBoundingClientRect().bottom - end;
  if (below > 0) list.scrollTop += Math.min(below, top(finder) - top(list));
}

/** Put a box to find values in before the link to the page that has all of them. */
function addFinder(link) {
  const { group } = link.dataset;
  const fieldset = link.closest("fieldset");
  const name = fieldset.querySelector("legend").textContent;
  const box = make("input", { type: "search", class: "box", autocomplete: "off", dir: "auto" });
  box.setAttribute("aria-label", `Find in ${name}`);
  box.placeholder = `Find in ${name}`;
  const found = make("div", { class: "found-values" });
  const status = make("p", { class: "range", role: "status" });
  const finder = make("div", { class: "finder", "data-added": "" }, box, found, status);
  let waiting;
  let asking;

  async function ask() {
    asking?.abort();
    const mine = (asking = new AbortController());
    const parameters = [...narrowed().searchParams, ["prefix", box.value], ["limit", MOST]];
    try {
      const answer = await fetch(api(`facets/${group}`, parameters), { signal: mine.signal });
      if (!answer.ok) return;
      const { values, of } = await answer.json();
      const above = [...fieldset.querySelectorAll("input[name]")].map((input) => input.value);
      const others = values.filter(({ value, count }) => count && !above.includes(value));
      found.replaceChildren(...others.map((value) => choice(group, value)));
      status.textContent = told(values, others, of);
      if (document.activeElement === box) reveal(finder);
    } catch {
      // another was asked for meanwhile, or nothing answers: what is there stays
    }
  }

  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // it would send the form around it
    if (event.key !== "Escape" || !box.value) return;
    event.preventDefault();
    box.value = "";
    ask();
  });
  found.addEventListener("change", (event) => {
    event.stopPropagation();
    const control = event.target;
    control.name = group; // from now on it is a control of the form, like those above
    control.setAttribute("form", "search");
    control.setAttribute("checked", "");
    finder.before(control.closest("label"));
    control.focus();
    control.dispatchEvent(new Event("change", { bubbles: true }));
  });
  finder.addEventListener(SHOWN, ask);
  link.before(finder);
  box.focus();
  ask();
}

document.addEventListener(SHOWN, () => {
  for (const finder of document.querySelectorAll(".finder")) finder.dispatchEvent(new Event(SHOWN));
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("#filters a.all");
  if (!link || !isPlain(event) || link.parentElement.querySelector(".finder")) return;
  event.preventDefault();
  addFinder(link);
});
