"""The best of many, in a heap."""

from libc.stdint cimport int32_t, int64_t


cdef struct Ranked:  # the least `key` first, then the highest score, then the least `tie`
    int64_t key
    double score
    int64_t tie
    int32_t place
    int32_t number


cdef struct TopK:  # the best so far, the worst of them on top
    Ranked* members
    Py_ssize_t size
    Py_ssize_t room


cdef inline bint ranks_before(const Ranked* one, const Ranked* other) noexcept nogil:
    if one.key != other.key:
        return one.key < other.key
    if one.score != other.score:
        return one.score > other.score
    return one.tie < other.tie


cdef inline void sift_down(TopK* best, Py_ssize_t at) noexcept nogil:
    """Move the member at a place below all that rank after it."""
    cdef Ranked member = best.members[at]
    cdef Py_ssize_t child = 2 * at + 1
    while child < best.size:
        if child + 1 < best.size and ranks_before(&best.members[child], &best.members[child + 1]):
            child += 1
        if not ranks_before(&member, &best.members[child]):
            break
        best.members[at] = best.members[child]
        at, child = child, 2 * child + 1
    best.members[at] = member


cdef inline void offer(TopK* best, const Ranked* member) noexcept nogil:
    """Keep a member if it is among the best that there is room for."""
    cdef Py_ssize_t at, above
    if best.size < best.room:
        at = best.size
        best.size += 1
        while at:
            above = (at - 1) // 2
            if not ranks_before(&best.members[above], member):
                break
            best.members[at] = best.members[above]
            at = above
        best.members[at] = member[0]
    elif best.room and ranks_before(member, &best.members[0]):
        best.members[0] = member[0]
        sift_down(best, 0)


cdef inline void sort(TopK* best) noexcept nogil:
    """The best first; it is a heap no longer."""
    cdef Py_ssize_t size = best.size
    cdef Ranked last
    while best.size > 1:
        best.size -= 1
        last = best.members[best.size]
        best.members[best.size] = best.members[0]
        best.members[0] = last
        sift_down(best, 0)
    best.size = size
