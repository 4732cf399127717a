"""What `newsdex reindex`, `check`, `status`, `verify` and `rollback` do and print.

commands        each command: its options, what it calls, its exit code
output          where text goes: stdout, stderr, a progress bar
reports         results in sentences for people and as JSON objects for programs
problem_groups  problems of one kind, which are told once if many files have them
"""
