"""What one leaf of a query says of documents: which match, and what they score by it.

There are two ways to score. Where the norms of the documents are known, each is given what it
scores, to the last bit. Where they are not (`NULL`), it is given the leaf's lower bound on that:
in all text from the bucket of its posting, in a field what it scores but for rounding. The upper
bound is the lower one times the `stretch` of the leaf. By these two numbers alone `collect` decides
which hits need not be scored.
"""

from libc.stdint cimport int32_t, int64_t, uint8_t

from .doc_list cimport AHEAD, DocList, first_from, lookup, prefetch
from .facets cimport FacetColumn
from .memory cimport Arena, take, zeros
from .program cimport (
    Node, PrefixSlot, SegmentQuery, TermSlot, ValueSlot, doc_list, prefix_slot, term_slot,
    value_slot
)
from .segment cimport (
    BUCKETS, Postings, Segment, checked, expect_profile, is_in, is_whole, norm_of, number_of,
    weight_in, weight_of
)


cdef inline double saturated(double factor, double weight, double k1) noexcept nogil:
    return factor * weight / (weight + k1)


cdef double stretch(SegmentQuery query, const Node* node) noexcept nogil:
    """The upper bound of a leaf that scores, as a multiple of its lower bound."""
    return query.segment.spread if is_whole(query.segment, node.which) else 1.0


cdef double* norms_of(Segment segment, DocList found, Arena* arena) except NULL nogil:
    """What one occurrence counts in each part of each document."""
    cdef double* norms = <double*>take(arena, found.size * segment.parts * sizeof(double))
    cdef Py_ssize_t i
    cdef int part
    for i in range(found.size):
        for part in range(segment.parts):
            norms[i * segment.parts + part] = norm_of(segment, found.numbers[i], part)
    return norms


