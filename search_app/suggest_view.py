"""From suggestions to the answer of the API, each with the address of its search."""

from search_app import answers
from search_app.links import search_url
from search_app.search.suggest import Suggestions


def suggest_answer(found: Suggestions, base: str) -> answers.Suggestions:
    """The suggestions as the API gives them; `base` begins the addresses."""
    return answers.Suggestions(
        query=found.request.q,
        suggestions=[
            answers.Suggestion(one.text, one.kind, one.count, search_url(one.request, base))
            for one in found.suggestions
        ],
        notes=list(found.notes),
        took_ms=found.took_ms,
        generation=found.generation,
    )
