"""The evaluator in compiled code. It is there if a C compiler was when Newsdex was installed;
elsewhere `vectorized` gives the same answers.

    evaluator                      `NativeEvaluator`: an engine request in, its result out
    collect                        the kernel, in Cython: tiers of hits, their order, their facets
    fuzzy                          which terms are near to a typed word
    stories                        hits by their stories: the best of each, their facets
    matcher                        which documents a node matches; their scores, bounded or exact
    leaf                           the same for terms, prefixes and phrases
    proximity                      what pairs of words that stand together add to a score
    program                        compiles logical queries into nodes
    segment · facets               the columns, every index checked before it is used
    top_k · doc_list · memory      what is small enough to stand in a header

Each unit of the kernel declares in its `.pxd` what the units above it may use; none uses one above
it.
"""
