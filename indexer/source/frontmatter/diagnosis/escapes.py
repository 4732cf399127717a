"""Escapes that nobody means: backslashes of paths and of LaTeX that quotes made characters of.

`\\n` between sentences and `\\t` between columns are meant, and so are escapes by a number.
"""

import re

# Of double backslashes a NUL is made first, which no front matter holds.
_ESCAPE = re.compile(r"\\[abefvtnr0NLP]")
_PATH = (
    r"(?<![^\W_])[A-Za-z]:\\(?:[trNLP]|n(?=[a-z]))"
    r"|(?:(?<![^\W_])[A-Za-z]:\0|\0\w|(?:%\w+%|(?<![^\s\"(])[~.]{1,2})(?=\\))\S{0,200}?\\[tnrNLP]"
    r"|[^\W_]\\[tnr][\w\\-]{0,200}\.(?:txt|md|log|csv|json|xml|ya?ml|html?|docx?"
    r"|xlsx?|pdf|py|js|tex|jpe?g|png|gif|zip|exe|dll|bat|ini|cfg)\b"
)
_LATEX = (
    r"\\(?:t(?:heta|imes|au|ext\w*|an|ilde|o|op|riangle|frac)|r(?:ho|ight(?:arrow)?|angle|m|ef|ceil)"
    r"|n(?:abla|eq|eg|otin|ot|ewline|ewcommand|olimits|mid|(?<=[\"$({^_]\\n)u)"
    r"|L(?:ambda|aTeX|eftarrow)|P(?:hi|i|si|r))(?![A-Za-z])"
)
_UNMEANT = re.compile(rf"\\[abefv0]|\\r(?!\\n)|{_PATH}|{_LATEX}")
_CONTROL = re.compile("[\x00-\x1f]")
_WRITTEN = str.maketrans(
    {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", "\x1b": "\\e", "\\": "\\\\"}
)
"""Characters as the escapes of TOML and JSON that make them."""


def unmeant(written: str) -> str:
    """What is wrong with a text between double quotes as it is written, up to the remedy, if it has
    escapes that nobody means; or nothing."""
    written = written.replace("\\\\", "\0")
    if "\\" not in written or not _UNMEANT.search(written):
        return ""
    found = " ".join(dict.fromkeys(_ESCAPE.findall(written)))
    return (
        "in double quotes a backslash begins an escape, so control characters were made of "
        f"{found}; "
    )


def unmeant_in_read(text: str) -> str:
    """The same of a text as it was read, if all its control characters were written as escapes."""
    return unmeant(text.translate(_WRITTEN)) if _CONTROL.search(text) else ""
