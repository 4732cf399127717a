"""The write side of Newsdex, and the contract of the index that both sides share.

    cli                                   newsdex reindex, check, status, verify, rollback
    reindex                engines        the story of a run; who holds the index
    store · plan · seeds · home           the seam, the pure diff, the files, the generations
    validate                              nodes to items, faults to problems
    frontmatter                           YAML to nodes with lines
    fields · document · analysis · letters   what is indexed, and as which terms
    item                                  the news item
    settings · errors

Each layer imports only what stands below it.
"""

VERSION = "0.1.0"
