"""The Whoosh engine's query side: a query evaluated over the columns of its segments.

searcher             one generation: hits, facets, items
backends             which evaluator there is: compiled code, or NumPy alone
native/              the compiled evaluator
vectorized/          the plain one, in NumPy
near_terms           which terms are near to a typed word
cost_limit           what a query may cost
global_order         one numbering of facet values, one order by recency, across segments
facet_profiles       which documents have the same values in several facet groups
similarity           BM25F
segment_reader       the columns of one segment, deletions applied
explainer            how the score of a hit comes about, by expressions, signals and pairs
term_scores          the same by one term
document_terms       the terms of one document
day_columns          the day of each document; hits counted by days and longer intervals
signal_columns       what the signals multiply the score of each document by
segment_stories      which story each of its documents reports
"""
