"""From what a person typed to ranked, faceted results. Plain Python: no Flask, no write side.

cursor                  all entries of a search, in batches
counting                what a search finds by date, and by the values of a facet group
examples · overview     what stands in an index, to show what can be asked; what is new in it
service                 a search from request to results
answering               which query is searched, as typed or corrected; what the engine is asked
hits · answer_notes     hits as they are shown; what is to be said of an answer
suggest                 what a search box suggests while somebody types
completed_text          what a typed text finds when its end is completed
index_reader            keeps the newest generation open and leases its searcher to requests
lease                   a searcher while somebody uses it
engines/                who evaluates
timeline                hits by date as they are shown; the usual spans of time
weighing                with which weights of the signals a query is searched for
similar                 what is like an item or a text: its significant terms, as a query
spelling/               what a query that finds too little may have meant
highlighting/           where the query's words stand in a text
query/                  text to tree, tree to logical query
protocols               the seam between the service and an engine
results · request       what is answered; what is asked
filters                 what the filters of a request mean in one generation
vocabulary · nearest    the values there are; which of them a text means, or nearly
completions             what the beginning of a text can be completed to
ranking                 the constants and formulas of scoring
signals                 what else than words counts, and how much
explanation             how a score comes about: a tree of values
period                  dates as people write them, to seconds
memory                  what was found before, as much of it as there is room for
intervals               days, weeks, months and longer, numbered
"""
