"""Exact forms at successive positions: the documents with all terms, then those in which they stand
one after the other."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t

from .doc_list cimport AHEAD, DocList, Pairs, lookup, prefetch
from .leaf cimport add_scores
from .memory cimport take, zeros
from .program cimport Node, SegmentQuery
from .segment cimport Postings, Segment, damaged, occurrences_of

cdef enum:
    ZONE_SHIFT = 28  # see `indexer.segment.postings`


cdef int weigh_phrase(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil:
    """Each distinct term adds its score once."""
    cdef Py_ssize_t i, j
    cdef Pairs* pairs = <Pairs*>take(query.arena, node.count * sizeof(Pairs))
    cdef Py_ssize_t size = having_all(query, node, found, pairs)
    if node.length > 1 and size:
        size = in_sequence(query, node, pairs)
    for j in range(size):
        there[pairs[0].at[j]] = 1
    if scores == NULL or not size:
        return 0
    cdef double* gained = <double*>zeros(query.arena, found.size * sizeof(double))
    for i in range(node.count):
        add_scores(query, node.which, postings_of(query, node, i), found, &pairs[i], gained)
    for j in range(size):
        scores[pairs[0].at[j]] += gained[pairs[0].at[j]]
    return 0


cdef inline const Postings* postings_of(
    SegmentQuery query, const Node* node, Py_ssize_t i
) noexcept nogil:
    return &node.members[i].slots[query.place].postings


cdef Py_ssize_t having_all(
    SegmentQuery query, const Node* node, DocList found, Pairs* pairs
) except -1 nogil:
    """How many of the documents have all terms; of each term the pairs of these."""
    cdef Py_ssize_t i, j
    cdef DocList left = found
    cdef int32_t* where = <int32_t*>take(query.arena, found.size * sizeof(int32_t))
    cdef int32_t* numbers = <int32_t*>take(query.arena, found.size * sizeof(int32_t))
    for j in range(found.size):
        where[j] = j
    for i in range(node.count):
        lookup(left, postings_of(query, node, i).documents, query.arena, &pairs[i])
        for j in range(pairs[i].size):
            numbers[j], where[j] = left.numbers[pairs[i].at[j]], where[pairs[i].at[j]]
        left.numbers, left.size = numbers, pairs[i].size
    for i in range(node.count):
        if pairs[i].size > left.size:  # else they are those of all terms
            lookup(left, postings_of(query, node, i).documents, query.arena, &pairs[i])
        if pairs[i].size != left.size:
            damaged("the postings of a term are not in order")
        pairs[i].at = where
    return left.size


cdef Py_ssize_t in_sequence(SegmentQuery query, const Node* node, Pairs* pairs) except -1 nogil:
    """Leave of the pairs those of documents in which the terms stand at successive positions of one
    text of the field; how many there are."""
    cdef Py_ssize_t i, j, at, left = 0, count = node.count, size = pairs[0].size
    cdef const Postings* postings
    cdef uint32_t* begins = <uint32_t*>take(query.arena, size * count * sizeof(uint32_t))
    cdef uint32_t* ends = <uint32_t*>take(query.arena, size * count * sizeof(uint32_t))
    cdef uint32_t* cursors = <uint32_t*>take(query.arena, node.length * sizeof(uint32_t))
    for i in range(count):
        postings = postings_of(query, node, i)
        for j in range(size):
            at = pairs[i].listed[j]
            at = postings.indices[at] if postings.indices else postings.first + at
            occurrences_of(query.segment, at, &begins[j * count + i], &ends[j * count + i])
    for j in range(size):
        for i in range(count):
            if j + AHEAD < size:
                prefetch(&query.segment.occurrences[begins[(j + AHEAD) * count + i]])
        if is_sequence(query.segment, node, &begins[j * count], &ends[j * count], cursors):
            pairs[0].at[left] = pairs[0].at[j]
            for i in range(count):
                pairs[i].listed[left] = pairs[i].listed[j]
            left += 1
    for i in range(count):
        pairs[i].size = left
    return left


cdef bint is_sequence(
    Segment segment, const Node* node, const uint32_t* begins, const uint32_t* ends,
    uint32_t* cursors
) except -1 nogil:
    """Whether, of the occurrences of each term, some stand one after the other. They are gone
    through once: what is looked for in each only grows."""
    cdef Py_ssize_t i, k, which, anchor = 0, reached = 0
    cdef uint8_t zones = segment.field_zones[node.which]
    cdef uint32_t at
    cdef int64_t wanted
    for i in range(1, node.length):
        which, k = node.order[i], node.order[anchor]
        if ends[which] - begins[which] < ends[k] - begins[k]:
            anchor = i
    for k in range(begins[node.order[anchor]], ends[node.order[anchor]]):
        if not zones >> (segment.occurrences[k] >> ZONE_SHIFT) & 1:
            continue
        for i in range(node.length):
            which = node.order[i]
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
