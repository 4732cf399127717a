"""Memory for the time of one call: given back all at once, or what was taken last, sooner."""

from libc.stdlib cimport free, malloc, realloc
from libc.string cimport memset


cdef struct Arena:  # all zeros when it is new; whoever holds one gives it back with `close`
    void** blocks
    Py_ssize_t count
    Py_ssize_t room


cdef inline void* take(Arena* arena, size_t size) except NULL nogil:
    cdef void* block
    if arena.count == arena.room:
        block = realloc(arena.blocks, (2 * arena.room + 64) * sizeof(void*))
        if block == NULL:
            with gil:
                raise MemoryError
        arena.blocks = <void**>block
        arena.room = 2 * arena.room + 64
    block = malloc(size + 8)
    if block == NULL:
        with gil:
            raise MemoryError
    arena.blocks[arena.count] = block
    arena.count += 1
    return block


cdef inline void* zeros(Arena* arena, size_t size) except NULL nogil:
    cdef void* block = take(arena, size)
    memset(block, 0, size)
    return block


cdef inline void release(Arena* arena, Py_ssize_t count) noexcept nogil:
    """Give back what was taken since the arena held `count` blocks."""
    while arena.count > count:
        arena.count -= 1
        free(arena.blocks[arena.count])


cdef inline void close(Arena* arena) noexcept nogil:
    release(arena, 0)
    free(arena.blocks)
