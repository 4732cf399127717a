"""What no machine does often and every machine does once: calls that fail, processes that are
killed, disks that lose what was not synced. All of it is done to the real command.

    shim.c, shim    sees the command's system calls below a folder, and harms one of them
    command         runs the command in forks of a process that has it all imported already
    scenes          kinds of runs, each with the index before it and the answers before and after
    disk            what a disk may hold after a power loss, from the calls that were made
    judge           what must be so afterwards, whatever happened

`NEWSDEX_CAMPAIGN=1` harms every call in every way; else it is a few of them, spread evenly.
"""
