"""What is wrong with a YAML text, or was lost of it: the line, the reason, and a fix.

diagnose               asks each kind of fault for fixes; keeps the first that reads on
brackets · structure   kinds of faults: lists and mappings in brackets; keys, items, stray text
quotes                 texts and their quotes, another kind of fault
losses                 no faults: texts that YAML reads otherwise than they were written
lines · escapes        the lines of a text as all of these see them; backslashes nobody means
"""
