/* The form of the search, which every page has, and the addresses that follow from it. */

export const form = document.getElementById("search");
export const box = document.getElementById("q");

/** The address that sending the form would ask for, without parameters that say nothing. */
export function address(submitter) {
  const url = new URL(form.action);
  for (const [name, value] of new FormData(form, submitter)) {
    if (value) url.searchParams.append(name, value);
  }
  return url;
}

/** The same with what the button sends that applies filters: the one story of which items are shown,
    which another query is not to have. */
export const narrowed = () => address(document.querySelector("#filters .apply"));

/** An address of the API, which lies beside the form's. */
export function api(path, parameters) {
  const url = new URL(`api/${path}`, form.action);
  url.search = new URLSearchParams(parameters);
  return url;
}

/** Whether a click is one that a browser would follow in this very tab. */
export function isPlain(event) {
  const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  return event.button === 0 && !modified && !event.defaultPrevented;
}

/** An element with these attributes and children. */
export function make(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}
