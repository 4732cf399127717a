"""Text to terms: the same for index, query and highlight, so that they always agree.

tokenizer      words, numbers, symbols and bigrams, with positions and offsets; stems
folding        case, accents, width and ligatures folded
"""
