"""The documents of a segment that a node matches, and what they score by it. See `leaf` for the two
ways to score."""

from libc.stdint cimport int32_t, uint8_t, uint64_t
from libc.string cimport memset

from .doc_list cimport DocList, Pairs, lookup
from .facets cimport FacetColumn
from .leaf cimport add_bounds, weigh_leaf
from .memory cimport release, take, zeros
from .program cimport (
    ALL, ANY, BEST, DOC_LIST, EXCLUDE, PHRASE, PREFIX, RANGE, SHOULD, TERM, VALUE, Node, SegmentQuery
)
from .segment cimport checked, is_whole, lowest_bit

cdef enum:
    DENSE = 16  # documents are dense if there is more than one in so many of the segment's
    SLICE = 65536  # documents that are weighed at a time


cdef int match(SegmentQuery query, const Node* node, DocList* found) except -1 nogil:
    """The living documents that match, ascending."""
    cdef Py_ssize_t i, size = 0
    cdef int32_t* numbers
    list_matches(query, node, found)
    if query.segment.has_deleted:
        numbers = <int32_t*>take(query.arena, found.size * sizeof(int32_t))
        for i in range(found.size):
            if query.segment.alive[found.numbers[i]]:
                numbers[size] = found.numbers[i]
                size += 1
        found.numbers, found.size = numbers, size
    return 0


cdef int list_matches(SegmentQuery query, const Node* node, DocList* found) except -1 nogil:
    """The documents that match, ascending, deleted ones among them."""
    found.numbers, found.size = NULL, 0
    if node.kind <= DOC_LIST:
        found[0] = node.slots[query.place].postings.documents
    elif node.kind == PHRASE or node.kind == ALL:
        list_all(query, node, found)
    elif node.kind == ANY or node.kind == BEST:
        list_any(query, node, found)
    elif node.kind == RANGE or node.kind == VALUE:
        list_living(query, found)
        keep(query, node, found, <int32_t*>take(query.arena, found.size * sizeof(int32_t)))
    return 0


cdef int list_living(SegmentQuery query, DocList* found) except -1 nogil:
    found.size = query.segment.living.shape[0]
    if found.size:
        found.numbers = &query.segment.living[0]
    return 0


cdef Py_ssize_t cost(SegmentQuery query, const Node* node) noexcept nogil:
    """An upper bound on how many documents a node matches, mostly; more than there are if each
    document has to be looked at."""
    cdef Py_ssize_t i, found = 0, size = query.segment.size
    if node.kind <= DOC_LIST:
        return node.slots[query.place].postings.documents.size
    if node.kind == PHRASE or node.kind == ALL:
        found = size
        for i in range(node.count):
            found = min(found, cost(query, node.members[i]))
    elif node.kind == ANY or node.kind == BEST:
        for i in range(node.count):
            found += cost(query, node.members[i])
        found = min(found, size)
    else:
        found = size + 1 + (node.kind == EXCLUDE) + 2 * (node.kind == SHOULD)
    return found


cdef int list_all(SegmentQuery query, const Node* node, DocList* found) except -1 nogil:
    """List the documents of the member that matches least, and keep those that the others match as
    well: first the other lists, shorter ones first, then what has to be looked up for each
    document, then what is excluded."""
    cdef Py_ssize_t i, j, own
    if not node.count:
        return list_living(query, found)
    cdef Node** order = <Node**>take(query.arena, node.count * sizeof(Node*))
    cdef Py_ssize_t* costs = <Py_ssize_t*>take(query.arena, node.count * sizeof(Py_ssize_t))
    for i in range(node.count):
        own, j = cost(query, node.members[i]), i
        while j and costs[j - 1] > own:
            order[j], costs[j] = order[j - 1], costs[j - 1]
            j -= 1
        order[j], costs[j] = node.members[i], own
    list_matches(query, order[0], found)
    cdef int32_t* numbers = <int32_t*>take(query.arena, found.size * sizeof(int32_t))
    if node.kind == PHRASE:  # the positions of its terms have to be looked at
        return keep(query, node, found, numbers)
    for i in range(1, node.count):
        if order[i].kind != SHOULD:
            keep(query, order[i], found, numbers)
    return 0


cdef int list_any(SegmentQuery query, const Node* node, DocList* found) except -1 nogil:
    cdef Py_ssize_t i, j, words = query.segment.size // 64 + 1, total = 0
    cdef uint64_t word
    cdef uint64_t* marked = <uint64_t*>zeros(query.arena, words * sizeof(uint64_t))
    cdef Py_ssize_t taken = query.arena.count
    for i in range(node.count):
        list_matches(query, node.members[i], found)
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
    """Keep the documents that a node matches; they are put into `numbers`, which may be where they
    come from."""
    cdef Py_ssize_t i, size = 0, taken = query.arena.count
    cdef uint8_t* there
    cdef Pairs pairs
    if node.kind <= DOC_LIST:
        lookup(found[0], node.slots[query.place].postings.documents, query.arena, &pairs)
        for i in range(pairs.size):
            numbers[i] = found.numbers[pairs.at[i]]
        found.numbers, found.size = numbers, pairs.size
        release(query.arena, taken)
        return 0
    there = <uint8_t*>zeros(query.arena, found.size)
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
    """Mark in `there` which documents match, and add to `scores` (`NULL`: to none) what each gains:
    exactly, or the lower bound. `there` is `NULL` if all of them are known to match, or if the node
    is a leaf and nobody asks."""
    cdef Py_ssize_t i, taken = query.arena.count
    if not found.size:
        return 0
    if node.kind <= PHRASE:
        weigh_leaf(query, node, found, there, scores)
    elif node.kind == VALUE or node.kind == RANGE:
        if there != NULL:
            mark(query, node, found, there)
    elif node.kind == ANY and scores != NULL and not query.is_exact and is_dense(query, found):
        bound_any(query, node, found, there, scores)
    elif node.kind == ANY and (scores == NULL or not query.is_exact):
        for i in range(node.count):
            weigh_one_of(query, node.members[i], found, there, scores)
    else:
        weigh_members(query, node, found, there, scores)
    release(query.arena, taken)
    return 0


