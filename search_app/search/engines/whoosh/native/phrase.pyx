cdef struct Row:
    # The distinct terms of a row, which of them stands at each of its places, and of each the
    # postings in the documents that have all.
    Py_ssize_t size
    Py_ssize_t distinct
    Py_ssize_t* terms
    Py_ssize_t* which
    Py_ssize_t** postings


cdef int read_row(Program program, Node node, Arena arena, Row* row) except -1 nogil:
    cdef Py_ssize_t i, member
    cdef Py_ssize_t* known = <Py_ssize_t*>arena.zeros(program.node_count * sizeof(Py_ssize_t))
    row.size, row.distinct = node.count, 0
    row.terms = <Py_ssize_t*>arena.take(node.count * sizeof(Py_ssize_t))
    row.which = <Py_ssize_t*>arena.take(node.count * sizeof(Py_ssize_t))
    row.postings = <Py_ssize_t**>arena.take(node.count * sizeof(Py_ssize_t*))
    for i in range(node.count):
        member = program.members[node.first + i]
        if not known[member]:
            row.terms[row.distinct] = member
            row.distinct += 1
            known[member] = row.distinct
        row.which[i] = known[member] - 1
    return 0


cdef int weigh_row(
    Segment segment, Program program, Node node, int place, Set found, uint8_t* there,
    double* scores, const double* norms, Arena arena
) except -1 nogil:
    """The documents with all terms, then those in which they stand in a row; each distinct term
    adds once."""
    cdef Py_ssize_t i, j
    cdef Node term
    cdef Row row
    cdef int32_t* where = <int32_t*>arena.take(found.size * sizeof(int32_t))
    read_row(program, node, arena, &row)
    cdef Py_ssize_t size = having_all(segment, program, &row, place, found, where, arena)
    if row.size > 1:
        size = in_a_row(segment, program, &row, place, size, where, arena)
    for j in range(size):
        there[where[j]] = 1
    if scores == NULL or not size:
        return 0
    cdef double* gained = <double*>arena.zeros(found.size * sizeof(double))
    for i in range(row.distinct):
        term = program.nodes[row.terms[i]]
        add(segment, where, row.postings[i], size, term.factor, term.boost, gained, norms)
    for j in range(size):
        scores[where[j]] += gained[where[j]]
    return 0


cdef Py_ssize_t having_all(
    Segment segment, Program program, Row* row, int place, Set found, int32_t* where, Arena arena
) except -1 nogil:
    """How many of the documents have all terms, and where they are among them; their postings go
    into the row."""
    cdef Slot* slot
    cdef Py_ssize_t i, j, pairs
    cdef Set left
    cdef int32_t* numbers = <int32_t*>arena.take(found.size * sizeof(int32_t))
    cdef int32_t* at = <int32_t*>arena.take(found.size * sizeof(int32_t))
    cdef Py_ssize_t* rows = <Py_ssize_t*>arena.take(found.size * sizeof(Py_ssize_t))
    left.numbers, left.size = found.numbers, found.size
    for j in range(found.size):
        where[j] = j
    for i in range(row.distinct):
        slot = &program.slots[program.nodes[row.terms[i]].first + place]
        pairs = located(segment, slot.begin, slot.end, left, at, rows)
        for j in range(pairs):
            numbers[j], where[j] = left.numbers[at[j]], where[at[j]]
        left.numbers, left.size = numbers, pairs
        if not pairs:
            return 0
    row.postings[row.distinct - 1] = rows
    for i in range(row.distinct - 1):
        slot = &program.slots[program.nodes[row.terms[i]].first + place]
        row.postings[i] = <Py_ssize_t*>arena.take(left.size * sizeof(Py_ssize_t))
        pairs = located(segment, slot.begin, slot.end, left, at, row.postings[i])
        if pairs != left.size:
            with gil:
                raise IndexError("the postings of a term are not in order")
    return left.size


cdef Py_ssize_t in_a_row(
    Segment segment, Program program, Row* row, int place, Py_ssize_t size, int32_t* where,
    Arena arena
) except -1 nogil:
    """Leave, of so many documents, those in which the terms stand at successive positions of
    one text; how many there are."""
    cdef Py_ssize_t i, j, posting, left = 0, count = row.distinct
    cdef Slot* slot
    cdef uint32_t* begins = <uint32_t*>arena.take(size * count * sizeof(uint32_t))
    cdef uint32_t* ends = <uint32_t*>arena.take(size * count * sizeof(uint32_t))
    cdef uint32_t* cursors = <uint32_t*>arena.take(row.size * sizeof(uint32_t))
    for i in range(count):
        slot = &program.slots[program.nodes[row.terms[i]].first + place]
        for j in range(size):
            posting = slot.row + row.postings[i][j] - slot.begin
            begins[j * count + i] = segment.firsts[posting]
            ends[j * count + i] = segment.firsts[posting + 1]
    for j in range(size):
        for i in range(count):
            if j + AHEAD < size:
                prefetch(&segment.occurrences[begins[(j + AHEAD) * count + i]])
        if successive(segment, row, &begins[j * count], &ends[j * count], cursors):
            where[left] = where[j]
            for i in range(count):
                row.postings[i][left] = row.postings[i][j]
            left += 1
    return left


cdef bint successive(
    Segment segment, Row* row, const uint32_t* begins, const uint32_t* ends, uint32_t* cursors
) except -1 nogil:
    """Whether, of the occurrences of each term, some stand one after the other. They are gone
    through once: what is looked for in each only grows."""
    cdef Py_ssize_t i, k, which, anchor = 0, reached = 0
    cdef uint32_t at, first
    cdef int64_t wanted
    for i in range(1, row.size):
        which, k = row.which[i], row.which[anchor]
        if ends[which] - begins[which] < ends[k] - begins[k]:
            anchor = i
    first = begins[row.which[anchor]]
    for k in range(first, ends[row.which[anchor]]):
        for i in range(row.size):
            which = row.which[i]
            if i == reached:
                cursors[i] = begins[which]
                reached += 1
            wanted = <int64_t>segment.occurrences[k] + i - anchor
            at = cursors[i]
            while at < ends[which] and segment.occurrences[at] < wanted:
                at += 1
            cursors[i] = at
            if at == ends[which] or segment.occurrences[at] != wanted:
                break
        else:
            return True
    return False
