"""The Whoosh engine's query side, evaluated in arrays over the columns of its segments.

searcher                 one generation: matches, hits, facets, items
evaluate                 expressions to matches
weighting · facets · order       scores; counts; the hits of a page
segment                  the columns of one segment, deletions applied
matches                  sorted sets of documents with scores
"""
