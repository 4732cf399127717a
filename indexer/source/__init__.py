"""Seed files: which there are, which have changed, and the item in each, or why there is none.

scan                    walks the folder
change_detection        tells an unchanged file without parsing it, or even reading it
seed_file               names, ids and bytes of one file
synonyms_file           the synonyms, which lie beside the seed files
validate/               a tree of nodes to an item
frontmatter/            bytes to a tree of nodes that know their lines
regular_file            the bytes of a file, whatever lies at its path
"""
