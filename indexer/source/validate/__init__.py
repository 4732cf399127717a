"""A tree of nodes to an item, its faults to problems.

item_parser               a whole file: an item or none, and every problem
articles · names · drafts  what an item and its related articles have in common; topics, authors;
                          what stays out
language · images         the language it is in; the picture of an article, the logo of an outlet
values                    the text, number, date or address of one key
dates/ · keys · warnings  how a date is read; which keys stand in for which; what is said of it all
text                      text made plain
markup                    which part of a text is HTML
"""