cdef int weigh_term(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil:
    """What stem and exact form add is added up first, then added, as in `vectorized.matcher`."""
    cdef TermSlot* slot = term_slot(query, node)
    cdef Py_ssize_t i, pairs, most = min(found.size, max(slot.postings.size, slot.exact.size))
    cdef double* gained = scores
    if not min(found.size, slot.postings.size):
        return 0
    cdef int32_t* at = <int32_t*>take(query.arena, most * sizeof(int32_t))
    cdef Py_ssize_t* rows = <Py_ssize_t*>take(query.arena, most * sizeof(Py_ssize_t))
    pairs = lookup(found, slot.postings.documents, slot.postings.size, at, rows)
    for i in range(pairs):
        there[at[i]] = 1
    if scores == NULL:
        return 0
    if found.norms != NULL and slot.exact.size:
        gained = <double*>zeros(query.arena, found.size * sizeof(double))
    add_scores(
        query.segment, node.which, &slot.postings, found, at, rows, pairs, node.factor, node.boost,
        gained
    )
    if slot.exact.size:
        pairs = lookup(found, slot.exact.documents, slot.exact.size, at, rows)
        add_scores(
            query.segment, node.which, &slot.exact, found, at, rows, pairs,
            node.exact_factor, node.exact_boost, gained
        )
    if gained != scores:
        for i in range(found.size):
            scores[i] += gained[i]
    return 0


cdef int add_scores(
    Segment segment, int field, const Postings* postings, DocList found, const int32_t* at,
    const Py_ssize_t* rows, Py_ssize_t pairs, double factor, double boost, double* scores
) except -1 nogil:
    """Add what postings score to the documents at the places they are paired with."""
    cdef double table[BUCKETS]
    cdef const uint8_t* buckets
    cdef Py_ssize_t i, posting
    if not pairs:
        return 0
    if found.norms == NULL and is_whole(segment, field):
        fill_table(segment, factor, boost, table)
        buckets = &segment.buckets[postings.first]  # as many as postings: see `find_term`
        for i in range(pairs):
            if i + AHEAD < pairs:
                prefetch(&buckets[rows[i + AHEAD]])
            scores[at[i]] += table[buckets[rows[i]]]
        return 0
    for i in range(pairs):
        if postings.rows != NULL:
            posting = postings.rows[rows[i]]
        else:
            posting = postings.first + rows[i]
            if i + AHEAD < pairs:
                expect_profile(segment, postings.first + rows[i + AHEAD])
        if found.norms == NULL:
            scores[at[i]] += boost * saturated(
                factor, weight_in(segment, field, posting, found.numbers[at[i]]), segment.k1
            )
        else:
            scores[at[i]] += boost * saturated(
                factor,
                weight_of(segment, field, posting, &found.norms[at[i] * segment.parts]),
                segment.k1
            )
    return 0


cdef int fill_table(Segment segment, double factor, double boost, double* table) except -1 nogil:
    """What a posting of each bucket scores at least."""
    cdef Py_ssize_t i
    cdef const double* floors = &segment.floors[0]
    for i in range(BUCKETS):
        table[i] = boost * saturated(factor, floors[i], segment.k1)
    return 0


cdef int add_all(
    Segment segment, const Postings* postings, double factor, double boost, double* scores
) except -1 nogil:
    """Add what postings of all text score at least to their documents, by number."""
    cdef double table[BUCKETS]
    cdef const uint8_t* buckets
    cdef Py_ssize_t i
    if postings.size:
        fill_table(segment, factor, boost, table)
        buckets = &segment.buckets[postings.first]
        for i in range(postings.size):
            scores[checked(segment, postings.documents[i])] += table[buckets[i]]
    return 0


cdef int weigh_prefix(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil:
    """All postings of a document are weighed together, then saturated once."""
    cdef PrefixSlot* slot = prefix_slot(query, node)
    cdef double k1 = query.segment.k1
    cdef Py_ssize_t i, pairs, most = min(found.size, slot.size)
    cdef double* weights
    if not most:
        return 0
    cdef int32_t* at = <int32_t*>take(query.arena, most * sizeof(int32_t))
    cdef Py_ssize_t* rows = <Py_ssize_t*>take(query.arena, most * sizeof(Py_ssize_t))
    pairs = lookup(found, slot.documents, slot.size, at, rows)
    for i in range(pairs):
        there[at[i]] = 1
    if scores == NULL or not pairs:
        return 0
    if found.norms == NULL or not is_whole(query.segment, node.which):
        for i in range(pairs):
            scores[at[i]] += saturated(node.factor, slot.weights[rows[i]], k1)
        return 0
    weights = <double*>zeros(query.arena, found.size * sizeof(double))
    pile(query.segment, node.which, slot.begin, slot.end, found, weights)
    pile(query.segment, node.which, slot.more_begin, slot.more_end, found, weights)
    for i in range(pairs):
        scores[at[i]] += saturated(node.factor, weights[at[i]], k1)
    return 0


cdef int pile(
    Segment segment, int field, Py_ssize_t begin, Py_ssize_t end, DocList found, double* weights
) except -1 nogil:
    """Add what postings weigh to their documents, where these are among those found."""
    cdef Py_ssize_t i, at
    cdef int32_t least = found.numbers[0], most = found.numbers[found.size - 1], document
    for i in range(begin, end):
        document = segment.documents[i]
        if least <= document <= most:
            at = first_from(found.numbers, 0, found.size, document, True)
            if at < found.size and found.numbers[at] == document:
                weights[at] += weight_of(segment, field, i, &found.norms[at * segment.parts])
    return 0


cdef int mark_listed(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there
) except -1 nogil:
    cdef DocList* listed = doc_list(query, node)
    cdef Py_ssize_t i, pairs, most = min(found.size, listed.size)
    cdef int32_t* at = <int32_t*>take(query.arena, most * sizeof(int32_t))
    cdef Py_ssize_t* rows = <Py_ssize_t*>take(query.arena, most * sizeof(Py_ssize_t))
    pairs = lookup(found, listed.numbers, listed.size, at, rows)
    for i in range(pairs):
        there[at[i]] = 1
    return 0


cdef int mark_valued(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there
) except -1 nogil:
    cdef ValueSlot* slot = value_slot(query, node)
    if slot.low < slot.high:
        with gil:
            mark_between(query.segment.groups[node.which], slot.low, slot.high, found, there)
    return 0


cdef int mark_between(
    FacetColumn column, int64_t low, int64_t high, DocList found, uint8_t* there
) except -1:
    cdef Py_ssize_t i
    with nogil:
        for i in range(found.size):
            there[i] |= column.has_between(found.numbers[i], low, high)
    return 0


cdef int mark_in_range(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there
) except -1 nogil:
    cdef Py_ssize_t i
    for i in range(found.size):
        there[i] |= node.low <= number_of(query.segment, node.which, found.numbers[i]) < node.high
    return 0
