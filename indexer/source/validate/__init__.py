"""A tree of nodes to an item, its faults to problems.

item_parser               a whole file: an item or none, and every problem
articles                  what an item and its related articles have in common
values                    the text, number, date or address of one key
dates · text              how each of these is read; pure functions of strings
"""
