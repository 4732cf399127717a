"""The Whoosh engine's write side.

store                    generations: batches of changes, committed or discarded
merge · segments         segments to one, and when
gather · postings · weights      documents to columns
files · lists · schema   columns to the files of a Whoosh segment
columns · lexicon · formats      how each is laid out in its file
"""
