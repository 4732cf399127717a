"""Searches texts for keys, all of them in one pass over the letters of each, while it is folded.

Where the last two letters may be the end of a key, the last eight bytes are compared with those of
each key at once, as one number. Nothing is made of a text that has no key.
"""

from cpython.unicode cimport (
    PyUnicode_AsUTF8AndSize,
    PyUnicode_DATA,
    PyUnicode_FindChar,
    PyUnicode_KIND,
    PyUnicode_READ,
    PyUnicode_Substring,
)
from libc.stdint cimport uint8_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memchr, memcmp, memcpy, memset

from search_app.search.highlighting.marking_cost import CostExceeded
from search_app.search.highlighting.prefilter import LINKS, folded_word, one_line

cdef extern from "Python.h":
    bint PyUnicode_IS_ASCII(object text)

VERSION = 3
"""To be raised, in `scanners`, too, whenever what is below does something else."""

cdef enum:
    LONGEST = 64  # see `plain.LONGEST`
    WINDOW = sizeof(uint64_t)
    PAIRS = 1 << 10  # of two bytes, five bits of each

cdef uint8_t[256] FOLD  # of each byte its small letter
cdef uint8_t[256] KEPT  # whether it is

cdef enum Kind:
    SIGN
    SMALL
    CAPITAL
    DIGIT

cdef uint8_t[128] KINDS  # of each character of ASCII

for _octet in range(128):
    KINDS[_octet] = (
        SMALL if chr(_octet).islower()
        else CAPITAL if chr(_octet).isupper()
        else DIGIT if chr(_octet).isdigit()
        else SIGN
    )

for _octet in range(256):
    FOLD[_octet] = ord(chr(_octet).lower()) if _octet < 128 else _octet
    KEPT[_octet] = chr(_octet) not in LINKS + "\n"

cdef struct Key:
    const uint8_t* octets
    Py_ssize_t size
    uint64_t end  # its last bytes, as they stand in memory
    uint64_t mask  # of as many
    int blanks


cdef inline uint64_t loaded(const uint8_t* octets) noexcept:
    cdef uint64_t found
    memcpy(&found, octets, WINDOW)
    return found


cdef inline int pair(const uint8_t* octets) noexcept:
    """The number of two bytes; others may have the same."""
    return (octets[0] & 31) << 5 | octets[1] & 31


cdef class Keys:
    """Keys as they are searched for."""

    cdef Key* keys
    cdef int count
    cdef uint8_t[PAIRS] may_end  # by the number of a pair: whether a key may end with it
    cdef list owners

    def __cinit__(self, found):
        cdef bytes octets, end
        cdef Key* key
        cdef int first
        self.owners = list(found)
        self.count = 0
        memset(self.may_end, 0, PAIRS)
        self.keys = <Key*>malloc((len(self.owners) + 1) * sizeof(Key))
        if not self.keys:
            raise MemoryError
        for octets in self.owners:
            if not octets:
                raise ValueError("an empty key")
            key = &self.keys[self.count]
            key.octets, key.size = octets, len(octets)
            end = bytes(WINDOW) + octets
            key.end = loaded(<const uint8_t*>end + len(octets))
            end = bytes(WINDOW) + b"\xff" * len(octets)
            key.mask = loaded(<const uint8_t*>end + len(octets))
            key.blanks = octets.count(b" ")
            for first in range(32):
                if len(octets) == 1 or first == key.octets[key.size - 2] & 31:
                    self.may_end[first << 5 | key.octets[key.size - 1] & 31] = True
            self.count += 1

    def __dealloc__(self):
        free(self.keys)

    cdef bint may_match(
        self, int width, const void* text, Py_ssize_t start, Py_ssize_t end
    ) noexcept:
        """As `plain.may_match`, of a word of a text."""
        cdef uint8_t[LONGEST] letters
        cdef uint8_t[LONGEST] begins
        cdef Py_ssize_t i, at, size = 0
        cdef uint8_t kind, before = SIGN
        cdef Py_UCS4 char, after
        cdef Key* key
        if end - start > LONGEST:
            return True
        for i in range(start, end):
            char = PyUnicode_READ(width, text, i)
            if char > 127 or char == c"&":
                return True
            kind = KINDS[char]
            letters[size], begins[size] = FOLD[char], kind != before or kind == SIGN
            if kind == SMALL and before == CAPITAL:
                begins[size] = False
            elif kind == CAPITAL and i + 1 < end:
                after = PyUnicode_READ(width, text, i + 1)
                begins[size] |= after < 128 and KINDS[after] == SMALL
            size += KEPT[char]
            before = kind
        for at in range(size):
            if begins[at]:
                for key in self.keys[: self.count]:
                    i = 0
                    while i < key.size and at + i < size and letters[at + i] == key.octets[i]:
                        i += 1
                    if i == key.size or key.octets[i] == c" ":
                        return True
        return False


