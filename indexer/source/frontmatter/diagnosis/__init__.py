"""What is wrong with a YAML text that cannot be read: the line, the reason, and a fix.

diagnose               asks each kind of fault for fixes; keeps the first that reads on
quotes · structure     kinds of faults: texts and their quotes; keys, items, indents, stray text
lines                  the lines of a text as all of these see them
"""
