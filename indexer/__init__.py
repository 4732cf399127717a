"""Newsdex's write side: news items from files to an index, and the contract of that index.

    console/                 the commands, and what they print
    watch/                   reindex after every change of the seeds folder
    reindex/                 the story of one run
    engines/                 who keeps the index: a store for each engine
    stories/                 which items report the same story
    suggestions/             what a search box can complete, found anew in each run
    source/                  seed files to items and problems
    segment/                 the format both sides share: the columns of one segment
    index/                   the generations on disk, and which of them answers
    document · schema        the fields an item is indexed as, and what each weighs
    facet_values             when two topics are one, and what each is called
    settings                 what was asked for
    analysis/                text to terms
    item · urls              what a news item is; when two addresses are one
    process_pool             work for several processes
    errors · signals · unexpected      what can go wrong, and what stops a run

Each line imports only what stands below it.
"""

VERSION = "0.1.0"
