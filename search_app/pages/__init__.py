"""What each page shows, as plain values that a template only has to write down.

    search            a page of results
    item · front      one item; what is new and what there is to search
    facet · timeline  all values of a facet; attention over time, large and as a table
    filters           what narrows a search: facets, dates
    hits · help       the hits of a page; how to search
    pieces            moments, outlets and links of items
    histogram         hits by date as bars
    carried           what the form of a search carries
    told              what was searched, and notes
    display           what all pages have in common: pictures, copies

Each line imports only what stands below it.
"""
