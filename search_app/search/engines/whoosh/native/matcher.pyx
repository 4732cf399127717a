"""The documents of a segment that a node matches, and what they score by it. See `leaf` for the two
ways to score."""

from libc.stdint cimport int32_t, uint8_t, uint64_t
from libc.string cimport memset

from .doc_list cimport DocList
from .facets cimport FacetColumn
from .leaf cimport add_all, weigh_leaf
from .memory cimport release, take, zeros
from .phrase cimport weigh_phrase
from .program cimport (
    ALL, ANY, DOC_LIST, EVERYTHING, EXCLUDE, NOTHING, PHRASE, PREFIX, RANGE, TERM, VALUE, Node,
    SegmentQuery
)
from .segment cimport checked, is_whole, lowest_bit

cdef enum:
    DENSE = 16  # of the documents of a segment, one in so many is many


cdef int match(SegmentQuery query, const Node* node, DocList* found) except -1 nogil:
    """The living documents that match, ascending."""
    cdef Py_ssize_t i, size = 0
    cdef int32_t* numbers
    listed(query, node, found)
    if query.segment.has_deleted:
        numbers = <int32_t*>take(query.arena, found.size * sizeof(int32_t))
        for i in range(found.size):
            if query.segment.alive[found.numbers[i]]:
                numbers[size] = found.numbers[i]
                size += 1
        found.numbers, found.size = numbers, size
    return 0


cdef int listed(SegmentQuery query, const Node* node, DocList* found) except -1 nogil:
    """The documents that match, ascending, deleted ones among them."""
    found.numbers, found.size = NULL, 0
    if node.kind <= DOC_LIST:
        found[0] = node.slots[query.place].postings.documents
    elif node.kind == PHRASE or node.kind == ALL:
        list_all(query, node, found)
    elif node.kind == ANY:
        list_any(query, node, found)
    elif node.kind == EVERYTHING or node.kind == RANGE or node.kind == VALUE:
        found.size = query.segment.living.shape[0]
        if found.size:
            found.numbers = &query.segment.living[0]
        if node.kind != EVERYTHING:
            keep(query, node, found, NULL)
    return 0


cdef Py_ssize_t cost(SegmentQuery query, const Node* node) noexcept nogil:
    """How many documents a node matches at most, or so; more than there are, if each has to be
    looked at."""
    cdef Py_ssize_t i, found = 0, size = query.segment.size
    if node.kind <= DOC_LIST:
        return node.slots[query.place].postings.documents.size
    if node.kind == PHRASE or node.kind == ALL:
        found = size
        for i in range(node.count):
            found = min(found, cost(query, node.members[i]))
    elif node.kind == ANY:
        for i in range(node.count):
            found += cost(query, node.members[i])
        found = min(found, size)
    elif node.kind != NOTHING:
        found = size + (node.kind != EVERYTHING) + (node.kind == EXCLUDE)
    return found


cdef int list_all(SegmentQuery query, const Node* node, DocList* found) except -1 nogil:
    """Of the member that matches least, what the others match as well: the lists in order of
    their lengths, then what is looked up of each document, then what is taken away."""
    cdef Py_ssize_t i, j, own
    cdef Node** order = <Node**>take(query.arena, node.count * sizeof(Node*))
    cdef Py_ssize_t* costs = <Py_ssize_t*>take(query.arena, node.count * sizeof(Py_ssize_t))
    for i in range(node.count):
        own, j = cost(query, node.members[i]), i
        while j and costs[j - 1] > own:
            order[j], costs[j] = order[j - 1], costs[j - 1]
            j -= 1
        order[j], costs[j] = node.members[i], own
    listed(query, order[0], found)
    cdef int32_t* numbers = <int32_t*>take(query.arena, found.size * sizeof(int32_t))
    if node.kind == PHRASE:  # the positions of its terms have to be looked at
        return keep(query, node, found, numbers)
    for i in range(1, node.count):
        keep(query, order[i], found, numbers)
    return 0


cdef int list_any(SegmentQuery query, const Node* node, DocList* found) except -1 nogil:
    cdef Py_ssize_t i, j, words = query.segment.size // 64 + 1, total = 0
    cdef uint64_t word
    cdef uint64_t* marked = <uint64_t*>zeros(query.arena, words * sizeof(uint64_t))
    cdef Py_ssize_t taken = query.arena.count
    for i in range(node.count):
        listed(query, node.members[i], found)
        total += found.size
        for j in range(found.size):
            checked(query.segment, found.numbers[j])
            marked[found.numbers[j] >> 6] |= <uint64_t>1 << (found.numbers[j] & 63)
        release(query.arena, taken)
    cdef int32_t* numbers = <int32_t*>take(
        query.arena, min(total, query.segment.size) * sizeof(int32_t)
    )
    found.numbers, found.size = numbers, 0
    for i in range(words):
        word = marked[i]
        while word:
            numbers[found.size] = (i << 6) + lowest_bit(word)
            found.size += 1
            word &= word - 1
    return 0


