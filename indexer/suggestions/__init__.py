"""What a search box can complete, from the titles, topics and outlets of a generation.

    finder           the suggestions of all segments of a generation
    phrases          the words of titles and what follows them often, each with a weight
    titles           the words of titles in their order, read from the columns
    weights          what an item counts: more if it is new
    suggestion_file  the file of a generation that holds them

They are found anew as a whole in each run, so an incremental reindex gives those of a full one.
"""
