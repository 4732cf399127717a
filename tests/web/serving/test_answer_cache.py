"""The cache of answers: one version, never more bytes than it may have."""

import random
import sys
import threading
import tracemalloc

from search_app.serving.answer_cache import AnswerCache
from search_app.serving.wsgi import Answer


def answer(body: bytes, *headers: tuple[str, str]) -> Answer:
    return Answer("200 OK", headers, body)


def test_an_answer_is_given_again_under_its_key_and_version_only() -> None:
    cache, kept = AnswerCache(100_000), answer(b"tram")
    assert cache.get("1", "a") is None
    cache.put("1", "a", kept)
    assert cache.get("1", "a") is kept
    assert cache.get("1", "b") is None


def test_with_another_version_all_answers_are_dropped_at_once() -> None:
    cache = AnswerCache(100_000)
    cache.get("1", "a")
    for key in "abc":
        cache.put("1", key, answer(b"old"))
    assert (len(cache), cache.bytes > 0) == (3, True)
    assert cache.get("2", "z") is None
    assert (len(cache), cache.bytes) == (0, 0)
    assert cache.get("1", "a") is None


def test_an_answer_that_was_begun_under_an_earlier_version_is_not_kept() -> None:
    cache = AnswerCache(100_000)
    cache.get("2", "a")
    cache.put("1", "a", answer(b"old"))
    assert len(cache) == 0
    assert cache.get("2", "a") is None


def test_the_answer_asked_for_longest_ago_goes_first() -> None:
    cache = AnswerCache(20_000, part=1)
    cache.get("1", "")
    for key in ("a", "b", "c"):
        cache.put("1", key, answer(bytes(5_000)))
    assert cache.get("1", "a")
    cache.put("1", "d", answer(bytes(5_000)))
    assert [bool(cache.get("1", key)) for key in "abcd"] == [True, False, True, True]


def test_an_answer_that_takes_too_much_of_the_room_is_not_kept() -> None:
    cache = AnswerCache(160_000)
    cache.get("1", "")
    cache.put("1", "a", answer(bytes(10_001)))
    cache.put("1", "b", answer(b"", ("X-Long", "x" * 10_001)))
    assert len(cache) == 0
    cache.put("1", "c", answer(bytes(8_000)))
    assert len(cache) == 1


def test_of_two_who_made_the_same_answer_one_is_kept_and_counted_once() -> None:
    cache, kept = AnswerCache(100_000), answer(b"tram")
    cache.get("1", "a")
    cache.put("1", "a", kept)
    size = cache.bytes
    cache.put("1", "a", answer(b"tram"))
    assert cache.get("1", "a") is kept
    assert (len(cache), cache.bytes) == (1, size)


def test_without_room_nothing_is_kept() -> None:
    cache = AnswerCache(0)
    cache.get("1", "a")
    cache.put("1", "a", answer(b""))
    assert cache.get("1", "a") is None


def test_whatever_is_put_the_bound_holds_in_memory_too() -> None:
    """20,000 answers of different addresses, most of them small."""
    draw = random.Random(1)  # noqa: S311 - sizes, not secrets
    tracemalloc.start()
    try:
        cache = AnswerCache(4_000_000)
        cache.get("1", "")
        before, _ = tracemalloc.get_traced_memory()
        for number in range(20_000):
            headers = [(f"X-{n}", f"{number}") for n in range(10)]
            cache.put("1", f"key {number}", answer(bytes(draw.randrange(3_000)), *headers))
            assert cache.bytes <= 4_000_000
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(cache) > 500
    assert after - before <= 4_000_000


def test_threads_share_it() -> None:
    """The bytes are counted right, and nobody is given the answer of another version."""
    cache, wrong = AnswerCache(50_000, part=1), []
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def work(seed: int) -> None:
        draw = random.Random(seed)  # noqa: S311 - keys, not secrets
        for _ in range(5_000):
            version, key = f"{draw.randrange(2)}", f"{draw.randrange(30)}"
            found = cache.get(version, key)
            if found is not None and found.status != version:
                wrong.append(found)
            cache.put(version, key, Answer(version, (), bytes(draw.randrange(4_000))))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert not wrong
    assert cache.bytes <= 50_000
    cache.get("other", "")
    assert (cache.bytes, len(cache)) == (0, 0)
