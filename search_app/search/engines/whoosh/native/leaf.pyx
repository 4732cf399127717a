"""What one leaf of a query says of documents: which match, and what they score by it.

There are two ways to score. If `SegmentQuery.is_exact`, each document is given what it scores, to
the last bit. If not, it is given the leaf's lower bound on that: in all text from the bucket of its
posting, in a field what it scores but for rounding. The upper bound is the lower one times the
segment's `error_ratio`. By these two numbers alone `collect` decides which hits need not be scored.
"""

from libc.stdint cimport int32_t, uint8_t

from .doc_list cimport AHEAD, DocList, Pairs, first_from, lookup, prefetch
from .memory cimport zeros
from .program cimport DOC_LIST, PREFIX, Node, SegmentQuery, Slot
from .segment cimport BUCKETS, Postings, Segment, checked, is_whole, profile_place, weight_of


cdef inline double saturated(double factor, double weight, double k1) noexcept nogil:
    return factor * weight / (weight + k1)


cdef int weigh_leaf(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil:
    """What stem and exact form add is added up first, then added, as in `vectorized.matcher`."""
    cdef const Slot* slot = &node.slots[query.place]
    cdef double* gained = scores
    cdef Py_ssize_t i
    cdef Pairs pairs
    lookup(found, slot.postings.documents, query.arena, &pairs)
    for i in range(pairs.size):
        there[pairs.at[i]] = 1
    if scores == NULL or not pairs.size or node.kind == DOC_LIST:
        return 0
    if node.kind == PREFIX:
        return weigh_prefix(query, node, found, &pairs, scores)
    if query.is_exact and slot.exact.documents.size:
        gained = <double*>zeros(query.arena, found.size * sizeof(double))
    add_scores(query, node.which, &slot.postings, found, &pairs, gained)
    if slot.exact.documents.size:
        lookup(found, slot.exact.documents, query.arena, &pairs)
        add_scores(query, node.which, &slot.exact, found, &pairs, gained)
    if gained != scores:
        for i in range(found.size):
            scores[i] += gained[i]
    return 0


cdef int add_scores(
    SegmentQuery query, int field, const Postings* postings, DocList found, const Pairs* pairs,
    double* scores
) except -1 nogil:
    """Add what postings score to the documents they are paired with."""
    cdef double table[BUCKETS]
    cdef const uint8_t* buckets
    cdef Py_ssize_t i, posting
    if not pairs.size:
        return 0
    if not query.is_exact and is_whole(query.segment, field):
        fill_table(query.segment, postings, table)
        buckets = &query.segment.buckets[postings.first]  # as many as postings: see `find_term`
        for i in range(pairs.size):
            if i + AHEAD < pairs.size:
                prefetch(&buckets[pairs.listed[i + AHEAD]])
            scores[pairs.at[i]] += table[buckets[pairs.listed[i]]]
        return 0
    for i in range(pairs.size):
        if postings.indices != NULL:
            posting = postings.indices[pairs.listed[i]]
        else:
            posting = postings.first + pairs.listed[i]
            if i + AHEAD < pairs.size:
                prefetch(profile_place(query.segment, postings.first + pairs.listed[i + AHEAD]))
        scores[pairs.at[i]] += postings.boost * saturated(
            postings.factor,
            weight_of(query.segment, field, posting, found.numbers[pairs.at[i]]),
            query.segment.k1,
        )
    return 0


cdef int fill_table(Segment segment, const Postings* postings, double* table) except -1 nogil:
    """What a posting of each bucket scores at least."""
    cdef Py_ssize_t i
    for i in range(BUCKETS):
        table[i] = postings.boost * saturated(postings.factor, segment.bucket_min[i], segment.k1)
    return 0


cdef int add_all(Segment segment, const Postings* postings, double* scores) except -1 nogil:
    """Add what postings of all text score at least to their documents, by number."""
    cdef double table[BUCKETS]
    cdef const uint8_t* buckets
    cdef Py_ssize_t i
    if postings.documents.size:
        fill_table(segment, postings, table)
        buckets = &segment.buckets[postings.first]
        for i in range(postings.documents.size):
            scores[checked(segment, postings.documents.numbers[i])] += table[buckets[i]]
    return 0


cdef int weigh_prefix(
    SegmentQuery query, const Node* node, DocList found, const Pairs* pairs, double* scores
) except -1 nogil:
    """All postings of a document are weighed together, then saturated once."""
    cdef const Slot* slot = &node.slots[query.place]
    cdef double factor = slot.postings.factor, k1 = query.segment.k1
    cdef double* weights
    cdef Py_ssize_t i
    if not query.is_exact or not is_whole(query.segment, node.which):
        for i in range(pairs.size):
            scores[pairs.at[i]] += saturated(factor, slot.weights[pairs.listed[i]], k1)
        return 0
    weights = <double*>zeros(query.arena, found.size * sizeof(double))
    add_weights(query.segment, node.which, slot.bounds[0], slot.bounds[1], found, weights)
    add_weights(query.segment, node.which, slot.bounds[2], slot.bounds[3], found, weights)
    for i in range(pairs.size):
        scores[pairs.at[i]] += saturated(factor, weights[pairs.at[i]], k1)
    return 0


cdef int add_weights(
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
                weights[at] += weight_of(segment, field, i, document)
    return 0
