"""Reads the signs and digits of every script as the plain ones that mean the same.

One character becomes one, so that offsets stay as they are. A change here gives other terms: raise
`tokenizer.VERSION` with it.
"""

_APOSTROPHES = (
    "\u2018\u2019\u201b\u2032\u02b9\u02bb\u02bc\u02bd\u055a\u07f4\u07f5\ua78c\u00b4\u0060"
)
"""Quotation marks, primes, letters and accents that are written for an apostrophe."""

_HYPHENS = "\u2010\u2011\u2012\u2013\u2212\ufe63"
_DECIMAL_SIGNS = {0x066B: ".", 0x066C: ","}  # Arabic
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_ZEROS = (
    "\u0660\u06f0\u07c0\u0966\u09e6\u0a66\u0ae6\u0b66\u0be6\u0c66\u0ce6\u0d66\u0de6\u0e50\u0ed0"
    "\u0f20\u1040\u1090\u17e0\u1810\u1946\u19d0\u1a80\u1a90\u1b50\u1bb0\u1c40\u1c50\ua620\ua8d0"
    "\ua900\ua9d0\ua9f0\uaa50\uabf0\uff10"
)
"""The zero of each script of the basic plane that has digits of its own; nine digits follow it."""

DIGITS = {ord(zero) + value: str(value) for zero in _ZEROS for value in range(10)}
"""The digits of every script, as a table for `str.translate`."""

_PLAIN = {
    **_FULL_WIDTH,
    **{ord(sign): "'" for sign in _APOSTROPHES},
    **{ord(sign): "-" for sign in _HYPHENS},
    **_DECIMAL_SIGNS,
    **DIGITS,
}


def plain(text: str) -> str:
    """The text, of the same length, with plain apostrophes, hyphens, decimal signs and digits, and
    with letters and signs of full width in their usual one."""
    return text if text.isascii() and "`" not in text else text.translate(_PLAIN)
