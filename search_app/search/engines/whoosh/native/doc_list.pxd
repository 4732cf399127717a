"""Lists of documents of one segment, in ascending order."""

from libc.stdint cimport int32_t

from .memory cimport Arena, take

cdef extern from *:
    void prefetch "__builtin_prefetch"(const void* address) nogil

cdef enum:
    AHEAD = 12  # how many documents ahead memory is prefetched
    FEWER = 4  # if one list is this many times shorter, its documents are looked up in the other
    FAR = 256  # and if it is this many times shorter, by doubling steps
    LINE = 16  # documents in a cache line


cdef struct DocList:
    const int32_t* numbers
    Py_ssize_t size


cdef struct Pairs:  # documents that `found` and `others` share: their indices in both
    int32_t* at
    int32_t* others
    Py_ssize_t size


cdef inline Py_ssize_t first_from(
    const int32_t* numbers, Py_ssize_t low, Py_ssize_t size, int32_t wanted, bint far
) noexcept nogil:
    """The index, from `low` on, of the first number not less than `wanted`: a cache line at a time,
    or if it is `far`, by galloping (steps that double, then halves)."""
    cdef Py_ssize_t step = LINE, high, middle, i
    if not far:
        while low + LINE <= size and numbers[low + LINE - 1] < wanted:
            low += LINE
        if low + LINE <= size:
            middle = 0
            for i in range(LINE):
                middle += numbers[low + i] < wanted
            return low + middle
        while low < size and numbers[low] < wanted:
            low += 1
        return low
    high = low
    while high < size and numbers[high] < wanted:
        low = high + 1
        high += step
        step *= 2
    high = min(high, size)
    while low < high:
        middle = (low + high) // 2
        if numbers[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


cdef inline int lookup(DocList found, DocList others, Arena* arena, Pairs* pairs) except -1 nogil:
    """Find the documents that both lists have."""
    cdef Py_ssize_t i = 0, j = 0, size = 0, most = min(others.size, found.size)
    cdef int32_t one, other
    cdef int32_t* at = <int32_t*>take(arena, most * sizeof(int32_t))
    cdef int32_t* places = <int32_t*>take(arena, most * sizeof(int32_t))
    cdef bint far = max(others.size, found.size) > FAR * most
    pairs.at, pairs.others, pairs.size = at, places, 0
    if not most:
        return 0
    if found.size > others.size:  # the shorter one is gone through
        found, others, at, places = others, found, places, at
    j = first_from(others.numbers, 0, others.size, found.numbers[0], True)
    if found.numbers == others.numbers and found.size == others.size:
        for i in range(most):
            at[i], places[i] = i, i
        size = most
    elif others.size > FEWER * most:
        for i in range(most):
            j = first_from(others.numbers, j, others.size, found.numbers[i], far)
            if j == others.size:
                break
            if others.numbers[j] == found.numbers[i]:
                at[size], places[size] = i, j
                size += 1
    else:
        while i < most and j < others.size and size < most:
            one, other = found.numbers[i], others.numbers[j]
            at[size], places[size] = i, j
            size += one == other  # without a branch, which nobody could predict
            i += one <= other
            j += one >= other
    pairs.size = size
    return 0


cdef inline int subtract(DocList taken, Arena* arena, DocList* found) except -1 nogil:
    """Remove the documents in `taken` from those found."""
    cdef int32_t* numbers = <int32_t*>take(arena, found.size * sizeof(int32_t))
    cdef Py_ssize_t i = 0, j = 0, size = 0
    cdef int32_t one, other
    while i < found.size and j < taken.size:
        one, other = found.numbers[i], taken.numbers[j]
        numbers[size] = one
        size += one < other  # without a branch, which nobody could predict
        i += one <= other
        j += one >= other
    while i < found.size:
        numbers[size] = found.numbers[i]
        size += 1
        i += 1
    found.numbers, found.size = numbers, size
    return 0
