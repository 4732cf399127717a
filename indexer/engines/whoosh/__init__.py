"""The Whoosh engine's write side: a generation folder is a Whoosh index.

store              generations: batches of changes, committed or discarded
toc                Whoosh's table of contents: which segments there are
codec/             how stock Whoosh reads the columns of a segment
whoosh_schema      how stock Whoosh sees the fields
"""
