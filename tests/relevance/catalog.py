"""The five collections by name."""

from collections.abc import Iterable

from tests.relevance.collection import DATA, Collection, read_collection
from tests.relevance.stories import story_collection

STORIES = "stories"
COLLECTIONS = ("time", "checkthat2020", "fnc1_test", "scifact", STORIES)

SEED = 13


class Missing(Exception):
    """The texts are not on this machine."""


def load(names: Iterable[str] = COLLECTIONS, seed: int = SEED) -> tuple[Collection, ...]:
    """These collections; `seed` draws what of the stories is held out. Raises `Missing`."""
    try:
        return tuple(_load(name, seed) for name in names)
    except FileNotFoundError as error:
        raise Missing(f"the judged collections are not there: {error.filename}") from error


def _load(name: str, seed: int) -> Collection:
    if name == STORIES:
        return story_collection(DATA / "stories.jsonl.gz", seed)
    return read_collection(name, DATA / "retrieval" / name)
