"""The evaluator in compiled code. It is there where a C compiler was when Newsdex was installed;
elsewhere `vectorized` gives the same answers.

    evaluator        `NativeEvaluator`: a query in, what was found out
    query_compiler   expressions made into programs
    bounds           what a posting weighs at least, from one byte
    collect          the kernel, in Cython: tiers of hits, their order, their facets
    match · score    which documents a node matches; what they score by it, at least or exactly
    phrase · leaf    the leaves of a query
    program          a query as nodes
    segment · facets the columns, every place checked
    top_k · doc_list · memory    what is small enough to stand in a header

Each unit of the kernel says in its `.pxd` what the ones above may use; none uses one above it.
"""
