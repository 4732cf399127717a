"""One run: compare the seeds folder with the index, read what differs, commit a new generation.

run                     the story, step by step
before                  what the index holds when a run begins
diff                    what stays, what is read again, what goes
report                  what a run was asked for, and what it did
read_tasks              files read and parsed, in whatever process there is
removals                refuses to empty an index whose folder is not mounted
protocols               the seam between a run and the engine that keeps the index
"""
