"""A query: the text a person typed, its tree, and the logical query an engine evaluates.

rewrite                 tree to logical query: analysed terms, relaxation
logical                 the logical query: what an engine evaluates
parser                  text to a tree, with positions; never fails
lexer                   text to tokens
range_values            `2020..2021`, `>70` to bounds
tree                    the nodes of a parsed query
"""
