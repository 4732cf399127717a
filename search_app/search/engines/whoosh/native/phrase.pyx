"""Exact forms at successive positions: the documents with all terms, then those in which they stand
one after the other."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t

from .doc_list cimport AHEAD, DocList, lookup, prefetch
from .leaf cimport add_scores
from .memory cimport take, zeros
from .program cimport Node, SegmentQuery, TermSlot, member_at, node_at, term_slot
from .segment cimport Segment, occurrences_of

cdef enum:
    PART_SHIFT = 28  # see `indexer.segment.postings`


cdef struct Phrase:
    # The distinct terms of a phrase, which of them stands at each of its places, and of each the
    # postings in the documents that have all, by place in its slot.
    Py_ssize_t size
    Py_ssize_t distinct
    Py_ssize_t* terms
    Py_ssize_t* which
    Py_ssize_t** postings


cdef int weigh_phrase(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil:
    """Each distinct term adds its score once."""
    cdef Py_ssize_t i, j
    cdef const Node* term
    cdef Phrase phrase
    cdef int32_t* where = <int32_t*>take(query.arena, found.size * sizeof(int32_t))
    read_phrase(query, node, &phrase)
    cdef Py_ssize_t size = having_all(query, &phrase, found, where)
    if phrase.size > 1:
        size = in_a_row(query, query.segment, &phrase, node.which, size, where)
    for j in range(size):
        there[where[j]] = 1
    if scores == NULL or not size:
        return 0
    cdef double* gained = <double*>zeros(query.arena, found.size * sizeof(double))
    for i in range(phrase.distinct):
        term = node_at(query, phrase.terms[i])
        add_scores(
            query.segment, term.which, &term_slot(query, term).postings, found, where,
            phrase.postings[i], size, term.factor, term.boost, gained
        )
    for j in range(size):
        scores[where[j]] += gained[where[j]]
    return 0


cdef int read_phrase(SegmentQuery query, const Node* node, Phrase* phrase) except -1 nogil:
    cdef Py_ssize_t i, member, bytes = node.count * sizeof(Py_ssize_t)
    cdef Py_ssize_t* known = <Py_ssize_t*>zeros(
        query.arena, query.program.node_count * sizeof(Py_ssize_t)
    )
    phrase.size, phrase.distinct = node.count, 0
    phrase.terms = <Py_ssize_t*>take(query.arena, bytes)
    phrase.which = <Py_ssize_t*>take(query.arena, bytes)
    phrase.postings = <Py_ssize_t**>take(query.arena, bytes)
    for i in range(node.count):
        member = member_at(query, node, i)
        if not known[member]:
            phrase.terms[phrase.distinct] = member
            phrase.distinct += 1
            known[member] = phrase.distinct
        phrase.which[i] = known[member] - 1
    return 0


cdef Py_ssize_t having_all(
    SegmentQuery query, Phrase* phrase, DocList found, int32_t* where
) except -1 nogil:
    """How many of the documents have all terms, and where they are among them; their postings go
    into the phrase."""
    cdef TermSlot* slot
    cdef Py_ssize_t i, j, pairs
    cdef DocList left = found
    cdef int32_t* numbers = <int32_t*>take(query.arena, found.size * sizeof(int32_t))
    cdef int32_t* at = <int32_t*>take(query.arena, found.size * sizeof(int32_t))
    cdef Py_ssize_t* rows = <Py_ssize_t*>take(query.arena, found.size * sizeof(Py_ssize_t))
    for j in range(found.size):
        where[j] = j
    for i in range(phrase.distinct):
        slot = term_slot(query, node_at(query, phrase.terms[i]))
        pairs = lookup(left, slot.postings.documents, slot.postings.size, at, rows)
        for j in range(pairs):
            numbers[j], where[j] = left.numbers[at[j]], where[at[j]]
        left.numbers, left.size = numbers, pairs
        if not pairs:
            return 0
    phrase.postings[phrase.distinct - 1] = rows
    for i in range(phrase.distinct - 1):
        slot = term_slot(query, node_at(query, phrase.terms[i]))
        phrase.postings[i] = <Py_ssize_t*>take(query.arena, left.size * sizeof(Py_ssize_t))
        pairs = lookup(
            left, slot.postings.documents, slot.postings.size, at, phrase.postings[i]
        )
        if pairs != left.size:
            with gil:
                raise IndexError("the postings of a term are not in order")
    return left.size


cdef Py_ssize_t in_a_row(
    SegmentQuery query, Segment segment, Phrase* phrase, int field, Py_ssize_t size, int32_t* where
) except -1 nogil:
    """Leave, of so many documents, those in which the terms stand at successive positions of
    one text of a field; how many there are."""
    cdef uint8_t parts = segment.field_parts[field]
    cdef Py_ssize_t i, j, row, left = 0, count = phrase.distinct
    cdef TermSlot* slot
    cdef uint32_t* begins = <uint32_t*>take(query.arena, size * count * sizeof(uint32_t))
    cdef uint32_t* ends = <uint32_t*>take(query.arena, size * count * sizeof(uint32_t))
    cdef uint32_t* cursors = <uint32_t*>take(query.arena, phrase.size * sizeof(uint32_t))
    for i in range(count):
        slot = term_slot(query, node_at(query, phrase.terms[i]))
        for j in range(size):
            row = phrase.postings[i][j]
            row = slot.postings.rows[row] if slot.postings.rows else slot.postings.first + row
            occurrences_of(segment, row, &begins[j * count + i], &ends[j * count + i])
    for j in range(size):
        for i in range(count):
            if j + AHEAD < size:
                prefetch(&segment.occurrences[begins[(j + AHEAD) * count + i]])
        if successive(segment, phrase, parts, &begins[j * count], &ends[j * count], cursors):
            where[left] = where[j]
            for i in range(count):
                phrase.postings[i][left] = phrase.postings[i][j]
            left += 1
    return left


cdef bint successive(
    Segment segment, Phrase* phrase, uint8_t parts, const uint32_t* begins, const uint32_t* ends,
    uint32_t* cursors
) except -1 nogil:
    """Whether, of the occurrences of each term, some stand one after the other. They are gone
    through once: what is looked for in each only grows."""
    cdef Py_ssize_t i, k, which, anchor = 0, reached = 0
    cdef uint32_t at
    cdef int64_t wanted
    for i in range(1, phrase.size):
        which, k = phrase.which[i], phrase.which[anchor]
        if ends[which] - begins[which] < ends[k] - begins[k]:
            anchor = i
    for k in range(begins[phrase.which[anchor]], ends[phrase.which[anchor]]):
        if not parts >> (segment.occurrences[k] >> PART_SHIFT) & 1:
            continue
        for i in range(phrase.size):
            which = phrase.which[i]
            if i == reached:
                cursors[i] = begins[which]
                reached += 1
            wanted = <int64_t>segment.occurrences[k] + i - anchor
            at = cursors[i]
            while at < ends[which] and segment.occurrences[at] < wanted:
                at += 1
            cursors[i] = at
            if at == ends[which] or segment.occurrences[at] != wanted:
                break
        else:
            return True
    return False
