"""Writes texts as HTML, marked and escaped, each in one go into memory of the size it needs."""

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND, PyUnicode_New
from libc.stdint cimport uint8_t, uint16_t, uint32_t
from libc.string cimport strlen

cdef extern from "Python.h":
    Py_UCS4 PyUnicode_MAX_CHAR_VALUE(object text)


VERSION = 1
"""As of `scan`."""

ctypedef fused Char:
    uint8_t
    uint16_t
    uint32_t


cdef bint needs_escape(const Char* text, Py_ssize_t size) noexcept:
    cdef Py_ssize_t i
    cdef Char found = 0
    for i in range(size):
        found |= (
            (text[i] == c"&")
            | (text[i] == c"<")
            | (text[i] == c">")
            | (text[i] == c'"')
            | (text[i] == c"'")
        )
    return found


cdef const char* escaped(Py_UCS4 char) noexcept:
    """What stands for a character in HTML, `NULL` for itself."""
    if char > c">":
        return NULL
    if char == c"&":
        return b"&amp;"
    if char == c"<":
        return b"&lt;"
    if char == c">":
        return b"&gt;"
    if char == c'"':
        return b"&quot;"
    if char == c"'":
        return b"&#x27;"
    return NULL


cdef Py_ssize_t growth(const Char* text, Py_ssize_t size) noexcept:
    """How many characters longer a text is when it is escaped."""
    cdef Py_ssize_t i, more = 0
    cdef const char* instead
    for i in range(size):
        instead = escaped(text[i])
        if instead:
            more += strlen(instead) - 1
    return more


cdef Char* put(Char* target, const char* octets) noexcept:
    while octets[0]:
        target[0] = <uint8_t>octets[0]
        target += 1
        octets += 1
    return target


cdef Char* put_escaped(Char* target, const Char* text, Py_ssize_t start, Py_ssize_t end) noexcept:
    cdef Py_ssize_t i
    cdef const char* instead
    for i in range(start, end):
        instead = escaped(text[i])
        if instead:
            target = put(target, instead)
        else:
            target[0] = text[i]
            target += 1
    return target


cdef str written(str text, const Char* source, list spans):
    cdef Py_ssize_t size = len(text), at = 0, start, end, more = 0
    if needs_escape(source, size):
        more = growth(source, size)
    elif not spans:
        return text
    more += 13 * len(spans)  # <mark></mark>
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


def marked(str text not None, list spans not None):
    """As `plain.marked`."""
    cdef void* source = PyUnicode_DATA(text)
    cdef int kind = PyUnicode_KIND(text)
    if kind == 1:
        return written(text, <const uint8_t*>source, spans)
    if kind == 2:
        return written(text, <const uint16_t*>source, spans)
    return written(text, <const uint32_t*>source, spans)
