"""Benchmarks: Newsdex beside tantivy, SQLite FTS5 and Datasette, on the same items and queries.

    python -m tests.bench --count 10000 --count 100000 --json bench.json

prints, as Markdown, the table of what must be reached and all that it rests on. `--items DIR`, one
for each count, names items that are there already; else they are written into the work folder by
`../shared/tools/write_items.py`. Queries and indexes stay in the work folder (`--work`, by default
`build/bench`) and are used again, unless `--fresh` or, for our index, `newsdex status` refuses it.
`--only engines` (or `http`, `opening`, `memory`, `writing`) measures a part, `--peer tantivy`
against one peer. Writing is measured `--builds` times, Whoosh's own writer once, because it takes
minutes. What cannot run here says so, and the rest goes on. The peers are the dependency group
`bench`. A million items by hand: `--count 1000000 --runs 5 --queries 50`.

    __main__    the command                 report · bars · writing_bars · bar: what comes of it
    benchmark   all of it, for one count    results · figures
    measuring   engines, in this process    traffic · clients over HTTP     opening · memory
    writing     the command that indexes    stock_writer: Whoosh's own      edits · usage
    engines     what an engine is           ours · tantivy_peer · sqlite_peer
    building    indexes, timed              corpus · draw · asks: items, and what they are asked
    processes   commands and servers
    servers · crowd   commands of their own: WSGI servers under attack, of attacks · candidates
    web               another one: pages and API over HTTP; empty_view · request_cost

Who is compared with whom is told in `ours`, `tantivy_peer`, `sqlite_peer`, `traffic` and
`stock_writer`. In short: all have the same documents, count hits exactly, count four facet groups
of at most 50 values with the same disjunctive rule, mark titles and excerpts, and read what they
stored; where they differ, the difference is to the peers' advantage or named. Times are of the
wall clock, with processor time beside them in the JSON file; nothing is pinned to a core.
"""
