"""The evaluator in compiled code. It is there if a C compiler was when Newsdex was installed;
elsewhere `vectorized` gives the same answers.

    evaluator                      `NativeEvaluator`: an engine request in, its result out
    query_compiler                 logical queries to programs
    bounds                         what a posting weighs at least, from one byte
    collect                        the kernel, in Cython: tiers of hits, their order, their facets
    matcher                        which documents a node matches; their scores, bounded or exact
    phrase · leaf                  the same of what stands in a query
    program                        a query as nodes
    segment · facets               the columns, every place checked before it is read
    top_k · doc_list · memory      what is small enough to stand in a header

Each unit of the kernel says in its `.pxd` what the ones above it may use; none uses one above it.
"""
