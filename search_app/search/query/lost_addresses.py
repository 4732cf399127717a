"""Leaves an address out of a query if no item has it and there are words beside it: they are what
is left to search for, as the words that items have are where others are missing.

Kinds of notes: no_such_address.
"""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from search_app.search.query.addresses import has_scheme
from search_app.search.query.leaf import leaf_expression
from search_app.search.query.logical import Expression
from search_app.search.query.notes import foremost, shown
from search_app.search.query.parser import Parsed
from search_app.search.query.rewrite import CONSTRAINTS
from search_app.search.query.tree import Address, Group, Node, Note, Typed
from search_app.search.vocabulary import Vocabulary


def without_lost_addresses(
    parsed: Parsed, counts: Callable[[Sequence[Expression]], Sequence[int]], vocabulary: Vocabulary
) -> Parsed:
    """The query without the addresses that no item has, with a note on each; as it is where no
    words stand beside them. `counts`: how many items match each expression."""
    nodes = parsed.tree.children
    addresses = [node for node in nodes if isinstance(node, Address) and has_scheme(node.text)]
    if not addresses or not any(map(_is_text, nodes)):
        return parsed
    found = counts([leaf_expression(address, [], vocabulary) for address in addresses])
    lost = [address for address, count in zip(addresses, found, strict=True) if not count]
    notes = [
        Note(
            "no_such_address",
            f"no item is at {shown(address.text)}, so the words beside it were searched alone",
            address.start,
            address.end,
        )
        for address in lost
    ]
    kept = tuple([node for node in nodes if node not in lost])
    return replace(parsed, tree=Group(kept), notes=foremost([*parsed.notes, *notes]))


def _is_text(node: Node) -> bool:
    """Whether a node is words, or a phrase, to be found in the text of items."""
    is_address = isinstance(node, Address) and has_scheme(node.text)
    return isinstance(node, Typed) and not is_address and node.field not in CONSTRAINTS
