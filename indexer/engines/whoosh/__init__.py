"""The Whoosh engine's write side.

store                    generations: batches of changes, committed or discarded
merge · segments         segments to one: the columns; Whoosh's own, and when
gather · schema          documents to columns; to what Whoosh indexes
columns · lexicon · formats      how each is laid out in its file
"""
