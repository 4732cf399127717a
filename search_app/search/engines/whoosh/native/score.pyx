cdef int weigh(
    Segment segment, Program program, Py_ssize_t at, int place, Set found, uint8_t* there,
    double* scores, const double* norms, Arena arena
) except -1 nogil:
    """Mark in `there` which of the documents match, and add to `scores` (`NULL`: to none) what
    each gains by it: exactly, by their `norms`, or the estimate, if these are `NULL`."""
    cdef Node node = program.nodes[at]
    cdef Py_ssize_t i, taken = arena.count
    if node.kind == TERM:
        weigh_term(segment, program, node, place, found, there, scores, norms, arena)
    elif node.kind == ROW:
        weigh_row(segment, program, node, place, found, there, scores, norms, arena)
    elif node.kind == BEGINNING:
        weigh_beginning(segment, program, node, place, found, there, scores, norms, arena)
    elif node.kind == LISTED:
        weigh_listed(segment, program, node, place, found, there, scores, arena)
    elif node.kind == SPAN:
        for i in range(found.size):
            there[i] |= node.low <= segment.number(node.column, found.numbers[i]) < node.high
    elif node.kind == EVERYTHING:
        memset(there, 1, found.size)
    elif node.kind == ANY and scores != NULL and norms == NULL and is_dense(segment, found):
        estimate_any(segment, program, node, place, found, there, scores, arena)
    elif node.kind == ANY and (scores == NULL or norms == NULL):
        weigh_any(segment, program, node, place, found, there, scores, norms, arena)
    elif node.kind == ANY or node.kind == ALL:
        weigh_slices(segment, program, node, place, found, there, scores, norms, arena)
    arena.release(taken)
    return 0


cdef int weigh_slices(
    Segment segment, Program program, Node node, int place, Set found, uint8_t* there,
    double* scores, const double* norms, Arena arena
) except -1 nogil:
    """So many documents at a time that however deep the members are, little memory is needed."""
    cdef Py_ssize_t begin = 0, taken = arena.count
    cdef Set some
    while begin < found.size:
        some.numbers, some.size = found.numbers + begin, min(SLICE, found.size - begin)
        weigh_members(
            segment, program, node, place, some, there + begin,
            NULL if scores == NULL else scores + begin,
            NULL if norms == NULL else norms + begin * segment.parts, arena
        )
        arena.release(taken)
        begin += SLICE
    return 0


cdef int weigh_members(
    Segment segment, Program program, Node node, int place, Set found, uint8_t* there,
    double* scores, const double* norms, Arena arena
) except -1 nogil:
    """What the members say together is added up first, then added, as in `scoring`."""
    cdef Py_ssize_t i
    cdef uint8_t* matched = <uint8_t*>arena.take(found.size)
    cdef double* gained = NULL
    if scores != NULL:
        gained = <double*>arena.zeros(found.size * sizeof(double))
    memset(matched, node.kind == ALL, found.size)
    if node.kind == ALL:
        weigh_all(segment, program, node, place, found, matched, gained, norms, arena)
    else:
        weigh_any(segment, program, node, place, found, matched, gained, norms, arena)
    for i in range(found.size):
        if matched[i]:
            there[i] = 1
            if scores != NULL:
                scores[i] += gained[i]
    return 0


cdef bint is_dense(Segment segment, Set found) noexcept nogil:
    """Whether the documents are so many that all in the segment may be gone through; for each of
    many slices they may not."""
    if found.size <= SLICE and segment.size > 2 * SLICE:
        return False
    return found.size > segment.size // DENSE


cdef int estimate_any(
    Segment segment, Program program, Node node, int place, Set found, uint8_t* there,
    double* scores, Arena arena
) except -1 nogil:
    """What many documents gain by any of the members: that of words is added up at the places of
    the documents in the segment, which need not be looked for."""
    cdef double* gained = <double*>arena.zeros(segment.size * sizeof(double))
    cdef Py_ssize_t i
    cdef Node member
    cdef Slot* slot
    for i in range(node.first, node.first + node.count):
        member = program.nodes[program.members[i]]
        if member.kind != TERM:
            weigh(segment, program, program.members[i], place, found, there, scores, NULL, arena)
            continue
        slot = &program.slots[member.first + place]
        add_all(segment, slot.begin, slot.end, member.factor, member.boost, gained)
        add_all(
            segment, slot.exact_begin, slot.exact_end, member.exact_factor, member.exact_boost,
            gained
        )
    for i in range(found.size):
        if gained[segment.own(found.numbers[i])] > 0:
            there[i] = 1
            scores[i] += gained[found.numbers[i]]
    return 0


cdef int add_all(
    Segment segment, Py_ssize_t begin, Py_ssize_t end, double factor, double boost, double* gained
) except -1 nogil:
    """Add what postings score at least to their documents, by number."""
    cdef double table[BUCKETS]
    cdef Py_ssize_t i
    if begin < end:
        estimates(segment, factor, boost, table)
        for i in range(begin, end):
            gained[segment.own(segment.documents[i])] += table[segment.buckets[i]]
    return 0


cdef int weigh_any(
    Segment segment, Program program, Node node, int place, Set found, uint8_t* there,
    double* scores, const double* norms, Arena arena
) except -1 nogil:
    cdef Py_ssize_t i
    for i in range(node.first, node.first + node.count):
        weigh(segment, program, program.members[i], place, found, there, scores, norms, arena)
    return 0


cdef int weigh_all(
    Segment segment, Program program, Node node, int place, Set found, uint8_t* there,
    double* scores, const double* norms, Arena arena
) except -1 nogil:
    """`there` comes with all documents marked."""
    cdef Py_ssize_t i, j, member
    cdef bint taken
    cdef uint8_t* matched = <uint8_t*>arena.take(found.size)
    for i in range(node.first, node.first + node.count):
        member = program.members[i]
        taken = program.nodes[member].kind == WITHOUT
        memset(matched, 0, found.size)
        if taken:
            member = program.members[program.nodes[member].first]
            weigh(segment, program, member, place, found, matched, NULL, norms, arena)
        else:
            weigh(segment, program, member, place, found, matched, scores, norms, arena)
        for j in range(found.size):
            there[j] &= matched[j] != taken
    return 0