cdef class Line:
    """A text folded, where each of its words ends, and which of them have a key."""

    cdef uint8_t* memory
    cdef uint8_t* octets  # after as many others as are compared at once
    cdef uint8_t* has_key
    cdef Py_ssize_t* ends
    cdef Py_ssize_t size, words, room

    def __dealloc__(self):
        self.clear()

    cdef void clear(self) noexcept:
        free(self.memory)
        free(self.has_key)
        free(self.ends)
        self.memory, self.has_key, self.ends, self.room = NULL, NULL, NULL, 0

    cdef int make_room(self, Py_ssize_t size) except -1:
        """For a folded text of `size` bytes and a blank, and the words in it."""
        if size + 1 > self.room:
            self.clear()
            self.room = 2 * size + 1
            self.memory = <uint8_t*>calloc(WINDOW + self.room, 1)
            self.has_key = <uint8_t*>malloc(self.room)
            self.ends = <Py_ssize_t*>malloc(self.room * sizeof(Py_ssize_t))
            if not (self.memory and self.has_key and self.ends):
                self.clear()
                raise MemoryError
            self.octets = self.memory + WINDOW
        return 0

    cdef bint fold(self, const uint8_t* source, Py_ssize_t size, Keys keys) noexcept:
        """Whether there is a key in a text. What is done for each letter is without a branch, but
        where a key may end: no processor foresees where words do."""
        cdef const uint8_t* may_end = keys.may_end
        cdef uint8_t* filled = self.octets
        cdef uint8_t* has_key = self.has_key
        cdef Py_ssize_t* ends = self.ends
        cdef Py_ssize_t i, word = 0
        cdef bint found = False
        cdef Key* key
        memset(has_key, 0, size + 1)
        for i in range(size):
            filled[0] = FOLD[source[i]]
            filled += KEPT[source[i]]
            ends[word] = i
            word += source[i] == c" "
            if may_end[pair(filled - 2)]:
                for key in keys.keys[: keys.count]:
                    if ends_with(filled, filled - self.octets, key):
                        has_key[word - key.blanks] = found = True
        filled[0] = c" "
        ends[word] = size
        self.size, self.words = filled + 1 - self.octets, word + 1
        return found

    cdef void measure(self, str text) noexcept:
        """Find where the words end in a text that has as many as what was folded."""
        cdef Py_ssize_t word, at = -1
        for word in range(self.words - 1):
            at = PyUnicode_FindChar(text, c" ", at + 1, len(text), 1)
            self.ends[word] = at
        self.ends[self.words - 1] = len(text)

    cdef tuple matched(self, str text, Py_ssize_t number, Keys keys, dict known, match, bint every):
        """What matches in the words that have a key, or in all."""
        cdef Py_ssize_t word, start = 0, first, end, count = 0
        cdef list spans = [], begun = []
        cdef object raw, there
        cdef int width = PyUnicode_KIND(text)
        cdef const void* data = PyUnicode_DATA(text)
        for word in range(self.words):
            if every or self.has_key[word]:
                count += 1
            if every or self.has_key[word] and keys.may_match(
                width, data, start, self.ends[word]
            ):
                raw = PyUnicode_Substring(text, start, self.ends[word])
                if raw not in known:
                    known[raw] = match(raw)
                there = known[raw]
                if there is not None:
                    for first, end in <list>(<tuple>there)[0]:
                        spans.append((start + first, start + end))
                    if (<tuple>there)[1]:
                        begun.append((start, (<tuple>there)[1]))
            start = self.ends[word] + 1
        return number, (<const char*>self.octets)[: self.size], count, spans, begun


cdef inline bint ends_with(const uint8_t* end, Py_ssize_t size, const Key* key) noexcept:
    """Whether a key ends at `end`, before which there are `size` bytes, and some others."""
    if loaded(end - WINDOW) & key.mask != key.end or key.size > size:
        return False
    return key.size <= WINDOW or memcmp(end - key.size, key.octets, key.size) == 0


cdef str folded(str text):
    """As `prefilter.folded`, but that words of ASCII are left as they are."""
    cdef Py_ssize_t at, start = 0, done = 0, size
    cdef bint is_ascii = True
    cdef list pieces = []
    text = one_line(text)
    size = len(text)
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_UCS4 char
    for at in range(size + 1):
        char = PyUnicode_READ(kind, data, at) if at < size else c" "
        if char > 127:
            is_ascii = False
        elif char == c" ":
            if not is_ascii:
                pieces.append(PyUnicode_Substring(text, done, start))
                pieces.append(folded_word(PyUnicode_Substring(text, start, at)))
                is_ascii, done = True, at
            start = at + 1
    pieces.append(PyUnicode_Substring(text, done, size))
    return "".join(pieces)


def scan(texts, keys, match):
    """As `plain.scan`."""
    cdef Keys searched = Keys(keys or ())
    cdef Line line = Line()
    cdef str text, source
    cdef const uint8_t* octets
    cdef Py_ssize_t size, number = 0, total = 0, unicode_size = 0
    cdef bint is_ascii, is_plain, every = keys is None
    cdef list found = []
    cdef dict known = {}
    for text in texts:
        octets = <const uint8_t*>PyUnicode_DATA(text)
        size = len(text)
        is_ascii = PyUnicode_IS_ASCII(text)
        is_plain = is_ascii and memchr(octets, c"&", size) == NULL
        if not is_plain:
            source = folded(text)
            octets = <const uint8_t*>PyUnicode_AsUTF8AndSize(source, &size)
            if not is_ascii:
                unicode_size += len(text) + len(source)
        line.make_room(size)
        if line.fold(octets, size, searched) or every:
            if not is_plain:
                line.measure(text)
            try:
                found.append(line.matched(text, number, searched, known, match, every))
            except CostExceeded:
                break
        total += line.size + 1
        number += 1
    return total, unicode_size, found
