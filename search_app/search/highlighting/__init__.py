"""Where the words of a query stand in a text.

highlighter             spans of a text that match, merged and marked
phrase_spans            phrases found by their positions
prefilter               which words of a text are worth analysing
marking_cost            how much work the highlighter may do for one answer
"""