cdef int weigh_one_of(
    SegmentQuery query, const Node* member, DocList found, uint8_t* there, double* scores
) except -1 nogil:
    """Weigh a member that some of the documents may not match, though all are known to match one."""
    cdef Py_ssize_t taken = query.arena.count
    if there == NULL and member.kind > PHRASE:
        there = <uint8_t*>zeros(query.arena, found.size)
    weigh(query, member, found, there, scores)
    release(query.arena, taken)
    return 0


cdef int mark(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there
) except -1 nogil:
    """Mark the documents with one of the values of a node, or a number in its range."""
    cdef Py_ssize_t i
    if node.kind == VALUE:
        with gil:
            mark_valued(query, query.segment.groups[node.which], node, found, there)
        return 0
    for i in range(found.size):
        there[i] |= node.low <= node.slots[query.place].numbers[
            checked(query.segment, found.numbers[i])
        ] < node.high
    return 0


cdef double error_ratio(SegmentQuery query, const Node* node) noexcept nogil:
    """The upper bound on what a node scores, as a multiple of the lower bound; 0 if no score can
    come from it."""
    cdef double most = 0
    cdef Py_ssize_t i
    if node.kind == TERM or node.kind == PHRASE or node.kind == PREFIX:
        return query.segment.error_ratio if is_whole(query.segment, node.which) else 1.0
    if node.kind == DOC_LIST:
        return node.boost > 0
    if node.kind == ALL or node.kind == ANY or node.kind == BEST or node.kind == SHOULD:
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
    """The scores of the members are added up first, as in `vectorized.matcher`, for `SLICE`
    documents at a time: so little memory is needed however deep the members are."""
    cdef Py_ssize_t begin = 0, i, j, most = min(<Py_ssize_t>SLICE, found.size)
    cdef bint is_known = there == NULL
    cdef uint8_t* matched = NULL
    cdef uint8_t* own = NULL
    cdef double* gained = NULL
    cdef double* one = NULL  # what the current member of the best gains
    if not is_known:
        matched, own = <uint8_t*>take(query.arena, most), <uint8_t*>take(query.arena, most)
    if scores != NULL:
        gained = <double*>take(query.arena, most * sizeof(double))
        if node.kind == BEST:
            one = <double*>take(query.arena, most * sizeof(double))
    cdef DocList some
    while begin < found.size:
        some.numbers, some.size = found.numbers + begin, min(most, found.size - begin)
        if not is_known:
            memset(matched, node.kind != ANY and node.kind != BEST, some.size)
        if gained != NULL:
            memset(gained, 0, some.size * sizeof(double))
        for i in range(node.count):
            if node.kind == ANY:
                weigh_one_of(query, node.members[i], some, matched, gained)
            elif node.kind == BEST:
                weigh_best(query, node.members[i], some, matched, one, gained)
            elif node.members[i].kind == SHOULD:
                if gained != NULL:
                    weigh_one_of(query, node.members[i].members[0], some, NULL, gained)
            elif is_known:
                if node.kind == ALL:
                    weigh(query, node.members[i], some, NULL, gained)
            else:
                memset(own, 0, some.size)
                weigh(query, node.members[i], some, own, gained if node.kind == ALL else NULL)
                for j in range(some.size):
                    matched[j] &= own[j] == (node.kind == ALL)
        if is_known:
            for j in range(some.size):
                scores[begin + j] += gained[j]
        else:
            for j in range(some.size):
                there[begin + j] |= matched[j]
                if scores != NULL and matched[j]:
                    scores[begin + j] += gained[j]
        begin += some.size
    return 0


cdef int weigh_best(
    SegmentQuery query, const Node* member, DocList found, uint8_t* there, double* one,
    double* best
) except -1 nogil:
    """Mark what a member matches, and keep in `best` (`NULL`: nowhere) what it gains if that is
    more; `one` has room for what it gains."""
    cdef Py_ssize_t i
    if best != NULL:
        memset(one, 0, found.size * sizeof(double))
    weigh_one_of(query, member, found, there, one)
    if best != NULL:
        for i in range(found.size):
            best[i] = max(best[i], one[i])
    return 0


cdef bint is_dense(SegmentQuery query, DocList found) noexcept nogil:
    """Whether there are so many documents that going through all of the segment's pays; it does not
    for each of many slices."""
    if found.size <= SLICE and query.segment.size > 2 * SLICE:
        return False
    return found.size > query.segment.size // DENSE


cdef int bound_any(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil:
    """Weigh many documents by any of the members: the bounds of terms in `text` are added up by
    document number, so no document has to be looked up."""
    cdef double* gained = <double*>zeros(query.arena, query.segment.size * sizeof(double))
    cdef Py_ssize_t i
    cdef const Node* member
    for i in range(node.count):
        member = node.members[i]
        if member.kind == TERM and is_whole(query.segment, member.which):
            add_bounds(query, member, gained)
        else:
            weigh_one_of(query, member, found, there, scores)
    for i in range(found.size):
        if gained[checked(query.segment, found.numbers[i])] > 0:
            if there != NULL:
                there[i] = 1
            scores[i] += gained[found.numbers[i]]
    return 0
