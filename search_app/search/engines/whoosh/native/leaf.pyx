"""Evaluates one leaf of a query: which documents match, and what they score by it.

There are two ways to score. If `SegmentQuery.is_exact`, each document gets its score, to the last
bit. If not, it gets the leaf's lower bound on that: in `text` from the bucket of its posting, in
another field the score itself but for rounding. The upper bound is the lower one times the
segment's `error_ratio`. By these two numbers alone `collect` decides which hits need not be scored.
"""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t

from .doc_list cimport AHEAD, DocList, Pairs, first_from, lookup, prefetch
from .memory cimport take, zeros
from .program cimport DOC_LIST, PHRASE, PREFIX, Node, SegmentQuery, Slot
from .segment cimport (
    BUCKETS, Occurrences, Postings, Segment, checked, damaged, is_whole, occurrences_of, posting_at,
    profile_place, weight_of
)

cdef enum:
    ZONE_SHIFT = 28  # see `indexer.segment.postings`


cdef inline double saturated(double factor, double weight, double k1) noexcept nogil:
    return factor * weight / (weight + k1)


cdef int weigh_leaf(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil:
    """Mark in `there` (`NULL`: nowhere) which documents match, and add to `scores` (`NULL`: to none)
    what each gains: the scores of stem and exact form are added up first, as in
    `vectorized.matcher`."""
    cdef double* gained = scores
    cdef const Postings* exact
    cdef Py_ssize_t i
    cdef Pairs pairs
    if node.kind == PHRASE:
        return weigh_phrase(query, node, found, there, scores)
    lookup(found, postings_of(query, node).documents, query.arena, &pairs)
    if there != NULL:
        for i in range(pairs.size):
            there[pairs.at[i]] = 1
    if scores == NULL or not pairs.size:
        return 0
    if node.kind == DOC_LIST:
        for i in range(pairs.size):
            scores[pairs.at[i]] += node.boost
        return 0
    if node.kind == PREFIX:
        return weigh_prefix(query, node, found, &pairs, scores)
    if query.is_exact and node.count:
        gained = <double*>zeros(query.arena, found.size * sizeof(double))
    add_scores(query, node, found, &pairs, gained)
    if node.count:
        exact = postings_of(query, node.members[0])
        if exact.documents.size != postings_of(query, node).documents.size:
            # else they are those of the stem, as all that have the exact form have it
            lookup(found, exact.documents, query.arena, &pairs)
        add_scores(query, node.members[0], found, &pairs, gained)
    if gained != scores:
        for i in range(found.size):
            scores[i] += gained[i]
    return 0


cdef inline const Postings* postings_of(SegmentQuery query, const Node* node) noexcept nogil:
    return &node.slots[query.place].postings


cdef int add_scores(
    SegmentQuery query, const Node* term, DocList found, const Pairs* pairs, double* scores
) except -1 nogil:
    """Add what the postings of a term score to the documents they are paired with."""
    cdef double table[BUCKETS]
    cdef const Postings* postings = postings_of(query, term)
    cdef const uint8_t* buckets
    cdef Py_ssize_t i, posting
    if not pairs.size:
        return 0
    if not query.is_exact and is_whole(query.segment, term.which):
        fill_table(query.segment, term, table)
        if postings.indices != NULL:
            for i in range(pairs.size):
                posting = postings.indices[pairs.others[i]]
                scores[pairs.at[i]] += table[query.segment.buckets[posting]]
            return 0
        buckets = &query.segment.buckets[postings.first]  # as many as postings: see `find_term`
        if pairs.size == found.size == postings.documents.size:  # each is paired with its own
            for i in range(found.size):
                scores[i] += table[buckets[i]]
            return 0
        for i in range(pairs.size):
            if i + AHEAD < pairs.size:
                prefetch(&buckets[pairs.others[i + AHEAD]])
            scores[pairs.at[i]] += table[buckets[pairs.others[i]]]
        return 0
    for i in range(pairs.size):
        if postings.indices != NULL:
            posting = postings.indices[pairs.others[i]]
        else:
            posting = postings.first + pairs.others[i]
            if i + AHEAD < pairs.size:
                prefetch(profile_place(query.segment, postings.first + pairs.others[i + AHEAD]))
        scores[pairs.at[i]] += term.boost * saturated(
            term.factor,
            weight_of(query.segment, term.which, posting, found.numbers[pairs.at[i]]),
            query.segment.k1,
        )
    return 0


cdef int fill_table(Segment segment, const Node* term, double* table) except -1 nogil:
    """The lower bound on the score of a posting in each bucket."""
    cdef Py_ssize_t i
    for i in range(BUCKETS):
        table[i] = term.boost * saturated(term.factor, segment.bucket_min[i], segment.k1)
    return 0


cdef int add_bounds(SegmentQuery query, const Node* term, double* scores) except -1 nogil:
    """Add the lower bound on the score of each posting of a term in `text` to its document's, by
    number."""
    cdef double table[BUCKETS]
    cdef const Postings* postings = postings_of(query, term)
    cdef const int32_t* numbers = postings.documents.numbers
    cdef const uint8_t* buckets
    cdef Py_ssize_t i
    if postings.documents.size:
        fill_table(query.segment, term, table)
        if postings.indices != NULL:
            for i in range(postings.documents.size):
                scores[checked(query.segment, numbers[i])] += table[
                    query.segment.buckets[postings.indices[i]]
                ]
        else:
            buckets = &query.segment.buckets[postings.first]
            for i in range(postings.documents.size):
                scores[checked(query.segment, numbers[i])] += table[buckets[i]]
    if term.count:
        add_bounds(query, term.members[0], scores)
    return 0


cdef int weigh_prefix(
    SegmentQuery query, const Node* node, DocList found, const Pairs* pairs, double* scores
) except -1 nogil:
    """The weights of all postings of a document are summed, then saturated once."""
    cdef const Slot* slot = &node.slots[query.place]
    cdef double factor = node.factor, k1 = query.segment.k1
    cdef double* weights
    cdef Py_ssize_t i
    if not query.is_exact or not is_whole(query.segment, node.which):
        for i in range(pairs.size):
            scores[pairs.at[i]] += node.boost * saturated(
                factor, slot.weights[pairs.others[i]], k1
            )
        return 0
    weights = <double*>zeros(query.arena, found.size * sizeof(double))
    add_weights(query.segment, node.which, slot.bounds[0], slot.bounds[1], found, weights)
    add_weights(query.segment, node.which, slot.bounds[2], slot.bounds[3], found, weights)
    for i in range(pairs.size):
        scores[pairs.at[i]] += node.boost * saturated(factor, weights[pairs.at[i]], k1)
    return 0


cdef int add_weights(
    Segment segment, int field, Py_ssize_t begin, Py_ssize_t end, DocList found, double* weights
) except -1 nogil:
    """Add the weights of postings to those of their documents that are among `found`."""
    cdef Py_ssize_t i, at
    cdef int32_t least = found.numbers[0], most = found.numbers[found.size - 1], document
    for i in range(begin, end):
        document = segment.documents[i]
        if least <= document <= most:
            at = first_from(found.numbers, 0, found.size, document, True)
            if at < found.size and found.numbers[at] == document:
                weights[at] += weight_of(segment, field, i, document)
    return 0


cdef int weigh_phrase(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil:
    """Each distinct term adds its score once."""
    cdef Py_ssize_t i, j
    cdef Pairs* pairs = <Pairs*>take(query.arena, node.count * sizeof(Pairs))
    cdef Py_ssize_t size = having_all(query, node, found, pairs)
    if node.length > 1 and size:
        size = in_sequence(query, node, pairs)
    if there != NULL:
        for j in range(size):
            there[pairs[0].at[j]] = 1
    if scores == NULL or not size:
        return 0
    cdef double* gained = <double*>zeros(query.arena, found.size * sizeof(double))
    for i in range(node.count):
        add_scores(query, node.members[i], found, &pairs[i], gained)
    for j in range(size):
        scores[pairs[0].at[j]] += gained[pairs[0].at[j]]
    return 0


cdef Py_ssize_t having_all(
    SegmentQuery query, const Node* node, DocList found, Pairs* pairs
) except -1 nogil:
    """Find the documents that have all members of a node, which are terms, and pair them with the postings of each term; return
    how many."""
    cdef Py_ssize_t i, j
    cdef DocList left = found
    cdef int32_t* where = <int32_t*>take(query.arena, found.size * sizeof(int32_t))
    cdef int32_t* numbers = <int32_t*>take(query.arena, found.size * sizeof(int32_t))
    for j in range(found.size):
        where[j] = j
    for i in range(node.count):
        lookup(left, postings_of(query, node.members[i]).documents, query.arena, &pairs[i])
        for j in range(pairs[i].size):
            numbers[j], where[j] = left.numbers[pairs[i].at[j]], where[pairs[i].at[j]]
        left.numbers, left.size = numbers, pairs[i].size
    for i in range(node.count):
        if pairs[i].size > left.size:  # else they are those of all terms
            lookup(left, postings_of(query, node.members[i]).documents, query.arena, &pairs[i])
        if pairs[i].size != left.size:
            damaged("the postings of a term are not in order")
        pairs[i].at = where
    return left.size


cdef Py_ssize_t in_sequence(SegmentQuery query, const Node* node, Pairs* pairs) except -1 nogil:
    """Keep the pairs of the documents in which the terms stand at successive positions of one text
    of the field; return how many."""
    cdef Py_ssize_t i, j, left = 0, count = node.count, size = pairs[0].size
    cdef Occurrences* places = locate(query, node, pairs)
    cdef uint32_t* cursors = <uint32_t*>take(query.arena, node.length * sizeof(uint32_t))
    for j in range(size):
        for i in range(count):
            if j + AHEAD < size:
                prefetch(&query.segment.occurrences[places[(j + AHEAD) * count + i].begin])
        if is_sequence(query.segment, node, &places[j * count], cursors):
            pairs[0].at[left] = pairs[0].at[j]
            for i in range(count):
                pairs[i].others[left] = pairs[i].others[j]
            left += 1
    for i in range(count):
        pairs[i].size = left
    return left


cdef Occurrences* locate(
    SegmentQuery query, const Node* node, const Pairs* pairs
) except NULL nogil:
    """For each document that has all members of a node, where those of each member occur."""
    cdef Py_ssize_t i, j, count = node.count, size = pairs[0].size
    cdef const Postings* postings
    cdef Occurrences* places = <Occurrences*>take(
        query.arena, size * count * sizeof(Occurrences)
    )
    for i in range(count):
        postings = postings_of(query, node.members[i])
        for j in range(size):
            if j + AHEAD < size:
                prefetch(profile_place(
                    query.segment, posting_at(postings, pairs[i].others[j + AHEAD])
                ))
            occurrences_of(
                query.segment, posting_at(postings, pairs[i].others[j]), &places[j * count + i]
            )
    return places


cdef bint is_sequence(
    Segment segment, const Node* node, const Occurrences* places, uint32_t* cursors
) except -1 nogil:
    """Whether occurrences of the terms stand at successive positions. Those of each term are read
    once, as the positions looked for only grow."""
    cdef Py_ssize_t i, k, which, anchor = 0, reached = 0
    cdef uint8_t zones = segment.field_zones[node.which]
    cdef uint32_t at
    cdef int64_t wanted
    for i in range(1, node.length):
        which, k = node.order[i], node.order[anchor]
        if places[which].end - places[which].begin < places[k].end - places[k].begin:
            anchor = i
    for k in range(places[node.order[anchor]].begin, places[node.order[anchor]].end):
        if not zones >> (segment.occurrences[k] >> ZONE_SHIFT) & 1:
            continue
        for i in range(node.length):
            which = node.order[i]
            if i == reached:
                cursors[i] = places[which].begin
                reached += 1
            wanted = <int64_t>segment.occurrences[k] + i - anchor
            at = cursors[i]
            while at < places[which].end and segment.occurrences[at] < wanted:
                at += 1
            cursors[i] = at
            if at == places[which].end or segment.occurrences[at] != wanted:
                break
        else:
            return True
    return False
