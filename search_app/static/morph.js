/* Makes a part of this page what it is in a later copy of the page. Elements that are in both stay
   the same elements, so the focus, what is unfolded and what is half typed stay, too. */

/* Attributes by which scripts and readers change elements; the server's say nothing about them. */
const OURS = new Set(["open", "inert", "role", "aria-modal", "aria-busy"]);

/** Whether a script put this element here, so that no copy of the page has it. */
const isAdded = (node) => node.dataset?.added !== undefined;

/** What makes two children of the same parent the same thing: an id, a group of filters, a choice;
    else only the kind of node, so that the first of a kind becomes the first. */
function key(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return node.nodeName;
  const control = node.localName === "label" ? node.querySelector("input") : node;
  if (control?.localName === "input") return `${control.name}=${control.getAttribute("value")}`;
  return `${node.localName} ${node.id || node.dataset?.group || node.classList[0] || ""}`;
}

/** Change `old` to what `fresh` is; `fresh` is used up. */
export function morph(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  const focused = document.activeElement;
  attributes(old, fresh);
  children(old, fresh);
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
  if (old.localName === "input" && old !== document.activeElement) old.value = fresh.value;
  if (old.localName === "input") old.checked = fresh.checked;
}

function children(old, fresh) {
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
    morph(found, want);
  }
  while (here) {
    const next = here.nextSibling;
    if (!isAdded(here)) here.remove();
    here = next;
  }
}
