"""Files that nobody would write, by the hundred thousand: each is read, or it is said why not.

    mutations       real files and odd front matter, harmed at random; each can be made again
    judge           what must be so of every file, whatever is in it
    test_fuzz       so many of them in this process, some through the command

`NEWSDEX_CAMPAIGN=1` tries 200,000 files instead of a few thousand; `NEWSDEX_TEST_SEED=N` tries
those of a seed again.
"""
