"""What is wrong with a YAML text that cannot be read: the line, the reason, and a fix.

diagnose                                  asks each kind of fault; keeps the fix that reads on
keys · indentation · unquoted             kinds of faults: keys, indents, text without quotes
quotes                                    ... and text within quotes
lines                                     the lines of a text as all of these see them
"""
