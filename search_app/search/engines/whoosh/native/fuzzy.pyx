"""The terms near to a typed word: those within a few edits, found in the sorted terms of a segment.

An edit inserts, deletes or replaces a letter, or exchanges two neighbours (the distance "optimal
string alignment": Wagner and Fischer 1974, with transpositions). The terms are walked in order. The
rows of the table of distances that belong to the letters a term shares with the one before it are
kept. If nothing that begins like a term can come within the limit, the walk goes on behind all that
does, in doubling steps. So it visits the terms that a Levenshtein automaton over the dictionary would
(Schulz and Mihov 2002), and builds none.
"""

from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memcmp

from .segment cimport Segment, first_term_from, living_between, posting_range, string_at

cdef enum:
    LONGEST = 64  # letters of a term, and of a typed word
    OUTSIDE = 1000  # a distance beyond every limit


cdef struct Walk:
    uint32_t[LONGEST] typed
    int size  # letters of the typed word
    int most  # edits
    uint32_t[LONGEST] letters  # of the term that the walk has come to
    Py_ssize_t[LONGEST + 1] ends  # how many bytes its first letters take
    int[LONGEST + 1][LONGEST + 3] rows  # distances of its beginnings from those of the typed word
    int[LONGEST + 1] least  # the least distance in each row
    int known  # letters for which the rows are filled in


def near(Segment segment, str typed, int max_edits):
    """The exact forms of a segment that begin with the first letter of a typed word and are at most
    `max_edits` away from it: of each its bytes, the edits, and how many living documents have it.
    There are none for a word of more letters than a term has."""
    cdef Walk walk
    cdef Py_ssize_t at, last, size, begin, end, i
    cdef const uint8_t* term
    cdef list found = []
    if not 0 < len(typed) <= LONGEST:
        return found
    walk.size, walk.most, walk.known, walk.ends[0], walk.least[0] = len(typed), max_edits, 0, 0, 0
    for i in range(walk.size):
        walk.typed[i] = ord(typed[i])
    for i in range(walk.size + 1):
        walk.rows[0][i] = i if i <= max_edits else OUTSIDE
    first = typed[0].encode()
    at, last = first_term_from(segment, first), first_term_from(segment, first + b"\xff")
    while at < last:
        term = string_at(segment.blob, segment.offsets, at, &size)
        if not follow(&walk, term, size):
            at = first_beyond(segment, at, last, term, walk.ends[walk.known])
            continue
        i = walk.known
        if abs(i - walk.size) <= max_edits and walk.rows[i][walk.size] <= max_edits:
            posting_range(segment, at, at + 1, &begin, &end)
            doc_freq = living_between(segment, begin, end)
            found.append(((<const char*>term)[:size], walk.rows[i][walk.size], doc_freq))
        at += 1
    return found


cdef Py_ssize_t first_beyond(
    Segment segment, Py_ssize_t at, Py_ssize_t last, const uint8_t* beginning, Py_ssize_t length
) except -1:
    """The first term after `at`, which begins with these bytes, that does not."""
    cdef Py_ssize_t step = 1, high = at + 1, middle
    while high < last and begins_with(segment, high, beginning, length):
        at = high
        high = min(last, high + step)
        step *= 2
    while high - at > 1:
        middle = (at + high) // 2
        if begins_with(segment, middle, beginning, length):
            at = middle
        else:
            high = middle
    return high


cdef bint begins_with(
    Segment segment, Py_ssize_t at, const uint8_t* beginning, Py_ssize_t length
) except -1:
    cdef Py_ssize_t size
    cdef const uint8_t* term = string_at(segment.blob, segment.offsets, at, &size)
    return size >= length and not memcmp(term, beginning, length)


cdef bint follow(Walk* walk, const uint8_t* term, Py_ssize_t size) except -1:
    """Fill in the rows of a term's letters as far as its beginning can still come within the limit;
    tell whether that is to its end."""
    cdef Py_ssize_t at = 0
    cdef int letters = 0
    cdef uint32_t letter
    while at < size:
        letter = next_letter(term, size, &at)
        if letters == walk.known or letter != walk.letters[letters]:
            if letters == LONGEST:
                raise IndexError("a term is longer than it can be")
            walk.letters[letters] = letter
            walk.known = letters + 1
            fill_row(walk, walk.known)
        letters += 1
        walk.ends[letters] = at
        if walk.least[letters] > walk.most:  # and so will that of every row below it be
            walk.known = letters
            return False
    walk.known = letters
    return True


cdef int fill_row(Walk* walk, int row) except -1:
    """The distances of a term's first `row` letters from each beginning of the typed word that is
    at most so many letters shorter or longer as there may be edits."""
    cdef int first = max(1, row - walk.most), last = min(walk.size, row + walk.most)
    cdef int column, edits, least
    cdef uint32_t letter = walk.letters[row - 1]
    cdef int* own = walk.rows[row]
    cdef int* before = walk.rows[row - 1]
    least = own[first - 1] = row if first == 1 else OUTSIDE
    for column in range(first, last + 1):
        edits = before[column - 1] + (letter != walk.typed[column - 1])
        edits = min(edits, min(before[column], own[column - 1]) + 1)
        if (
            row > 1 and column > 1
            and letter == walk.typed[column - 2]
            and walk.letters[row - 2] == walk.typed[column - 1]
        ):
            edits = min(edits, walk.rows[row - 2][column - 2] + 1)
        own[column] = edits
        least = min(least, edits)
    own[max(first, last + 1)] = OUTSIDE
    walk.least[row] = least
    return 0


cdef uint32_t next_letter(const uint8_t* text, Py_ssize_t size, Py_ssize_t* at) except? 0:
    """The character of UTF-8 at a place, which moves behind it."""
    cdef uint8_t lead = text[at[0]]
    cdef int more = 0 if lead < 0x80 else 1 if lead < 0xE0 else 2 if lead < 0xF0 else 3
    cdef uint32_t letter = lead if not more else lead & (0x3F >> more)
    if at[0] + more >= size:
        raise IndexError("a term is no text")
    for _ in range(more):
        at[0] += 1
        letter = letter << 6 | (text[at[0]] & 0x3F)
    at[0] += 1
    return letter
