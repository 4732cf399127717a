"""The evaluator in plain NumPy, short enough to read in a sitting.

evaluator   `VectorizedEvaluator`: a query in, what was found out; the order of hits
facets      filters, and what is counted
matcher     expressions to documents and scores
"""
