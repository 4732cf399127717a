"""Reindexes after every change of the seeds folder, until a signal comes.

loop       a run after every burst of changes, and what to do if one fails
changes    waits for changes, which the system reports
"""
