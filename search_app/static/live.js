/* Shows results as a reader types and chooses, without loading the page anew. What is shown is always
   the page at the address: it is fetched as a browser would fetch it, and taken over. If that fails,
   the browser loads it. */

import { address, box, form, isPlain, narrowed } from "./form.js";
import { morph } from "./morph.js";
import { localize } from "./times.js";

const PAUSE = 150; // ms without a key before what was typed is searched
const DATE_PAUSE = 700; // a date changes with each digit
const REST = 100; // ms without scrolling before the place is kept
const SETTLED = 800; // ms after which what is being typed counts as a search to be told of
const PARTS = [".skips", ".columns", ".footer"];
const HEAD = 'link[rel="alternate"], link[rel="prev"], link[rel="next"]';

/** Tells other scripts that a page was taken over. */
export const SHOWN = "newsdex:shown";

document.documentElement.dataset.live = ""; // who chooses a filter need not press a button

const isResults = (page) => page.querySelector(".columns > #results") !== null;
const place = (url) => `${url.pathname}${url.search}`;

let waiting; // for the next key
let choosing; // for the next digit of a date
let asking; // the AbortController of the page that is on its way
let askedBy; // what asked for it: `typing`, `history` or a `choice`
let held = new Map(); // the value that each field had when it was asked for
let announcing;
let scrolling;
let shown = place(location); // whose results are shown

/** Whether the box has another query than the one whose results are shown. */
const isOther = () => box.value !== (new URL(shown, location).searchParams.get("q") ?? "");

/** Whether a letter stands in the box alone, which mostly is typed on, and is searched if not. */
const isLetter = () => /^[\x21-\x7e]$/.test(box.value.trim());

/** The address of what is chosen: of the same story, unless another query was typed. */
const chosen = () => (isOther() ? address() : narrowed());

/** Show the page of a search. `typed`: by a reader who may still be typing; `focus`: move there. */
export async function visit(url, { typed = false, byBox = false, focus = "" } = {}) {
  stopWaiting();
  if (!isResults(document)) return location.assign(url);
  const fresh = await fetched(url, typed ? "typing" : "choice");
  if (!fresh) return undefined;
  record(inSheet(url), typed, byBox);
  show(fresh, url, typed);
  if (byBox) scrollTo(0, 0);
  if (focus) begin(document.querySelector(focus));
  keep();
  return undefined;
}

function begin(element) {
  element.scrollIntoView();
  element.focus({ preventScroll: true });
}

/** Whether a reader has changed a field since the page that is to be shown was asked for. */
const isTypedOn = (field) => held.has(field) && field.value !== held.get(field);

/** Whether a query looks like one that is typed on: half a word finds nothing, or is taken for a slip.
    What was found before stays meanwhile. For a letter this has waited already. */
const isHalf = (page) =>
  !isLetter() && (!page.querySelector(".hit") || page.querySelector(".spelling em") !== null);

/** The page at an address; none if another one is asked for meanwhile, or the browser loads it. */
async function fetched(url, by) {
  asking?.abort();
  const mine = (asking = new AbortController());
  const typed = by === "typing";
  askedBy = by;
  held = new Map([...form.elements].map((field) => [field, field.value]));
  const busy = document.getElementById("results");
  busy.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { signal: mine.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok && isResults(page)) {
      if (typed && isHalf(page)) await new Promise((end) => setTimeout(end, SETTLED));
      return mine.signal.aborted ? null : page;
    }
    if (!typed) location.assign(inSheet(url));
  } catch {
    if (!mine.signal.aborted && !typed) location.assign(inSheet(url));
  } finally {
    if (asking === mine) busy.removeAttribute("aria-busy");
  }
  return null;
}

function stopWaiting() {
  clearTimeout(waiting);
  clearTimeout(choosing);
}

/** Show nothing that this has asked for and that is still on its way. */
function stop(by) {
  if (askedBy === by) asking?.abort();
}

/** While the filters are an open sheet, the address keeps the fragment by which it is. */
function inSheet(url) {
  url.hash = document.querySelector("#filters[role=dialog]") ? "filters" : "";
  return url;
}

