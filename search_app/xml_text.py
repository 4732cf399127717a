"""XML 1.0 cannot hold all characters, not even escaped (its production 2, `Char`)."""

import re

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal_xml(document: str) -> str:
    """The document with a replacement character for each character that XML cannot hold."""
    return _ILLEGAL.sub("\ufffd", document)
