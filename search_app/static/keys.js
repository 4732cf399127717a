/* Keys that act at once: they can be switched off (WCAG 2.1.4), and a dialog tells which there are. */

import { box, make } from "./form.js";

const SWITCH = "newsdex.keys";
const KEYS = {
  "/": ["Go to the search box", () => box.select()],
  j: ["Next result", () => walk(1)],
  k: ["Previous result", () => walk(-1)],
  "?": ["Show these keys", () => dialog.showModal()],
};

/* A browser may keep nothing: then the keys are on, as on a first visit. */
function stored(value) {
  try {
    if (value !== undefined) localStorage.setItem(SWITCH, value);
    return localStorage.getItem(SWITCH);
  } catch {
    return null;
  }
}

let isOn = stored() !== "off";

function walk(by) {
  const links = [...document.querySelectorAll(".hits .headline a")];
  const here = document.activeElement?.closest(".hit")?.querySelector(".headline a");
  const next = here ? links.indexOf(here) + by : 0;
  links[Math.max(0, Math.min(next, links.length - 1))]?.focus();
}

const isTyping = (element) =>
  element.isContentEditable ||
  element.matches("textarea, select, input:not([type=checkbox], [type=radio]), dialog, dialog *");

document.addEventListener("keydown", (event) => {
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  if (!isOn || modified || event.defaultPrevented || event.isComposing) return;
  if (!(event.key in KEYS) || isTyping(event.target)) return;
  event.preventDefault();
  if (event.key === "/") box.focus();
  KEYS[event.key][1]();
});

const toggle = make("input", { type: "checkbox" });
toggle.checked = isOn;
toggle.addEventListener("change", () => {
  isOn = toggle.checked;
  stored(isOn ? "on" : "off");
});
const close = make("button", { type: "button", class: "button" }, "Close");
const names = Object.entries(KEYS).map(([key, [meaning]]) =>
  make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, meaning)),
);
const dialog = make(
  "dialog",
  { id: "keys", "aria-labelledby": "keys-title" },
  make("h2", { id: "keys-title" }, "Keyboard shortcuts"),
  make("dl", {}, ...names),
  make("label", {}, toggle, "Use these keys"),
  close,
);
close.addEventListener("click", () => dialog.close());
document.body.append(dialog);
document.querySelector(".keys-opener").addEventListener("click", () => dialog.showModal());
document.documentElement.dataset.keys = ""; // shows the button, for which there is room already