/** Keep in the entry of the history where the reader is on its page, for the way back to it, or forward:
    the browser comes there before the page is there again. */
function keep(more) {
  clearTimeout(scrolling);
  if (place(location) === shown) history.replaceState({ ...history.state, y: scrollY, ...more }, "");
}

/** Keep an entry of the history for each search that a reader meant: what is being typed has one
    that is used again until Enter is pressed, or something is chosen from its results; and an open
    sheet has one, whatever is chosen in it, so that Back leads out of it. */
function record(url, typed, byBox) {
  const state = history.state ?? {};
  if (place(url) === place(location) || url.hash || (state.typed && byBox)) {
    history.replaceState({ typed }, "", url);
  } else {
    keep({ typed: false });
    history.pushState({ typed }, "", url);
  }
}

function show(fresh, url, typed) {
  localize(fresh);
  const had = document.activeElement;
  const group = had.closest(".group");
  const status = fresh.getElementById("status");
  const said = status.textContent;
  status.textContent = document.getElementById("status").textContent;
  document.title = fresh.title;
  for (const part of PARTS) {
    morph(document.querySelector(part), fresh.querySelector(part), isTypedOn);
  }
  replaceAll(form, 'input[type="hidden"]', fresh.getElementById("search"));
  replaceAll(document.head, HEAD, fresh.head);
  shown = place(url);
  const { value } = fresh.getElementById("q");
  if (!typed && box.value !== value && !isTypedOn(box)) box.value = value;
  if (!had.isConnected) {
    const near = group?.isConnected ? group.querySelector("input") : null;
    (near ?? document.getElementById("results")).focus({ preventScroll: true });
  }
  clearTimeout(announcing);
  const tell = () => (document.getElementById("status").textContent = said);
  announcing = setTimeout(tell, typed ? SETTLED : PAUSE);
  document.dispatchEvent(new Event(SHOWN));
}

function replaceAll(parent, selector, fresh) {
  for (const old of parent.querySelectorAll(selector)) old.remove();
  parent.append(...fresh.querySelectorAll(selector));
}

function typed(event) {
  if (event.isComposing || !isResults(document)) return;
  clearTimeout(waiting);
  stop("typing");
  if (!isOther()) return;
  const search = () => visit(address(), { typed: true, byBox: true });
  waiting = setTimeout(search, isLetter() ? SETTLED : PAUSE);
}

box.addEventListener("input", typed);
box.addEventListener("compositionend", typed);

form.addEventListener("submit", (event) => {
  if (event.defaultPrevented || !isResults(document)) return;
  event.preventDefault();
  const byFilter = document.activeElement.closest("#filters") !== null; // Enter in a date, too
  visit(byFilter ? chosen() : address(event.submitter), { byBox: true });
});

document.addEventListener("change", (event) => {
  const control = event.target;
  if (control.form !== form || control === box || !isResults(document)) return;
  stopWaiting();
  const isDate = control.type === "date";
  if (isDate && control.value && control.value < "1000") return; // a year of which digits lack
  choosing = setTimeout(() => visit(chosen()), isDate ? DATE_PAUSE : 0);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest(".columns a[href]");
  if (!link || !isPlain(event)) return;
  if (history.state?.typed) keep({ typed: false }); // it was meant
  const url = new URL(link.getAttribute("href"), location);
  if (url.origin + url.pathname !== form.action || url.hash) return;
  event.preventDefault();
  const isPaging = link.closest(".paging, .empty") !== null;
  visit(url, { focus: isPaging ? "#results" : "" });
});

function keepSoon() {
  clearTimeout(scrolling);
  scrolling = setTimeout(keep, REST);
}

addEventListener("scroll", keepSoon);

addEventListener("popstate", async ({ state }) => {
  if (!isResults(document)) return undefined;
  if (place(location) === shown) {
    keepSoon(); // an entry of the sheet has none
    return stop("history"); // no choice: only the sheet may have closed
  }
  stopWaiting();
  const url = new URL(location);
  const fresh = await fetched(url, "history");
  if (!fresh) return undefined;
  show(fresh, url, false);
  return scrollTo(0, state?.y ?? 0);
});
