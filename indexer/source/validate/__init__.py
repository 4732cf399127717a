"""A tree of nodes to an item, its faults to problems.

item_parser               a whole file: an item or none, and every problem
articles · drafts         what an item and its related articles have in common; what stays out
values                    the text, number, date or address of one key
keys · dates/ · text      which keys stand in for which; how dates and texts are read
"""
