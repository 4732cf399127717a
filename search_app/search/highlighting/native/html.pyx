"""Writes texts as HTML, marked and escaped, each in one go into memory of the size it needs."""

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND, PyUnicode_New
from libc.stdint cimport uint8_t, uint16_t, uint32_t
from libc.string cimport memcpy

from html import escape

from search_app.search.highlighting import plain

cdef extern from "Python.h":
    Py_UCS4 PyUnicode_MAX_CHAR_VALUE(object text)


VERSION = 3
"""As of `scan`."""

ctypedef fused Char:
    uint8_t
    uint16_t
    uint32_t

ctypedef const char* Octets

cdef enum:
    OCTETS = 256

cdef list HTML = [escape(chr(code)).encode("latin-1") for code in range(OCTETS)]
cdef Octets[OCTETS] INSTEAD  # what stands for a character in HTML
cdef uint8_t[OCTETS] GROWTH  # by how many characters that is longer

for _code in range(OCTETS):
    INSTEAD[_code], GROWTH[_code] = <bytes>HTML[_code], len(HTML[_code]) - 1


cdef Py_ssize_t growth(const Char* text, Py_ssize_t size) noexcept:
    """How many characters longer a text is when it is escaped."""
    cdef Py_ssize_t i, more = 0
    for i in range(size):
        if text[i] < OCTETS:
            more += GROWTH[text[i]]
    return more


cdef Char* put(Char* target, Octets octets) noexcept:
    while octets[0]:
        target[0] = <uint8_t>octets[0]
        target += 1
        octets += 1
    return target


cdef inline Char* put_unchanged(Char* target, const Char* text, Py_ssize_t size) noexcept:
    memcpy(target, text, size * sizeof(Char))
    return target + size


cdef Char* put_escaped(Char* target, const Char* text, Py_ssize_t start, Py_ssize_t end) noexcept:
    cdef Py_ssize_t i
    for i in range(start, end):
        if text[i] < OCTETS and GROWTH[text[i]]:
            target = put_unchanged(target, text + start, i - start)
            target = put(target, INSTEAD[text[i]])
            start = i + 1
    return put_unchanged(target, text + start, end - start)


cdef str written(str text, const Char* source, list spans):
    cdef Py_ssize_t size = len(text), at = 0, start, end
    cdef Py_ssize_t more = growth(source, size) + 13 * len(spans)  # <mark></mark>
    if not more:
        return text
    html = PyUnicode_New(size + more, PyUnicode_MAX_CHAR_VALUE(text))
    cdef Char* target = <Char*>PyUnicode_DATA(html)
    for start, end in spans:
        if not at <= start <= end <= size:
            raise ValueError("spans that overlap or lie outside of the text")
        target = put(put_escaped(target, source, at, start), b"<mark>")
        target = put(put_escaped(target, source, start, end), b"</mark>")
        at = end
    put_escaped(target, source, at, size)
    return html


cdef str marked_text(str text, list spans):
    cdef void* source = PyUnicode_DATA(text)
    cdef int kind = PyUnicode_KIND(text)
    if kind == 1:
        return written(text, <const uint8_t*>source, spans)
    if kind == 2:
        return written(text, <const uint16_t*>source, spans)
    return written(text, <const uint32_t*>source, spans)


def marked(str text not None, list spans not None):
    """As `plain.marked`."""
    return marked_text(text, spans)


cdef list NO_SPANS = []


def as_html(object value):
    """As `plain.as_html`."""
    return marked_text(value, NO_SPANS) if type(value) is str else plain.as_html(value)
