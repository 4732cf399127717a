"""The documents are held to the code: each table of theirs is compared with what it is about, value
by value, in both directions.

    markdown       a document: its sections, tables, links
    test_links     the front door, and that every link and path leads somewhere
    test_commands  commands, options, settings, exit codes, and what the commands answer
    test_search    query language, notes, scoring
    test_api       the API, and what requests, answers and clients are bounded by
    test_format    the arrays of a segment
    test_project   make targets, variables of the tests, dependencies, decisions, changelog
"""
