cdef class Group:
    """A facet group in one segment: where each document's values begin, the values, and the place
    of each value in the numbering that all segments have in common (`None`: its own)."""

    cdef const uint32_t[::1] starts
    cdef const int32_t[::1] values
    cdef const int32_t[::1] places
    cdef bint is_own

    def __cinit__(self, const uint32_t[::1] starts, const int32_t[::1] values, places):
        self.starts, self.values, self.is_own = starts, values, places is None
        if not self.is_own:
            self.places = places

    cdef int count(self, Set found, int64_t* counts, Py_ssize_t size) except -1 nogil:
        """Add how often each value, of so many, occurs in these documents."""
        cdef Py_ssize_t i, at
        cdef int32_t document, value
        for i in range(found.size):
            if i + 2 * AHEAD < found.size:
                prefetch(&self.starts[found.numbers[i + 2 * AHEAD]])
                at = self.starts[found.numbers[i + AHEAD]]
                if at < self.values.shape[0]:
                    prefetch(&self.values[at])
            document = found.numbers[i]
            for at in range(self.starts[document], self.starts[document + 1]):
                value = self.values[at] if self.is_own else self.places[self.values[at]]
                if not 0 <= value < size:
                    with gil:
                        raise IndexError("a facet value has no name")
                counts[value] += 1
        return 0

    cdef bint has(self, int32_t document, const uint8_t[::1] wanted) except -1 nogil:
        """Whether a document has a value that is marked."""
        cdef Py_ssize_t at
        for at in range(self.starts[document], self.starts[document + 1]):
            if wanted[self.values[at] if self.is_own else self.places[self.values[at]]]:
                return True
        return False


cdef tuple shown(list names, const int64_t* counts, Py_ssize_t size, list selected, Arena arena):
    """The `size` most frequent values, those of equal counts in order, then what is selected."""
    cdef Heap heap
    cdef Ranked member
    cdef Py_ssize_t i, place, values = len(names)
    heap.size, heap.room = 0, min(size, values)
    heap.members = <Ranked*>arena.take(heap.room * sizeof(Ranked))
    member.score = member.place = member.number = 0
    with nogil:
        for i in range(values):
            if counts[i]:
                member.before, member.then = -counts[i], i
                offer(&heap, &member)
        sort(&heap)
    found = [(names[heap.members[i].then], -heap.members[i].before) for i in range(heap.size)]
    if selected:
        known = {name for name, _ in found}
        for name, place in selected:
            if name not in known:
                found.append((name, counts[place] if place >= 0 else 0))
    return tuple(found)


cdef object mask_of(Py_ssize_t size, places):
    """Which places are marked."""
    cdef bytearray mask = bytearray(size)
    for _, place in places:
        if place >= 0:
            mask[place] = 1
    return mask
