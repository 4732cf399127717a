"""What is wrong with a YAML text, or was lost of it: the line, the reason, and a fix.

diagnose               asks each kind of fault for fixes; keeps the first that reads on
quotes · structure     kinds of faults: texts and their quotes; keys, items, indents, stray text
losses                 no faults: texts that YAML reads otherwise than they were written
lines                  the lines of a text as all of these see them
"""