cdef int keep(
    SegmentQuery query, const Node* node, DocList* found, int32_t* numbers
) except -1 nogil:
    """Leave the documents that a node matches; they are put into `numbers`, from which they may
    come, too."""
    cdef Py_ssize_t i, size = 0
    if not found.size:
        return 0
    if numbers == NULL:
        numbers = <int32_t*>take(query.arena, found.size * sizeof(int32_t))
    cdef Py_ssize_t taken = query.arena.count
    cdef uint8_t* there = <uint8_t*>zeros(query.arena, found.size)
    weigh(query, node, found[0], there, NULL)
    for i in range(found.size):
        if there[i]:
            numbers[size] = found.numbers[i]
            size += 1
    found.numbers, found.size = numbers, size
    release(query.arena, taken)
    return 0


cdef int weigh(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil:
    """Mark in `there` which of the documents match, and add to `scores` (`NULL`: to none) what
    each gains by it: exactly, or the lower bound."""
    cdef Py_ssize_t i, taken = query.arena.count
    if not found.size:
        return 0
    if node.kind <= DOC_LIST:
        weigh_leaf(query, node, found, there, scores)
    elif node.kind == PHRASE:
        weigh_phrase(query, node, found, there, scores)
    elif node.kind == VALUE:
        with gil:
            mark_valued(query, query.segment.groups[node.which], node, found, there)
    elif node.kind == RANGE:
        for i in range(found.size):
            there[i] |= node.low <= node.slots[query.place].numbers[
                checked(query.segment, found.numbers[i])
            ] < node.high
    elif node.kind == EVERYTHING:
        memset(there, 1, found.size)
    elif node.kind == ANY and scores != NULL and not query.is_exact and is_dense(query, found):
        bound_any(query, node, found, there, scores)
    elif node.kind == ANY and (scores == NULL or not query.is_exact):
        for i in range(node.count):
            weigh(query, node.members[i], found, there, scores)
    elif node.kind != NOTHING:
        weigh_members(query, node, found, there, scores)
    release(query.arena, taken)
    return 0


cdef double error_ratio(SegmentQuery query, const Node* node) noexcept nogil:
    """The upper bound on what a node scores, as a multiple of the lower one; 0 if nothing in it
    can add to a score."""
    cdef double most = 0
    cdef Py_ssize_t i
    if node.kind == TERM or node.kind == PHRASE or node.kind == PREFIX:
        return query.segment.error_ratio if is_whole(query.segment, node.which) else 1.0
    if node.kind == ALL or node.kind == ANY:
        for i in range(node.count):
            most = max(most, error_ratio(query, node.members[i]))
    return most


cdef int mark_valued(
    SegmentQuery query, FacetColumn column, const Node* node, DocList found, uint8_t* there
) except -1:
    cdef Py_ssize_t i
    with nogil:
        for i in range(found.size):
            there[i] |= column.has_any(found.numbers[i], node.wanted)
    return 0


cdef int weigh_members(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil:
    """What the members say together is added up first, then added, as in `vectorized.matcher`: so
    many documents at a time that however deep the members are, little memory is needed."""
    cdef Py_ssize_t begin = 0, i, j, most = min(<Py_ssize_t>SLICE, found.size)
    cdef uint8_t* matched = <uint8_t*>take(query.arena, most)
    cdef uint8_t* own = <uint8_t*>take(query.arena, most)
    cdef double* gained = NULL
    if scores != NULL:
        gained = <double*>take(query.arena, most * sizeof(double))
    cdef DocList some
    while begin < found.size:
        some.numbers, some.size = found.numbers + begin, min(most, found.size - begin)
        memset(matched, node.kind != ANY, some.size)
        if gained != NULL:
            memset(gained, 0, some.size * sizeof(double))
        for i in range(node.count):
            if node.kind == ANY:
                weigh(query, node.members[i], some, matched, gained)
                continue
            memset(own, 0, some.size)
            weigh(query, node.members[i], some, own, gained if node.kind == ALL else NULL)
            for j in range(some.size):
                matched[j] &= own[j] == (node.kind == ALL)
        for j in range(some.size):
            there[begin + j] |= matched[j]
            if scores != NULL and matched[j]:
                scores[begin + j] += gained[j]
        begin += some.size
    return 0


cdef bint is_dense(SegmentQuery query, DocList found) noexcept nogil:
    """Whether the documents are so many that all in the segment may be gone through; for each of
    many slices they may not."""
    if found.size <= SLICE and query.segment.size > 2 * SLICE:
        return False
    return found.size > query.segment.size // DENSE


cdef int bound_any(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil:
    """What many documents gain at least by any of the members: that of words in all text is added
    up at the places of the documents in the query.segment, which need not be looked for."""
    cdef double* gained = <double*>zeros(query.arena, query.segment.size * sizeof(double))
    cdef Py_ssize_t i
    cdef const Node* member
    for i in range(node.count):
        member = node.members[i]
        if member.kind == TERM and is_whole(query.segment, member.which):
            add_all(query.segment, &member.slots[query.place].postings, gained)
            add_all(query.segment, &member.slots[query.place].exact, gained)
        else:
            weigh(query, member, found, there, scores)
    for i in range(found.size):
        if gained[checked(query.segment, found.numbers[i])] > 0:
            there[i] = 1
            scores[i] += gained[found.numbers[i]]
    return 0
