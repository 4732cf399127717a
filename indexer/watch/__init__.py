"""Reindexing after every change of the seeds folder, until a signal comes.

loop       a run, then another after every burst of changes, and what to do where one fails
changes    when to look again: the system tells of changes, or else it is time
"""
