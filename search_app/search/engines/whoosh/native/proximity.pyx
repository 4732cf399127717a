"""What documents score by two words that stand together in them: see `ranking`."""

from libc.stdint cimport int32_t, int64_t, uint32_t

from .doc_list cimport AHEAD, DocList, Pairs, prefetch
from .leaf cimport having_all, locate
from .memory cimport release
from .program cimport Node, SegmentQuery
from .segment cimport Occurrences, Segment, checked, narrow

from search_app.search import ranking

cdef enum:
    ZONE_SHIFT = 28  # see `indexer.segment.postings`

cdef int64_t NEAR = ranking.NEAR
cdef double PROXIMITY = ranking.PROXIMITY


cdef int add_proximity(
    SegmentQuery query, const Node* pair, DocList found, double* scores
) except -1 nogil:
    """Add to the scores of documents what a pair of terms in `text` gives."""
    cdef const Node* first = pair.members[0]
    cdef const Node* second = pair.members[1]
    cdef double most = PROXIMITY * (first.boost * first.factor + second.boost * second.factor)
    cdef double k1 = query.segment.k1, adjacent, near
    cdef Py_ssize_t j, taken = query.arena.count
    cdef Pairs[2] pairs
    cdef Occurrences* places
    having_all(query, pair, found, pairs)
    places = locate(query, pair, pairs)
    for j in range(pairs[0].size):
        if j + AHEAD < pairs[0].size:
            prefetch(&query.segment.occurrences[places[2 * (j + AHEAD)].begin])
            prefetch(&query.segment.occurrences[places[2 * (j + AHEAD) + 1].begin])
        together(
            query.segment, pair.which, found.numbers[pairs[0].at[j]], places[2 * j],
            places[2 * j + 1], &adjacent, &near,
        )
        scores[pairs[0].at[j]] += most * (adjacent / (adjacent + k1) + near / (near + k1))
    release(query.arena, taken)
    return 0


cdef int together(
    Segment segment, int field, int32_t document, Occurrences ones, Occurrences others,
    double* adjacent, double* near
) except -1 nogil:
    """What the occurrences of the first term weigh that the second follows at once, and of those
    that it is near to."""
    cdef int64_t place
    cdef uint32_t at
    cdef double weight
    adjacent[0] = near[0] = 0
    while ones.begin < ones.end:
        place = segment.occurrences[ones.begin]
        ones.begin += 1
        while others.begin < others.end and segment.occurrences[others.begin] <= place - NEAR:
            others.begin += 1
        if others.begin == others.end or segment.occurrences[others.begin] >= place + NEAR:
            continue
        weight = zone_weight(segment, field, place >> ZONE_SHIFT, document)
        near[0] += weight
        for at in range(others.begin, others.end):
            if segment.occurrences[at] >= place + 1:
                if segment.occurrences[at] == place + 1:
                    adjacent[0] += weight
                break
    return 0


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
