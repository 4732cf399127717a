"""What a node says of documents: which match, and what they score by it. See `leaf` for the two
ways to score."""

from libc.stdint cimport uint8_t
from libc.string cimport memset

from .doc_list cimport DocList
from .leaf cimport (
    add_all, mark_in_range, mark_listed, mark_valued, stretch, weigh_prefix, weigh_term
)
from .memory cimport release, take, zeros
from .phrase cimport weigh_phrase
from .program cimport (
    ALL, ANY, DOC_LIST, EVERYTHING, PHRASE, PREFIX, RANGE, TERM, VALUE, WITHOUT, Node,
    SegmentQuery, TermSlot, member_at, node_at, term_slot
)
from .segment cimport Segment, checked, is_whole

cdef enum:
    DENSE = 16  # of the documents of a segment, one in so many is many


cdef int weigh(
    SegmentQuery query, Py_ssize_t at, DocList found, uint8_t* there, double* scores
) except -1 nogil:
    """Mark in `there` which of the documents match, and add to `scores` (`NULL`: to none) what
    each gains by it: exactly, if their norms are known, or the lower bound."""
    cdef const Node* node = node_at(query, at)
    cdef Py_ssize_t taken = query.arena.count
    if not found.size:
        return 0
    if node.kind == TERM:
        weigh_term(query, node, found, there, scores)
    elif node.kind == PHRASE:
        weigh_phrase(query, node, found, there, scores)
    elif node.kind == PREFIX:
        weigh_prefix(query, node, found, there, scores)
    elif node.kind == DOC_LIST:
        mark_listed(query, node, found, there)
    elif node.kind == VALUE:
        mark_valued(query, node, found, there)
    elif node.kind == RANGE:
        mark_in_range(query, node, found, there)
    elif node.kind == EVERYTHING:
        memset(there, 1, found.size)
    elif node.kind == ANY and (scores == NULL or found.norms == NULL):
        if scores != NULL and is_dense(query.segment, found):
            bound_any(query, query.segment, node, found, there, scores)
        else:
            weigh_any(query, node, found, there, scores)
    elif node.kind == ANY or node.kind == ALL:
        weigh_slices(query, node, found, there, scores)
    release(query.arena, taken)
    return 0


cdef double stretch_of(SegmentQuery query, Py_ssize_t at) noexcept nogil:
    """The upper bound on what a node scores, as a multiple of the lower one; 0 if nothing in it
    can add to a score."""
    cdef const Node* node = node_at(query, at)
    cdef double most = 0
    cdef Py_ssize_t i
    if node.kind == TERM or node.kind == PHRASE or node.kind == PREFIX:
        return stretch(query, node)
    if node.kind == ALL or node.kind == ANY:
        for i in range(node.count):
            most = max(most, stretch_of(query, member_at(query, node, i)))
    return most


cdef int weigh_slices(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil:
    """So many documents at a time that however deep the members are, little memory is needed."""
    cdef Py_ssize_t begin = 0, taken = query.arena.count
    cdef DocList some
    some.norms = NULL
    while begin < found.size:
        some.numbers, some.size = found.numbers + begin, min(<Py_ssize_t>SLICE, found.size - begin)
        if found.norms != NULL:
            some.norms = found.norms + begin * query.segment.parts
        weigh_members(
            query, node, some, there + begin, NULL if scores == NULL else scores + begin
        )
        release(query.arena, taken)
        begin += SLICE
    return 0


cdef int weigh_members(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil:
    """What the members say together is added up first, then added, as in `vectorized.matcher`."""
    cdef Py_ssize_t i
    cdef uint8_t* matched = <uint8_t*>take(query.arena, found.size)
    cdef double* gained = NULL
    if scores != NULL:
        gained = <double*>zeros(query.arena, found.size * sizeof(double))
    memset(matched, node.kind == ALL, found.size)
    if node.kind == ALL:
        weigh_all(query, node, found, matched, gained)
    else:
        weigh_any(query, node, found, matched, gained)
    for i in range(found.size):
        if matched[i]:
            there[i] = 1
            if scores != NULL:
                scores[i] += gained[i]
    return 0


cdef int weigh_any(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil:
    cdef Py_ssize_t i
    for i in range(node.count):
        weigh(query, member_at(query, node, i), found, there, scores)
    return 0


cdef int weigh_all(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil:
    """`there` comes with all documents marked."""
    cdef Py_ssize_t i, j, member
    cdef bint excluded
    cdef uint8_t* matched = <uint8_t*>take(query.arena, found.size)
    for i in range(node.count):
        member = member_at(query, node, i)
        excluded = node_at(query, member).kind == WITHOUT
        memset(matched, 0, found.size)
        if excluded:
            weigh(query, member_at(query, node_at(query, member), 0), found, matched, NULL)
        else:
            weigh(query, member, found, matched, scores)
        for j in range(found.size):
            there[j] &= matched[j] != excluded
    return 0


cdef bint is_dense(Segment segment, DocList found) noexcept nogil:
    """Whether the documents are so many that all in the segment may be gone through; for each of
    many slices they may not."""
    if found.size <= SLICE and segment.size > 2 * SLICE:
        return False
    return found.size > segment.size // DENSE


cdef int bound_any(
    SegmentQuery query, Segment segment, const Node* node, DocList found, uint8_t* there,
    double* scores
) except -1 nogil:
    """What many documents gain at least by any of the members: that of words in all text is added
    up at the places of the documents in the segment, which need not be looked for."""
    cdef double* gained = <double*>zeros(query.arena, segment.size * sizeof(double))
    cdef Py_ssize_t i
    cdef const Node* member
    cdef TermSlot* slot
    for i in range(node.count):
        member = node_at(query, member_at(query, node, i))
        if member.kind == TERM and is_whole(segment, member.which):
            slot = term_slot(query, member)
            add_all(segment, &slot.postings, member.factor, member.boost, gained)
            add_all(segment, &slot.exact, member.exact_factor, member.exact_boost, gained)
        else:
            weigh(query, member_at(query, node, i), found, there, scores)
    for i in range(found.size):
        if gained[checked(segment, found.numbers[i])] > 0:
            there[i] = 1
            scores[i] += gained[found.numbers[i]]
    return 0
