"""The index folder: generations, the one that answers, and what proves that they are whole.

directory          generations made, published, verified, rolled back and collected
garbage            removes what is no longer used, never by halves
current            `CURRENT`, replaced atomically
file_records       which file gave which item, kept in each generation
manifest           sizes, checksums and counts of a generation
lock               one writer at a time
"""
