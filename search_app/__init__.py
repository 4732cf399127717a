"""Newsdex's search side: a query, an engine, and three ways to ask.

    cli · cli_search                  `newsdex` and `newsdex serve`; `newsdex search`
    watch_process                     keeps the index up to date beside the server
    cli_errors · cli_formats          errors as lines and exit codes; what `--format` prints
    server                            runs the application behind Granian
    worker                            the same application as a process that answers searches
    app                               makes the Flask application
    views · api                       the pages; the JSON API
    feeds · feed_model · json_feed    searches as feeds
    discovery · sitemap · xml_text    OpenSearch, robots.txt, sitemaps; what XML can hold
    exports · export_formats          all hits of a search, streamed as CSV or JSON Lines
    absolute_links                    addresses with a host
    openapi                           describes the API
    pages/                            what each page shows
    json_views                        results as JSON
    suggest_view                      suggestions as JSON
    structured_data                   an item as schema.org describes it
    answers                           the types of the JSON answers
    terminal · wrapping               results as text, in lines of a terminal
    page_templates                    templates that write many values down
    template_filters · links          how templates show values; addresses of searches
    item_body · coverage              Markdown as safe HTML; who told a story first
    request_params                    the parameters of an address to a search
    detail · guard                    how much of a long text fits; which requests are refused
    synonyms_file                     words that people use for each other
    assets                            static files, at lasting addresses
    look                              what makes the pages look like those of one site
    observing/                        metrics, and a log of requests
    figures                           what the metrics ask of the index and the slots
    fairness                          in front of the application: whose request is next
    serving/                          HTTP, sockets, queues, caches and clients
    state                             what every request shares
    program                           which program this is
    settings                          one table of settings
    site/                             what settings say of a site
    search/                           the query side proper: no Flask, no write side

Each line imports only what stands below it, and from `indexer` only the contract of the index.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    """`create_app`, for `flask --app search_app`; loaded when asked for, so that the query side
    can be imported without Flask."""
    if name == "create_app":
        from search_app.app import create_app

        return create_app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
