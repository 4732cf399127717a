"""From a tree of nodes to an item, faults to problems.

reading                       a whole file: an item or none, and every problem
articles                      what an item and its related articles share
values                        the text, number, date or address of one key
dates · text                  how each of these is read; pure, about strings alone
"""
