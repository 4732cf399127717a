# Lists of documents, ascending

cdef struct Set:
    const int32_t* numbers
    Py_ssize_t size


cdef Py_ssize_t common(
    const int32_t* listed, Py_ssize_t size, Set found, int32_t* at, Py_ssize_t* rows
) noexcept nogil:
    """Which of the documents are in a list, and where there: pairs of both."""
    cdef Py_ssize_t i, j, pairs = 0
    if not size or not found.size:
        return 0
    j = first_from(listed, 0, size, found.numbers[0], True)
    for i in range(found.size):
        j = first_from(listed, j, size, found.numbers[i], size > FAR * found.size)
        if j == size:
            break
        if listed[j] == found.numbers[i]:
            at[pairs], rows[pairs] = i, j
            pairs += 1
    return pairs


cdef Py_ssize_t first_from(
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


cdef int take_away(Set taken, Arena arena, Set* found) except -1 nogil:
    """Leave those that are not among others, both ascending."""
    cdef int32_t* numbers = <int32_t*>arena.take(found.size * sizeof(int32_t))
    cdef Py_ssize_t i, j = 0, size = 0
    for i in range(found.size):
        while j < taken.size and taken.numbers[j] < found.numbers[i]:
            j += 1
        if j == taken.size or taken.numbers[j] != found.numbers[i]:
            numbers[size] = found.numbers[i]
            size += 1
    found.numbers, found.size = numbers, size
    return 0


cdef Py_ssize_t located(
    Segment segment, Py_ssize_t begin, Py_ssize_t end, Set found, int32_t* at, Py_ssize_t* rows
) except -1 nogil:
    """Which of the documents have a posting in a range, and which one: pairs of both."""
    cdef const int32_t* numbers = found.numbers
    cdef const int32_t* posted = &segment.documents[begin]
    cdef Py_ssize_t size = end - begin, i = 0, j = 0, pairs = 0
    cdef Py_ssize_t most = min(size, found.size)
    cdef int32_t one, other
    if numbers == posted and size == found.size:
        for i in range(size):
            at[i], rows[i] = i, begin + i
        return size
    if most:
        j = first_from(posted, 0, size, numbers[0], True)
    if size > FEWER * found.size:
        for i in range(found.size):
            j = first_from(posted, j, size, numbers[i], size > FAR * found.size)
            if j == size:
                break
            if posted[j] == numbers[i]:
                at[pairs], rows[pairs] = i, begin + j
                pairs += 1
    elif found.size > FEWER * size:
        for j in range(j, size):
            i = first_from(numbers, i, found.size, posted[j], found.size > FAR * size)
            if i == found.size:
                break
            if posted[j] == numbers[i]:
                at[pairs], rows[pairs] = i, begin + j
                pairs += 1
    else:
        while i < found.size and j < size and pairs < most:
            one, other = numbers[i], posted[j]
            at[pairs], rows[pairs] = i, begin + j
            pairs += one == other  # without a branch, which nobody could predict
            i += one <= other
            j += one >= other
    return pairs
