"""Notes on what stands before or after a colon and is no field, or no value of one."""

import re

from indexer.urls import url_key
from search_app.search.query.lexer import ALIASES, QUOTES
from search_app.search.query.notes import shown
from search_app.search.query.tokens import Token
from search_app.search.query.tree import RANGE_FIELDS, WORD_FIELDS, Note

_ON_PAGES = {"provider": "outlet", "type": "kind"}
"""What pages call a field, which is another name of it in a query, too."""

_LIKE_A_FIELD = re.compile(r"(?P<name>[^\W\d_]\w*):(?!//)(?P<value>.*[^\W_])?")


def unknown_field(word: Token, text: str) -> list[Note]:
    """A note on a word that begins like a field: `colour:red`, or `site:` and a blank."""
    like = _LIKE_A_FIELD.match(word.text)
    if like is None:
        return []
    if word.text[like.end("name") :] == ":" and like["name"].lower() in ALIASES:
        message = f"{shown(word.text)} was searched as a word; a field has no blank after it"
        return [Note("heading", message, word.start, word.end)]
    after = text[word.end : word.end + 1]
    if not like["value"] and not (after and after in QUOTES + "("):
        return []
    fields = ", ".join([_ON_PAGES.get(name, name) for name in (*WORD_FIELDS, *RANGE_FIELDS)])
    message = f"{shown(word.text)} was searched as words: the fields are {fields}"
    return [Note("unknown_field", message, word.start, word.end)]


def outlet_only(address: Token, outlet: str) -> list[Note]:
    """A note on an address of more than its outlet, where an outlet is expected."""
    if url_key(address.text) == url_key(outlet):
        return []
    message = f"{shown(address.text)} was searched as the outlet {outlet}: write an address alone "
    return [Note("outlet_only", f"{message}to find its page", address.start, address.end)]


def list_in_field(value: Token, field: Token, text: str) -> list[Note]:
    """A note on a value with another one right after its comma or bar: `title:ferry,tram`."""
    after = text[value.end : value.end + 2]
    if after[:1] not in (",", ";", "|") or not after[1:].strip(" ,;|)"):
        return []
    typed = shown(text[field.start : value.end] + after[:1] + "…")
    message = f"of {typed} only the first is in the field; for all, write {field.text}(a b)"
    return [Note("list_in_field", message[0].upper() + message[1:], field.start, value.end)]
