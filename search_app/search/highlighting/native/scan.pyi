from collections.abc import Collection, Sequence

from search_app.search.highlighting.plain import Match, Scanned

VERSION: int

def scan(texts: Sequence[str], keys: Collection[bytes] | None, match: Match) -> Scanned: ...
