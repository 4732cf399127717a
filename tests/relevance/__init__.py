"""How well the ranking puts first what people wanted: judged collections, peers beside us.

__main__      the command                       report        tables, and the file of all values
baseline      what the suite holds us to        significance  is a difference more than luck?
evaluation    systems over collections          measuring     nDCG@10, RR@10, R@100
ours          our files, index and service      peers         tantivy, SQLite FTS5, bm25s
catalog       the collections by name           stories       the one made of news stories
collection    items, queries, judgments         typos         a command: are slips forgiven?
story_grouping                                  which items are told as one story
languages     do the forms of a word find each other, in twelve languages
"""
