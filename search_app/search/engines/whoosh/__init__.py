"""The Whoosh engine's query side, evaluated in arrays over the columns of its segments.

searcher                 one generation: matches, hits, facets, items
evaluate                 expressions to matches, with estimates
scoring · effort         exact scores of a few; what a query may take
weighting · facets · order       scores; counts; the hits of a page
segment                  the columns of one segment, deletions applied
matches                  sorted sets of documents with scores
"""
