"""A query: the text a person typed, its tree, and the logical query an engine evaluates.

lost_addresses          an address that no item has, beside words
rewrite                 tree to logical query: which words may be missing
synonyms                what else a word finds
leaf                    what a typed text means in its field: analysed terms, whole values
logical                 the logical query: what an engine evaluates
parser                  text to a tree, with positions; never fails
recency_words           whether a query asks for what is new
date_words              hints at `date:` where words look like a date
unknown_signs           `wom?n`, `+storm`: what others know, and we search as words
date_order              bounds on the date typed backwards
field_notes             notes on what stands before a colon, or after it
lexer                   text to tokens
capitals                a headline in capitals has no operators, and no acronyms
initials                initials typed apart are one word
addresses               where a web address begins and ends
signs                   the plain form of each sign
notes                   how a note quotes the query, and how many there are
tokens                  the tokens
range_values            `2020..2021`, `>70` to bounds
tree                    the nodes of a parsed query
"""
