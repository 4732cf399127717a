"""The index folder: its generations, which of them answers, and whether they are whole.

directory          makes, publishes, verifies and rolls back generations
garbage            removes generations that are no longer kept
current            `CURRENT`, replaced atomically
file_records       which file gave which item, kept in each generation
manifest           lists the files of a generation with their checksums, and verifies them
lock               lets one process at a time write
"""
