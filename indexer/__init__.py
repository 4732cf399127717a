"""The write side of Newsdex, and the contract of the index that both sides share.

    cli · voice · narration               newsdex reindex, check, status, verify, rollback
    watch                                 a run after every change
    reindex · report · comparing          the story of a run          engines   who holds the index
    reading                               files read in whatever process there is
    plan · removals · sieve · walk        what changed, is gone, is as it was, is there
    store                                 the seam between a run and an engine
    home · garbage · pointer · lock       the generations, and which of them answers
    sources                               the record of files in each
    seeds · process_pool                  a file of the seeds folder, and who works
    validate                              nodes to items, faults to problems
    frontmatter                           YAML to nodes with lines
    fields · document · analysis · letters   what is indexed, and as which terms
    item · urls                           the news item, and the identity of an address
    settings · errors · signals           what was asked for, what can go wrong, and when to stop

Each layer imports only what stands below it.
"""

VERSION = "0.1.0"
