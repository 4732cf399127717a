"""What a document scores by two words that stand together in it: see `ranking`."""

from libc.stdint cimport int32_t, int64_t, uint32_t

from .doc_list cimport first_from
from .program cimport Node, SegmentQuery
from .segment cimport Postings, Segment, checked, narrow, occurrences_of

from search_app.search import ranking

cdef enum:
    ZONE_SHIFT = 28  # see `indexer.segment.postings`

cdef int64_t NEAR = ranking.NEAR
cdef double PROXIMITY = ranking.PROXIMITY


cdef double proximity(SegmentQuery query, const Node* pair, int32_t document) except -1 nogil:
    """The score of a document by a pair of terms in `text`."""
    cdef const Node* first = pair.members[0]
    cdef const Node* second = pair.members[1]
    cdef uint32_t begin, end, other, last, at
    cdef int64_t place
    cdef double adjacent = 0, near = 0, weight
    if not find(query, first, document, &begin, &end):
        return 0
    if not find(query, second, document, &other, &last):
        return 0
    while begin < end:
        place = query.segment.occurrences[begin]
        begin += 1
        while other < last and query.segment.occurrences[other] <= place - NEAR:
            other += 1
        if other == last or query.segment.occurrences[other] >= place + NEAR:
            continue
        weight = zone_weight(query.segment, pair.which, place >> ZONE_SHIFT, document)
        near += weight
        for at in range(other, last):
            if query.segment.occurrences[at] >= place + 1:
                if query.segment.occurrences[at] == place + 1:
                    adjacent += weight
                break
    return (
        PROXIMITY * (first.boost * first.factor + second.boost * second.factor)
        * (adjacent / (adjacent + query.segment.k1) + near / (near + query.segment.k1))
    )


cdef bint find(
    SegmentQuery query, const Node* term, int32_t document, uint32_t* begin, uint32_t* end
) except -1 nogil:
    """Where the occurrences of a term in a document begin and end; whether there are any."""
    cdef const Postings* postings = &term.slots[query.place].postings
    cdef Py_ssize_t size = postings.documents.size
    cdef Py_ssize_t at = first_from(postings.documents.numbers, 0, size, document, True)
    if at == size or postings.documents.numbers[at] != document:
        return False
    occurrences_of(query.segment, postings.first + at, begin, end)
    return True


cdef double zone_weight(
    Segment segment, int field, int64_t zone, int32_t document
) except -1 nogil:
    """What an occurrence in a zone weighs, as in `segment.weight_of`."""
    cdef Py_ssize_t at = (
        <Py_ssize_t>checked(segment, document) * segment.zones + zone
    ) * segment.length_bytes
    return segment.zone_weights[field, zone] * (1.0 / (
        segment.base[zone] + narrow(&segment.lengths[at], segment.length_bytes)
        * segment.share[zone]
    ))
