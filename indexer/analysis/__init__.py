"""Makes terms from text, for index, query and highlights alike, so that they agree.

synonyms        words that people use for each other, from a file
tokenizer       the terms of a text, with positions and offsets; the forms of a typed word
forms           the ways in which a typed word may stand in a text
chunks          words that signs link: their parts, joined form, symbol form
parts           a word, its variant, surface form and pieces
languages       the stem of a word in each language
stop_words      the stop words of each language
language_codes  languages by their codes and names
scripts         the language that a script tells
english         stems: irregular plurals, British and American spelling; stop words
folding         removes case, accents, width and ligatures
outlet_names    what an outlet is searched by
signs           plain signs and digits for those of other scripts
"""
