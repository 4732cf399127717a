/* Makes a part of this page what it is in a later copy of the page. Elements that are in both stay
   the same elements, so the focus, what is unfolded and what is half typed stay, too. */

const CHOICES = new Set(["checkbox", "radio"]);

/* Attributes by which scripts and readers change elements; the server's say nothing about them. */
const OURS = new Set(["open", "inert", "role", "style", "aria-modal", "aria-busy"]);

/* What is replaced as a whole if anything in it differs. A hit that became another one would move what
   it has in common with it, and show its picture until the other's is there. */
const WHOLE = "#total, .hits, .paging, .empty";

/** Whether a script put this element here, so that no copy of the page has it. */
const isAdded = (node) => node.dataset?.added !== undefined;

/** What makes two children of the same parent the same thing: an id, a group of filters, a choice;
    else only the kind of node, so that the first of a kind becomes the first. */
function key(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return node.nodeName;
  const control = node.localName === "label" ? node.querySelector("input") : node;
  if (control?.localName === "input") {
    const value = CHOICES.has(control.type) ? control.getAttribute("value") : ""; // others are typed in
    return `${control.name}=${value}`;
  }
  return `${node.localName} ${node.id || node.dataset?.group || node.classList[0] || ""}`;
}

/** Change `old` to what `fresh` is; `fresh` is used up. Fields of which `isTypedOn` holds keep their
    value. */
export function morph(old, fresh, isTypedOn) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.replaceWith(fresh);
    return;
  }
  if (old.matches(WHOLE)) {
    if (!old.isEqualNode(fresh)) old.replaceWith(fresh);
    return;
  }
  const focused = document.activeElement;
  attributes(old, fresh);
  if (old.localName === "input") control(old, fresh, isTypedOn);
  children(old, fresh, isTypedOn);
  if (focused !== document.activeElement && old.contains(focused)) {
    focused.focus({ preventScroll: true }); // it was moved, which takes the focus away
  }
}

function attributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!OURS.has(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (!OURS.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function control(old, fresh, isTypedOn) {
  // Even the same value, set anew, would clear a date of which only the day is there.
  if (old.value !== fresh.value && !isTypedOn(old)) old.value = fresh.value;
  old.checked = fresh.checked;
}

function children(old, fresh, isTypedOn) {
  const wanted = new Set([...fresh.childNodes].map(key));
  for (const child of [...old.childNodes]) {
    if (!isAdded(child) && !wanted.has(key(child))) child.remove();
  }
  let here = old.firstChild;
  for (const want of [...fresh.childNodes]) {
    while (here && isAdded(here)) here = here.nextSibling;
    let found = here;
    while (found && (isAdded(found) || key(found) !== key(want))) found = found.nextSibling;
    if (!found) {
      old.insertBefore(want, here);
      continue;
    }
    if (found === here) here = here.nextSibling;
    else old.insertBefore(found, here);
    morph(found, want, isTypedOn);
  }
  while (here) {
    const next = here.nextSibling;
    if (!isAdded(here)) here.remove();
    here = next;
  }
}
