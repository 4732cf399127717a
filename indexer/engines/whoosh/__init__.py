"""The Whoosh engine's write side.

store                    generations: batches of changes, committed or discarded
toc · merge_policy       which segments there are, and which become one
whoosh_schema · codec    what stock Whoosh opens and searches them with
writing · merge          segments to one
gather · postings · weights      documents to columns
document_ids · columns · lexicon · deflated      how each is laid out in its file
"""
