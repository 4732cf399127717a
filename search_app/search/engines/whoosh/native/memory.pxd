cdef class Arena:
    """Memory for the time of one call: given back all at once, or what was taken last, sooner."""

    cdef void** blocks
    cdef Py_ssize_t count
    cdef Py_ssize_t room

    def __dealloc__(self):
        self.release(0)
        free(self.blocks)

    cdef void* take(self, size_t size) except NULL nogil:
        cdef void* block
        if self.count == self.room:
            block = realloc(self.blocks, (2 * self.room + 64) * sizeof(void*))
            if block == NULL:
                with gil:
                    raise MemoryError
            self.blocks = <void**>block
            self.room = 2 * self.room + 64
        block = malloc(size + 8)
        if block == NULL:
            with gil:
                raise MemoryError
        self.blocks[self.count] = block
        self.count += 1
        return block

    cdef void release(self, Py_ssize_t count) noexcept nogil:
        """Give back what was taken since there were so many blocks."""
        while self.count > count:
            self.count -= 1
            free(self.blocks[self.count])

    cdef void* zeros(self, size_t size) except NULL nogil:
        cdef void* block = self.take(size)
        memset(block, 0, size)
        return block


cdef void* grown(void* block, size_t size) except NULL:
    block = realloc(block, size)
    if block == NULL:
        raise MemoryError
    return block
