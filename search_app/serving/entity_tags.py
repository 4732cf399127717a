"""Entity tags (RFC 9110, section 8.8.3), by which a client asks whether an answer is still the one
that it has. They are weak, as the same answer may be sent in several codings."""

from hashlib import blake2b


def entity_tag(*parts: object) -> str:
    """The tag of an answer that these parts decide."""
    return f'W/"{blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'


def is_listed(tag: str, if_none_match: str) -> bool:
    """Whether a header lists a tag, weak or strong."""
    plain = tag.removeprefix("W/")
    return any(one.strip().removeprefix("W/") == plain for one in if_none_match.split(","))
