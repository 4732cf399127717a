cdef Py_ssize_t most(Segment segment, Program program, Py_ssize_t at, int place) noexcept nogil:
    """How many documents a node matches at most, or so."""
    cdef Node node = program.nodes[at]
    cdef Slot* slot
    cdef Py_ssize_t i, found = 0
    if node.kind == TERM:
        slot = &program.slots[node.first + place]
        return slot.end - slot.begin
    if node.kind == BEGINNING or node.kind == LISTED:
        return program.slots[node.first + place].size
    if node.kind == ROW or node.kind == ALL:
        found = segment.size
        for i in range(node.first, node.first + node.count):
            found = min(found, most(segment, program, program.members[i], place))
    elif node.kind == ANY:
        for i in range(node.first, node.first + node.count):
            found += most(segment, program, program.members[i], place)
        found = min(found, segment.size)
    elif node.kind != NOTHING:
        found = segment.size
    return found


cdef int match(
    Segment segment, Program program, Py_ssize_t at, int place, Arena arena, Set* found
) except -1 nogil:
    """The documents that match, ascending, deleted ones among them."""
    cdef Node node = program.nodes[at]
    cdef Slot* slot
    found.numbers, found.size = NULL, 0
    if node.kind == TERM:
        slot = &program.slots[node.first + place]
        if slot.end > slot.begin:
            found.numbers, found.size = &segment.documents[slot.begin], slot.end - slot.begin
    elif node.kind == BEGINNING or node.kind == LISTED:
        slot = &program.slots[node.first + place]
        found.numbers, found.size = slot.numbers, slot.size
    elif node.kind == EVERYTHING:
        everyone(segment, found)
    elif node.kind == SPAN:
        everyone(segment, found)
        keep(segment, program, at, place, False, arena, found, NULL)
    elif node.kind == ROW or node.kind == ALL:
        match_all(segment, program, at, place, arena, found)
    elif node.kind == ANY:
        match_any(segment, program, node, place, arena, found)
    return 0


cdef int everyone(Segment segment, Set* found) except -1 nogil:
    found.numbers, found.size = NULL, segment.living.shape[0]
    if found.size:
        found.numbers = &segment.living[0]
    return 0


cdef int match_all(
    Segment segment, Program program, Py_ssize_t at, int place, Arena arena, Set* found
) except -1 nogil:
    """Of the member that matches least, what the others match as well: the lists in order of
    their lengths, then bounds on a number, then what is taken away."""
    cdef Node node = program.nodes[at]
    cdef Py_ssize_t i, j, member, cost
    cdef Py_ssize_t* order = <Py_ssize_t*>arena.take(node.count * sizeof(Py_ssize_t))
    cdef Py_ssize_t* costs = <Py_ssize_t*>arena.take(node.count * sizeof(Py_ssize_t))
    for i in range(node.count):
        member = program.members[node.first + i]
        cost = most(segment, program, member, place)
        if program.nodes[member].kind == SPAN:
            cost = segment.size + 1
        elif program.nodes[member].kind == WITHOUT:
            cost = segment.size + 2
        j = i
        while j and costs[j - 1] > cost:
            order[j], costs[j] = order[j - 1], costs[j - 1]
            j -= 1
        order[j], costs[j] = member, cost
    match(segment, program, order[0], place, arena, found)
    cdef int32_t* numbers = <int32_t*>arena.take(found.size * sizeof(int32_t))
    if node.kind == ROW:  # of which it has to be looked at where they stand
        return keep(segment, program, at, place, False, arena, found, numbers)
    for i in range(1, node.count):
        member = order[i]
        if program.nodes[member].kind == WITHOUT:
            member = program.members[program.nodes[member].first]
            keep(segment, program, member, place, True, arena, found, numbers)
        else:
            keep(segment, program, member, place, False, arena, found, numbers)
    return 0


cdef int match_any(
    Segment segment, Program program, Node node, int place, Arena arena, Set* found
) except -1 nogil:
    cdef Py_ssize_t i, j, words = segment.size // 64 + 1, total = 0
    cdef uint64_t word
    cdef uint64_t* marked = <uint64_t*>arena.zeros(words * sizeof(uint64_t))
    cdef Py_ssize_t taken = arena.count
    for i in range(node.first, node.first + node.count):
        match(segment, program, program.members[i], place, arena, found)
        total += found.size
        for j in range(found.size):
            segment.own(found.numbers[j])
            marked[found.numbers[j] >> 6] |= <uint64_t>1 << (found.numbers[j] & 63)
        arena.release(taken)
    cdef int32_t* numbers = <int32_t*>arena.take(min(total, segment.size) * sizeof(int32_t))
    found.numbers, found.size = numbers, 0
    for i in range(words):
        word = marked[i]
        while word:
            numbers[found.size] = (i << 6) + lowest_bit(word)
            found.size += 1
            word &= word - 1
    return 0


cdef int keep(
    Segment segment, Program program, Py_ssize_t at, int place, bint others, Arena arena,
    Set* found, int32_t* numbers
) except -1 nogil:
    """Of the documents leave those that a node matches, or the others; they are put into
    `numbers`, from which they may come, too."""
    cdef Py_ssize_t i, size = 0
    if not found.size:
        return 0
    if numbers == NULL:
        numbers = <int32_t*>arena.take(found.size * sizeof(int32_t))
    cdef Py_ssize_t taken = arena.count
    cdef uint8_t* there = <uint8_t*>arena.zeros(found.size)
    weigh(segment, program, at, place, found[0], there, NULL, NULL, arena)
    for i in range(found.size):
        if there[i] != others:
            numbers[size] = found.numbers[i]
            size += 1
    found.numbers, found.size = numbers, size
    arena.release(taken)
    return 0


cdef int only_living(Segment segment, Arena arena, Set* found) except -1 nogil:
    cdef Py_ssize_t i, size = 0
    if not segment.has_deleted:
        return 0
    cdef int32_t* numbers = <int32_t*>arena.take(found.size * sizeof(int32_t))
    for i in range(found.size):
        if segment.alive[found.numbers[i]]:
            numbers[size] = found.numbers[i]
            size += 1
    found.numbers, found.size = numbers, size
    return 0
