"""The documents of a segment that a node matches."""

from libc.stdint cimport int32_t, uint8_t, uint64_t

from .doc_list cimport DocList
from .memory cimport release, take, zeros
from .program cimport (
    ALL, ANY, DOC_LIST, EVERYTHING, NOTHING, PHRASE, PREFIX, RANGE, TERM, VALUE, WITHOUT, Node,
    PrefixSlot, SegmentQuery, TermSlot, doc_list, member_at, node_at, prefix_slot, term_slot
)
from .score cimport weigh
from .segment cimport Segment, checked

cdef extern from *:
    int lowest_bit "__builtin_ctzll"(unsigned long long word) nogil


cdef int match(SegmentQuery query, Py_ssize_t at, DocList* found) except -1 nogil:
    """The living documents that match, ascending."""
    listed(query, at, found)
    only_living(query, found)
    return 0


cdef int listed(SegmentQuery query, Py_ssize_t at, DocList* found) except -1 nogil:
    """The documents that match, ascending, deleted ones among them."""
    cdef const Node* node = node_at(query, at)
    found.numbers, found.size, found.norms = NULL, 0, NULL
    if node.kind == TERM:
        found.numbers = term_slot(query, node).postings.documents
        found.size = term_slot(query, node).postings.size
    elif node.kind == PREFIX:
        found.numbers = prefix_slot(query, node).documents
        found.size = prefix_slot(query, node).size
    elif node.kind == DOC_LIST:
        found[0] = doc_list(query, node)[0]
    elif node.kind == EVERYTHING:
        everyone(query.segment, found)
    elif node.kind == RANGE or node.kind == VALUE:
        everyone(query.segment, found)
        keep(query, at, False, found, NULL)
    elif node.kind == PHRASE or node.kind == ALL:
        list_all(query, at, found)
    elif node.kind == ANY:
        list_any(query, query.segment, node, found)
    return 0


cdef Py_ssize_t most(SegmentQuery query, Py_ssize_t at) noexcept nogil:
    """How many documents a node matches at most, or so."""
    cdef const Node* node = node_at(query, at)
    cdef Py_ssize_t i, found = 0
    if node.kind == TERM:
        return term_slot(query, node).postings.size
    if node.kind == PREFIX:
        return prefix_slot(query, node).size
    if node.kind == DOC_LIST:
        return doc_list(query, node).size
    if node.kind == PHRASE or node.kind == ALL:
        found = query.segment.size
        for i in range(node.count):
            found = min(found, most(query, member_at(query, node, i)))
    elif node.kind == ANY:
        for i in range(node.count):
            found += most(query, member_at(query, node, i))
        found = min(found, query.segment.size)
    elif node.kind != NOTHING:
        found = query.segment.size
    return found


cdef int everyone(Segment segment, DocList* found) except -1 nogil:
    found.size = segment.living.shape[0]
    if found.size:
        found.numbers = &segment.living[0]
    return 0


cdef int list_all(SegmentQuery query, Py_ssize_t at, DocList* found) except -1 nogil:
    """Of the member that matches least, what the others match as well: the lists in order of
    their lengths, then what is looked up of each document, then what is taken away."""
    cdef const Node* node = node_at(query, at)
    cdef Py_ssize_t i, j, member, cost
    cdef Py_ssize_t* order = <Py_ssize_t*>take(query.arena, node.count * sizeof(Py_ssize_t))
    cdef Py_ssize_t* costs = <Py_ssize_t*>take(query.arena, node.count * sizeof(Py_ssize_t))
    for i in range(node.count):
        member = member_at(query, node, i)
        cost = most(query, member)
        if node_at(query, member).kind == RANGE or node_at(query, member).kind == VALUE:
            cost = query.segment.size + 1
        elif node_at(query, member).kind == WITHOUT:
            cost = query.segment.size + 2
        j = i
        while j and costs[j - 1] > cost:
            order[j], costs[j] = order[j - 1], costs[j - 1]
            j -= 1
        order[j], costs[j] = member, cost
    listed(query, order[0], found)
    cdef int32_t* numbers = <int32_t*>take(query.arena, found.size * sizeof(int32_t))
    if node.kind == PHRASE:  # of which it has to be looked at where they stand
        return keep(query, at, False, found, numbers)
    for i in range(1, node.count):
        if node_at(query, order[i]).kind == WITHOUT:
            keep(query, member_at(query, node_at(query, order[i]), 0), True, found, numbers)
        else:
            keep(query, order[i], False, found, numbers)
    return 0


cdef int list_any(
    SegmentQuery query, Segment segment, const Node* node, DocList* found
) except -1 nogil:
    cdef Py_ssize_t i, j, words = segment.size // 64 + 1, total = 0
    cdef uint64_t word
    cdef uint64_t* marked = <uint64_t*>zeros(query.arena, words * sizeof(uint64_t))
    cdef Py_ssize_t taken = query.arena.count
    for i in range(node.count):
        listed(query, member_at(query, node, i), found)
        total += found.size
        for j in range(found.size):
            checked(segment, found.numbers[j])
            marked[found.numbers[j] >> 6] |= <uint64_t>1 << (found.numbers[j] & 63)
        release(query.arena, taken)
    cdef int32_t* numbers = <int32_t*>take(
        query.arena, min(total, segment.size) * sizeof(int32_t)
    )
    found.numbers, found.size, found.norms = numbers, 0, NULL
    for i in range(words):
        word = marked[i]
        while word:
            numbers[found.size] = (i << 6) + lowest_bit(word)
            found.size += 1
            word &= word - 1
    return 0


cdef int keep(
    SegmentQuery query, Py_ssize_t at, bint others, DocList* found, int32_t* numbers
) except -1 nogil:
    """Of the documents leave those that a node matches, or the others; they are put into
    `numbers`, from which they may come, too."""
    cdef Py_ssize_t i, size = 0
    if not found.size:
        return 0
    if numbers == NULL:
        numbers = <int32_t*>take(query.arena, found.size * sizeof(int32_t))
    cdef Py_ssize_t taken = query.arena.count
    cdef uint8_t* there = <uint8_t*>zeros(query.arena, found.size)
    weigh(query, at, found[0], there, NULL)
    for i in range(found.size):
        if there[i] != others:
            numbers[size] = found.numbers[i]
            size += 1
    found.numbers, found.size = numbers, size
    release(query.arena, taken)
    return 0


cdef int only_living(SegmentQuery query, DocList* found) except -1 nogil:
    cdef Py_ssize_t i, size = 0
    if not query.segment.has_deleted:
        return 0
    cdef int32_t* numbers = <int32_t*>take(query.arena, found.size * sizeof(int32_t))
    for i in range(found.size):
        if query.segment.alive[found.numbers[i]]:
            numbers[size] = found.numbers[i]
            size += 1
    found.numbers, found.size = numbers, size
    return 0
