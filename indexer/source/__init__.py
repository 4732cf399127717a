"""Seed files: which there are, which have changed, and the item in each, or why there is none.

scan                    walks the folder
change_detection        tells an unchanged file without parsing it, or even reading it
seed_file               names, ids and bytes of one file
validate/               a tree of nodes to an item
frontmatter/            bytes to a tree of nodes that know their lines
"""
