"""Where the words of a query stand in a text.

highlighter             the spans of an answer's texts that match
terms                   what a query has to find in texts of one field and language
scanners                searches texts for keys, writes them with marks: which ways there are
native/                 the same in compiled code
plain                   the same in plain Python
prefilter               which words of a text are worth analysing: those with a key
phrase_spans            phrases found by their positions
marking_cost            how much work the highlighter may do for one answer
"""
