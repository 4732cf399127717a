# What ranks best

cdef struct Ranked:
    int64_t before
    double score
    int64_t then
    int32_t place
    int32_t number

cdef struct Heap:  # the best so far, the worst of them on top
    Ranked* members
    Py_ssize_t size
    Py_ssize_t room


cdef bint ranks_before(const Ranked* one, const Ranked* other) noexcept nogil:
    """Whether one ranks before another."""
    if one.before != other.before:
        return one.before < other.before
    if one.score != other.score:
        return one.score > other.score
    return one.then < other.then


cdef void sink(Heap* heap, Py_ssize_t at) noexcept nogil:
    """Put what stands too high in a heap where it belongs."""
    cdef Ranked member = heap.members[at]
    cdef Py_ssize_t child = 2 * at + 1
    while child < heap.size:
        if child + 1 < heap.size and ranks_before(&heap.members[child], &heap.members[child + 1]):
            child += 1
        if not ranks_before(&member, &heap.members[child]):
            break
        heap.members[at] = heap.members[child]
        at, child = child, 2 * child + 1
    heap.members[at] = member


cdef void offer(Heap* heap, const Ranked* member) noexcept nogil:
    """Keep a member if it is among the best that there is room for."""
    cdef Py_ssize_t at, above
    if heap.size < heap.room:
        at = heap.size
        heap.size += 1
        while at:
            above = (at - 1) // 2
            if not ranks_before(&heap.members[above], member):
                break
            heap.members[at] = heap.members[above]
            at = above
        heap.members[at] = member[0]
    elif heap.room and ranks_before(member, &heap.members[0]):
        heap.members[0] = member[0]
        sink(heap, 0)


cdef void sort(Heap* heap) noexcept nogil:
    """The best first; it is a heap no longer."""
    cdef Py_ssize_t size = heap.size
    cdef Ranked last
    while heap.size > 1:
        heap.size -= 1
        last = heap.members[heap.size]
        heap.members[heap.size] = heap.members[0]
        heap.members[0] = last
        sink(heap, 0)
    heap.size = size
