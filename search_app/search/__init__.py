"""From what a person typed to ranked, faceted results. Plain Python: no Flask, no write side.

service                    parse → interpret → engine → mark
library                    the open generation, lent to requests
engines/                   who evaluates; chosen in `cli` and `app` only
interpret · highlight      words to terms; terms back to places in a text
phrase_spans · prefilter · marking_cost      what highlight stands on
parser                     text to tree, with positions; never fails
engine · expression · ranking · results · request · query      the vocabulary
"""
