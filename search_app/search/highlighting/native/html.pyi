from typing import Any

from search_app.search.highlighting.phrase_spans import Span

VERSION: int

def marked(text: str, spans: list[Span]) -> str: ...
def as_html(value: Any) -> str: ...
