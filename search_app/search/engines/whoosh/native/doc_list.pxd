"""Lists of documents of one segment, in ascending order."""

from libc.stdint cimport int32_t

from .memory cimport Arena, take

cdef extern from *:
    void prefetch "__builtin_prefetch"(const void* address) nogil

cdef enum:
    AHEAD = 12  # so many documents ahead, memory is asked for what will be read of one
    FEWER = 4  # where one list is this many times shorter, its documents are looked up in the other
    FAR = 256  # and where it is this many times shorter, by doubling steps
    LINE = 16  # documents in a line of the cache


cdef struct DocList:
    const int32_t* numbers
    Py_ssize_t size


cdef struct Pairs:  # documents that two lists share: the place of each in the one and in the other
    int32_t* at
    Py_ssize_t* listed
    Py_ssize_t size


cdef inline Py_ssize_t first_from(
    const int32_t* numbers, Py_ssize_t low, Py_ssize_t size, int32_t wanted, bint far
) noexcept nogil:
    """The first place, from `low` on, of a number not less than this one: a line of the cache at a
    time; if it is `far`, by steps that double, then by halves."""
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


cdef inline int lookup(DocList found, DocList listed, Arena* arena, Pairs* pairs) except -1 nogil:
    """Which of the documents found are listed, and where."""
    cdef const int32_t* numbers = found.numbers
    cdef const int32_t* others = listed.numbers
    cdef Py_ssize_t i = 0, j = 0, size = 0, most = min(listed.size, found.size)
    cdef int32_t one, other
    cdef int32_t* at = <int32_t*>take(arena, most * sizeof(int32_t))
    cdef Py_ssize_t* places = <Py_ssize_t*>take(arena, most * sizeof(Py_ssize_t))
    pairs.at, pairs.listed, pairs.size = at, places, 0
    if not most:
        return 0
    if numbers == others and listed.size == found.size:
        for i in range(most):
            at[i], places[i] = i, i
        pairs.size = most
        return 0
    j = first_from(others, 0, listed.size, numbers[0], True)
    if listed.size > FEWER * found.size:
        for i in range(found.size):
            j = first_from(others, j, listed.size, numbers[i], listed.size > FAR * found.size)
            if j == listed.size:
                break
            if others[j] == numbers[i]:
                at[size], places[size] = i, j
                size += 1
    elif found.size > FEWER * listed.size:
        for j in range(j, listed.size):
            i = first_from(numbers, i, found.size, others[j], found.size > FAR * listed.size)
            if i == found.size:
                break
            if others[j] == numbers[i]:
                at[size], places[size] = i, j
                size += 1
    else:
        while i < found.size and j < listed.size and size < most:
            one, other = numbers[i], others[j]
            at[size], places[size] = i, j
            size += one == other  # without a branch, which nobody could predict
            i += one <= other
            j += one >= other
    pairs.size = size
    return 0


cdef inline int subtract(DocList taken, Arena* arena, DocList* found) except -1 nogil:
    """Leave those that are not among the taken ones."""
    cdef int32_t* numbers = <int32_t*>take(arena, found.size * sizeof(int32_t))
    cdef Py_ssize_t i, j = 0, size = 0
    for i in range(found.size):
        while j < taken.size and taken.numbers[j] < found.numbers[i]:
            j += 1
        if j == taken.size or taken.numbers[j] != found.numbers[i]:
            numbers[size] = found.numbers[i]
            size += 1
    found.numbers, found.size = numbers, size
    return 0
