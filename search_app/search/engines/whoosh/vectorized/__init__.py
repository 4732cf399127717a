"""The evaluator in plain NumPy, short enough to read in a sitting.

evaluator      `VectorizedEvaluator`: an engine request in, its result out; the order of hits
facets         filters, and what is counted
proximity      what pairs of words that stand together add to a score
stories        what is counted as an entry: a hit, or a story
matcher        logical queries to documents and scores
"""
