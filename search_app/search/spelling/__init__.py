"""Forgiveness: what a query that finds too little may have meant.

correction      another query, to be searched instead or to be offered
choice          which alternatives of several words go together
alternatives    what may stand for a typed word: near words, two for one, one for two
typed_words     the words of a query that this is about
policy          how far it goes, and what it may cost
"""
