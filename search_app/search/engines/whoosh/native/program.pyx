# A query as nodes

cdef enum Kind:
    TERM
    ROW
    BEGINNING
    LISTED
    SPAN
    ALL
    ANY
    WITHOUT
    EVERYTHING
    NOTHING

cdef struct Node:
    Kind kind
    Py_ssize_t first  # of its members, or where its slots begin, one a segment
    Py_ssize_t count
    double factor  # of a term's saturated weight, and the boost
    double boost
    double exact_factor  # the same of its exact form
    double exact_boost
    int64_t low
    int64_t high
    int column

cdef struct Slot:
    Py_ssize_t begin  # postings of the stem, or of what begins so
    Py_ssize_t end
    Py_ssize_t exact_begin  # and of the exact form
    Py_ssize_t exact_end
    Py_ssize_t row  # of the exact form's first posting among those of exact forms
    Py_ssize_t more_begin  # postings after those of the stems, of what begins so
    Py_ssize_t more_end
    const int32_t* numbers
    const double* values
    Py_ssize_t size


cdef class Program:
    """A query as nodes. Each is made after its members, and is known by its place."""

    cdef Index index
    cdef Arena arena
    cdef Node* nodes
    cdef Slot* slots
    cdef Py_ssize_t* members
    cdef Py_ssize_t node_count, slot_count, member_count
    cdef Py_ssize_t node_room, slot_room, member_room
    cdef list kept  # arrays that slots point into

    def __cinit__(self, Index index):
        self.index, self.arena, self.kept = index, Arena(), []

    def __dealloc__(self):
        free(self.nodes)
        free(self.slots)
        free(self.members)

    cdef Py_ssize_t _node(self, Kind kind) except -1:
        if self.node_count == self.node_room:
            self.nodes = <Node*>grown(self.nodes, (2 * self.node_room + 8) * sizeof(Node))
            self.node_room = 2 * self.node_room + 8
        memset(&self.nodes[self.node_count], 0, sizeof(Node))
        self.nodes[self.node_count].kind = kind
        self.node_count += 1
        return self.node_count - 1

    cdef Py_ssize_t _leaf(self, Kind kind) except -1:
        """A node with a slot for each segment."""
        cdef Py_ssize_t count = len(self.index.segments)
        while self.slot_count + count > self.slot_room:
            self.slots = <Slot*>grown(self.slots, (2 * self.slot_room + 8) * sizeof(Slot))
            self.slot_room = 2 * self.slot_room + 8
        memset(&self.slots[self.slot_count], 0, count * sizeof(Slot))
        cdef Py_ssize_t node = self._node(kind)
        self.nodes[node].first = self.slot_count
        self.slot_count += count
        return node

    cdef Py_ssize_t _parent(self, Kind kind, members) except -1:
        cdef Py_ssize_t node, room, count = len(members)
        if not count:
            raise ValueError("members are wanted")
        while self.member_count + count > self.member_room:
            room = 2 * self.member_room + 8
            self.members = <Py_ssize_t*>grown(self.members, room * sizeof(Py_ssize_t))
            self.member_room = room
        for at, member in enumerate(members):
            self.members[self.member_count + <Py_ssize_t>at] = self._checked(member)
        node = self._node(kind)
        self.nodes[node].first, self.nodes[node].count = self.member_count, count
        self.member_count += count
        return node

    cdef Py_ssize_t _checked(self, Py_ssize_t node) except -1:
        if not 0 <= node < self.node_count:
            raise ValueError(f"there is no node {node}")
        return node

    def term(self, bytes exact, bytes stem, double boost, double exact_boost):
        """A word in all text: by its stem, and by its exact form once more; where `stem` is empty,
        by its exact form at `boost`."""
        cdef Py_ssize_t node = self._leaf(TERM)
        cdef Slot* slots = &self.slots[self.nodes[node].first]
        cdef Py_ssize_t place = 0
        cdef int64_t containing = 0, containing_exact = 0
        cdef Segment segment
        for segment in self.index.segments:
            if stem:
                containing += segment.look_up(stem, &slots[place].begin, &slots[place].end, NULL)
                containing_exact += segment.look_up(
                    exact, &slots[place].exact_begin, &slots[place].exact_end, NULL
                )
            else:
                containing += segment.look_up(
                    exact, &slots[place].begin, &slots[place].end, &slots[place].row
                )
            place += 1
        self.nodes[node].factor, self.nodes[node].boost = self.index.factor(containing), boost
        self.nodes[node].exact_factor = self.index.factor(containing_exact)
        self.nodes[node].exact_boost = exact_boost
        return node

    def row(self, list terms):
        """Nodes of exact forms, by `term`, at successive positions."""
        cdef Py_ssize_t node
        for node in terms:
            if self.nodes[self._checked(node)].kind != TERM:
                raise ValueError("only terms stand in a row")
        return self._parent(ROW, terms)

    def beginning(self, bytes prefix):
        """All exact forms in all text that begin so, as one term."""
        cdef Py_ssize_t node = self._leaf(BEGINNING)
        cdef Slot* slots = &self.slots[self.nodes[node].first]
        cdef Py_ssize_t place = 0
        cdef int64_t containing = 0
        cdef Segment segment
        for segment in self.index.segments:
            containing += segment.gather(prefix, &slots[place], self.arena)
            place += 1
        self.nodes[node].factor = self.index.factor(containing)
        return node

    def listed(self, list found):
        """For each segment its documents, ascending, and their scores or `None` for none."""
        if len(found) != len(self.index.segments):
            raise ValueError("a list for each segment is wanted")
        cdef Py_ssize_t node = self._leaf(LISTED)
        cdef Slot* slots = &self.slots[self.nodes[node].first]
        cdef Py_ssize_t place = 0
        cdef const int32_t[::1] numbers
        cdef const double[::1] values
        for numbers, scores in found:
            slots[place].size = len(numbers)
            if len(numbers):
                slots[place].numbers = &numbers[0]
                if scores is not None:
                    values = scores
                    if len(values) != len(numbers):
                        raise ValueError("a score for each document is wanted")
                    slots[place].values = &values[0]
            self.kept.append((numbers, scores))
            place += 1
        return node

    def span(self, int column, int64_t low, int64_t high):
        """What a number column says lies within `[low, high)`."""
        if not 0 <= column < self.index.columns:
            raise ValueError(f"there is no column {column}")
        cdef Py_ssize_t node = self._node(SPAN)
        self.nodes[node].column = column
        self.nodes[node].low, self.nodes[node].high = low, high
        return node

    def all(self, list members):
        """What all members match; members by `without` take away."""
        return self._parent(ALL, members)

    def any(self, list members):
        """What some member matches."""
        return self._parent(ANY, members)

    def without(self, Py_ssize_t member):
        """In `all`: takes away what the member matches."""
        return self._parent(WITHOUT, (member,))

    def everything(self):
        """Every document."""
        return self._node(EVERYTHING)

    def nothing(self):
        """No document."""
        return self._node(NOTHING)

    cdef bint is_scored(self, Py_ssize_t at) noexcept:
        """Whether anything in a node can add to a score."""
        cdef Node node = self.nodes[at]
        cdef Py_ssize_t i
        if node.kind == TERM or node.kind == ROW or node.kind == BEGINNING:
            return True
        if node.kind == LISTED:
            for i in range(node.first, node.first + len(self.index.segments)):
                if self.slots[i].values != NULL:
                    return True
        if node.kind == ALL or node.kind == ANY:
            for i in range(node.first, node.first + node.count):
                if self.is_scored(self.members[i]):
                    return True
        return False
