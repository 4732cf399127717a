"""Makes terms from text, for index, query and highlights alike, so that they agree.

tokenizer      words, numbers, symbols and bigrams, with positions and offsets; stems
folding        removes case, accents, width and ligatures
"""
