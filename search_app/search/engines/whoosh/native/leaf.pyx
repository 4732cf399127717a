cdef int weigh_term(
    Segment segment, Program program, Node node, int place, Set found, uint8_t* there,
    double* scores, const double* norms, Arena arena
) except -1 nogil:
    cdef Slot* slot = &program.slots[node.first + place]
    cdef Py_ssize_t i, pairs, most = min(found.size, slot.end - slot.begin)
    cdef double* gained
    if most <= 0:
        return 0
    cdef int32_t* at = <int32_t*>arena.take(most * sizeof(int32_t))
    cdef Py_ssize_t* rows = <Py_ssize_t*>arena.take(most * sizeof(Py_ssize_t))
    pairs = located(segment, slot.begin, slot.end, found, at, rows)
    for i in range(pairs):
        there[at[i]] = 1
    if scores == NULL:
        return 0
    gained = scores
    if norms != NULL:  # what the two add is added first, as in `scoring`
        gained = <double*>arena.zeros(found.size * sizeof(double))
    add(segment, at, rows, pairs, node.factor, node.boost, gained, norms)
    if slot.exact_end > slot.exact_begin:
        most = min(found.size, slot.exact_end - slot.exact_begin)
        if most > pairs:
            at = <int32_t*>arena.take(most * sizeof(int32_t))
            rows = <Py_ssize_t*>arena.take(most * sizeof(Py_ssize_t))
        pairs = located(segment, slot.exact_begin, slot.exact_end, found, at, rows)
        add(segment, at, rows, pairs, node.exact_factor, node.exact_boost, gained, norms)
    if norms != NULL:
        for i in range(found.size):
            scores[i] += gained[i]
    return 0


cdef int add(
    Segment segment, const int32_t* at, const Py_ssize_t* rows, Py_ssize_t pairs, double factor,
    double boost, double* scores, const double* norms
) except -1 nogil:
    """Add what postings score to the documents at the places they are paired with."""
    cdef double table[BUCKETS]
    cdef Py_ssize_t i
    if norms == NULL:
        estimates(segment, factor, boost, table)
        for i in range(pairs):
            if i + AHEAD < pairs:
                prefetch(&segment.buckets[rows[i + AHEAD]])
            scores[at[i]] += table[segment.buckets[rows[i]]]
    else:
        for i in range(pairs):
            if i + AHEAD < pairs:
                segment.expect(rows[i + AHEAD])
            scores[at[i]] += boost * saturated(
                factor, segment.weight(rows[i], &norms[at[i] * segment.parts]), segment.k1
            )
    return 0


cdef void estimates(Segment segment, double factor, double boost, double* table) noexcept nogil:
    """What a posting of each bucket scores at least."""
    cdef Py_ssize_t i
    cdef const double* floors = &segment.floors[0]
    for i in range(BUCKETS):
        table[i] = boost * saturated(factor, floors[i], segment.k1)


cdef double* norms_of(Segment segment, Set found, Arena arena) except NULL nogil:
    """What one occurrence counts in each part of each document."""
    cdef double* norms = <double*>arena.take(found.size * segment.parts * sizeof(double))
    cdef Py_ssize_t i, at
    cdef int part
    cdef double length
    for i in range(found.size):
        for part in range(segment.parts):
            at = <Py_ssize_t>found.numbers[i] * segment.parts + part
            if segment.length_bytes == 1:
                length = segment.lengths8[at]
            elif segment.length_bytes == 2:
                length = segment.lengths16[at]
            else:
                length = segment.lengths32[at]
            norms[i * segment.parts + part] = 1.0 / (segment.base + length * segment.share[part])
    return norms


cdef int weigh_beginning(
    Segment segment, Program program, Node node, int place, Set found, uint8_t* there,
    double* scores, const double* norms, Arena arena
) except -1 nogil:
    cdef Slot* slot = &program.slots[node.first + place]
    cdef Py_ssize_t i, pairs
    cdef double* weights
    if not slot.size or not found.size:
        return 0
    cdef int32_t* at = <int32_t*>arena.take(found.size * sizeof(int32_t))
    cdef Py_ssize_t* rows = <Py_ssize_t*>arena.take(found.size * sizeof(Py_ssize_t))
    pairs = common(slot.numbers, slot.size, found, at, rows)
    for i in range(pairs):
        there[at[i]] = 1
    if scores == NULL or not pairs:
        return 0
    if norms == NULL:
        for i in range(pairs):
            scores[at[i]] += saturated(node.factor, slot.values[rows[i]], segment.k1)
        return 0
    weights = <double*>arena.zeros(found.size * sizeof(double))
    pile_exactly(segment, slot.begin, slot.end, found, weights, norms)
    pile_exactly(segment, slot.more_begin, slot.more_end, found, weights, norms)
    for i in range(pairs):
        scores[at[i]] += saturated(node.factor, weights[at[i]], segment.k1)
    return 0


cdef int pile_exactly(
    Segment segment, Py_ssize_t begin, Py_ssize_t end, Set found, double* weights,
    const double* norms
) except -1 nogil:
    """Add what the postings in a range weigh to their documents, where these are among some."""
    cdef Py_ssize_t i, at
    cdef int32_t least = found.numbers[0], most = found.numbers[found.size - 1], document
    for i in range(begin, end):
        document = segment.documents[i]
        if least <= document <= most:
            at = first_from(found.numbers, 0, found.size, document, True)
            if found.numbers[at] == document:
                weights[at] += segment.weight(i, &norms[at * segment.parts])
    return 0


cdef int weigh_listed(
    Segment segment, Program program, Node node, int place, Set found, uint8_t* there,
    double* scores, Arena arena
) except -1 nogil:
    cdef Slot* slot = &program.slots[node.first + place]
    cdef Py_ssize_t i, pairs
    if not slot.size or not found.size:
        return 0
    cdef int32_t* at = <int32_t*>arena.take(found.size * sizeof(int32_t))
    cdef Py_ssize_t* rows = <Py_ssize_t*>arena.take(found.size * sizeof(Py_ssize_t))
    pairs = common(slot.numbers, slot.size, found, at, rows)
    for i in range(pairs):
        there[at[i]] = 1
        if scores != NULL and slot.values != NULL:
            scores[at[i]] += slot.values[rows[i]]
    return 0


cdef inline double saturated(double factor, double weight, double k1) noexcept nogil:
    return factor * weight / (weight + k1)
