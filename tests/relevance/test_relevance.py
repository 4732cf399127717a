"""The evaluation itself, that it measures what it says; and our ranking, held to its baseline."""

import gzip
import itertools
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.item import Article, Item
from indexer.source.validate.item_parser import parse_item
from tests.relevance.__main__ import OURS, main
from tests.relevance.baseline import Outdated, drops, read_baseline, write_baseline
from tests.relevance.catalog import COLLECTIONS, SEED, STORIES, Missing, load
from tests.relevance.collection import Collection, read_collection
from tests.relevance.evaluation import Evaluation, evaluate
from tests.relevance.measuring import MRR, NDCG, RECALL, measured
from tests.relevance.ours import newsdex, write
from tests.relevance.peers import PEERS, text_of
from tests.relevance.report import read_results, verdict
from tests.relevance.significance import compared
from tests.relevance.stories import SIZE, story_collection, story_items

WORDS = re.compile(r"\w+")

SMALL = Collection(
    "small",
    (
        Item("d1", Article("Ferry sinks off Sicily", "Nine were saved.")),
        Item("d2", Article("Budget talks", "The ferries were not on the agenda.")),
        Item("d3", Article("Rain"), related=(Article("Ferry: sinking, sunk", "Off Sicily"),)),
        Item("d4", Article("A quiet day", "Nothing was reported.")),
    ),
    {"q1": "sinking ferries", "q2": "the budget"},
    {"q1": {"d1": 1, "d3": 1}, "q2": {"d2": 1}},
)


@pytest.fixture(scope="module")
def collections() -> tuple[Collection, ...]:
    """All of them, or a skip that says what is missing."""
    try:
        return load()
    except Missing as error:
        pytest.skip(str(error))


@pytest.mark.slow
def test_the_ranking_is_as_good_as_its_baseline(collections: tuple[Collection, ...]) -> None:
    reached = evaluate(OURS, newsdex, collections).values()
    fallen = list(drops(read_baseline(collections), reached, seed=SEED))
    assert not fallen, "; ".join(fallen)


def test_the_collections_are_of_the_size_they_should_be(
    collections: tuple[Collection, ...],
) -> None:
    sizes = {one.name: len(one.queries) for one in collections}
    assert tuple(sizes) == COLLECTIONS
    assert [sizes[name] for name in COLLECTIONS] == [41, 579, 439, 525, 412]


def test_items_are_read_as_they_were_meant(
    collections: tuple[Collection, ...], tmp_path: Path
) -> None:
    """But for a few: markup is left out of some, and five are too long for an excerpt."""
    items = [item for one in collections for item in one.items][::20]
    other = []
    for item in items:
        write(tmp_path, item)
        read = parse_item((tmp_path / f"{item.id}.md").read_bytes(), "a.md", item.id).item
        assert read is not None
        assert (read.id, read.topics) == (item.id, item.topics)
        assert [a.published for a in read.articles()] == [a.published for a in item.articles()]
        if WORDS.findall(text_of(read)) != WORDS.findall(text_of(item)):
            other.append(item.id)
    assert len(other) <= len(items) / 200, other


def test_a_text_without_a_title_gives_it_its_first_ten_words(tmp_path: Path) -> None:
    texts = [
        {
            "_id": "1",
            "title": "",
            "text": "one two three four five six\nseven eight nine ten eleven",
        },
        {"_id": "2", "title": "Own title", "text": "and text"},
        {"_id": "20200101", "title": "", "text": "short"},
    ]
    with gzip.open(tmp_path / "corpus.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(text) + "\n" for text in texts)
    queries = [{"_id": "a", "text": "two"}, {"_id": "b", "text": "nobody judged this"}]
    lines = "\n".join(map(json.dumps, queries))
    (tmp_path / "queries.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("a\t1\t1\na\t2\t0\n", encoding="utf-8")
    made = read_collection("made", tmp_path)
    assert [(item.id, item.article.title, item.article.excerpt) for item in made.items] == [
        ("d1", "one two three four five six seven eight nine ten", "eleven"),
        ("d2", "Own title", "and text"),
        ("d20200101", "short", ""),
    ]
    assert made.queries == {"a": "two"}
    assert made.qrels == {"a": {"d1": 1, "d2": 0}}


def stories(folder: Path, *sizes: int) -> Path:
    """A file of stories of so many articles, the latest first."""
    path = folder / "stories.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for story, size in enumerate(sizes):
            for hour in reversed(range(size)):
                row = {
                    "title": f"Story {story} article {hour}",
                    "url": f"https://a.example/{story}/{hour}",
                    "provider": "A",
                    "domain": "www.a.example",
                    "topic": "Business",
                    "story": f"s{story}",
                    "published": (1_394_470_370 + 3600 * hour) * 1000 + 698,
                }
                file.write(json.dumps(row) + "\n")
    return path


def test_stories_are_cut_into_items_in_time_order(tmp_path: Path) -> None:
    groups = story_items(stories(tmp_path, 14, 1))
    assert [(group.story, len(group.rows)) for group in groups] == [
        ("s0", SIZE),
        ("s0", SIZE),
        ("s0", 2),
        ("s1", 1),
    ]
    hours = [row["published"] for group in groups[:3] for row in group.rows]
    assert hours == sorted(hours)


def test_held_out_is_one_related_article_of_each_item(tmp_path: Path) -> None:
    path = stories(tmp_path, 14, 1)
    made = story_collection(path, seed=1)
    there = {article.title for item in made.items for article in item.articles()}
    every = {row["title"] for group in story_items(path) for row in group.rows}
    assert every - there == set(made.queries.values())
    assert list(made.queries) == ["story-0-0", "story-0-1", "story-0-2"], "one alone is kept"
    leads = [item.article.title for item in made.items]
    assert leads == [
        f"Story {n}" for n in ("0 article 0", "0 article 6", "0 article 12", "1 article 0")
    ]
    everyone = {"story-0-0": 1, "story-0-1": 1, "story-0-2": 1}
    assert made.qrels == dict.fromkeys(everyone, everyone)
    assert story_collection(path, seed=1).queries == made.queries
    drawn = {tuple(story_collection(path, seed).queries.values()) for seed in range(10)}
    assert len(drawn) > 1


def test_values_are_those_of_the_ranks() -> None:
    qrels = {"a": {"x": 1, "y": 1}, "b": {"z": 1}, "c": {"x": 1}}
    found = measured(qrels, {"a": ["p", "x"], "b": [*map(str, range(10)), "z"]})
    # One of two relevant items at rank 2: (1 / log2 3) / (1 / log2 2 + 1 / log2 3).
    assert found[NDCG] == {"a": pytest.approx(0.38685, abs=1e-5), "b": 0, "c": 0}
    assert found[MRR] == {"a": 0.5, "b": 0, "c": 0}
    assert found[RECALL] == {"a": 0.5, "b": 1, "c": 0}


def test_p_is_that_of_all_tosses() -> None:
    better = {"a": 0.5, "b": 0.3, "c": 0.9, "d": 0.2, "e": 0.7, "f": 0.6}
    worse = {"a": 0.1, "b": 0.4, "c": 0.2, "d": 0.0, "e": 0.1, "f": 0.3}
    gains = [better[q] - worse[q] for q in better]
    sums = [sum(g * s for g, s in zip(gains, signs, strict=True)) for signs in _signs(len(gains))]
    exact = sum(abs(one) >= sum(gains) - 1e-9 for one in sums) / len(sums)
    found = compared({"x": better}, {"x": worse}, seed=1)
    assert found.p == pytest.approx(exact, abs=0.01)
    assert found.difference == pytest.approx(sum(gains) / len(gains))
    assert compared({"x": worse}, {"x": better}, seed=1).difference == -found.difference
    assert compared({"x": better}, {"x": better}, seed=1).p == 1


def _signs(count: int) -> list[tuple[int, ...]]:
    return list(itertools.product((1, -1), repeat=count))


def test_in_the_macro_mean_each_collection_counts_the_same() -> None:
    many, few = {str(n): 0.5 for n in range(100)}, {"a": 0.0, "b": 0.0}
    more = dict.fromkeys(few, 1.0)
    assert compared({"m": many, "f": more}, {"m": many, "f": few}, seed=1).difference == 0.5


def test_values_of_other_queries_are_not_compared() -> None:
    with pytest.raises(ValueError, match="same queries"):
        compared({"x": {"a": 1.0}}, {"x": {"b": 1.0}}, seed=1)


def test_a_drop_is_real_if_it_is_neither_luck_nor_tiny(tmp_path: Path) -> None:
    queries = [str(n) for n in range(200)]
    judged = {query: {"d1": 1} for query in queries}
    made = (Collection("made", (), dict.fromkeys(queries, "word"), judged),)
    usual = {"made": dict.fromkeys(queries, 0.5123)}
    write_baseline(usual, made, tmp_path / "b.json")
    kept = read_baseline(made, tmp_path / "b.json")
    assert list(drops(kept, usual, seed=1)) == []

    def changed(fall: float, rise: float) -> dict[str, dict[str, float]]:
        """Half of the queries fall, half of them rise."""
        return {"made": {q: 0.5123 + (rise if int(q) % 2 else -fall) for q in queries}}

    assert list(drops(kept, changed(0.06, 0.06), seed=1)) == [], "nothing in sum"
    assert list(drops(kept, changed(0.32, 0.30), seed=1)) == [], "much change: may be luck"
    assert list(drops(kept, changed(0.002, 0.0), seed=1)) == [], "sure, but tiny"
    assert list(drops(kept, changed(0.0, 0.1), seed=1)) == [], "a gain"
    assert [line.split(":")[0] for line in drops(kept, changed(0.04, 0.0), seed=1)] == [
        "made",
        "macro",
    ]


def test_a_baseline_of_other_judgments_is_refused(tmp_path: Path) -> None:
    values = {"small": {"q1": 1.0, "q2": 1.0}}
    write_baseline(values, [SMALL], tmp_path / "b.json")
    other = Collection("small", SMALL.items, SMALL.queries, {"q1": {"d1": 1}, "q2": {"d2": 1}})
    with pytest.raises(Outdated):
        read_baseline([other], tmp_path / "b.json")


@pytest.mark.parametrize(
    ("peer", "way"), [(peer, way) for peer, ways in PEERS.items() for way in ways]
)
def test_each_peer_stems_and_reads_all_texts_of_an_item(
    peer: str, way: str, tmp_path: Path
) -> None:
    run = PEERS[peer][way](SMALL, tmp_path / "work")
    assert set(run["q1"]) >= {"d1", "d2", "d3"}
    assert "d4" not in run["q1"]
    assert run["q2"][0] == "d2"


def test_our_own_answers_are_those_of_the_service(tmp_path: Path) -> None:
    run = newsdex(SMALL, tmp_path)
    assert set(run["q1"]) == {"d1", "d2", "d3"}
    assert run["q2"][0] == "d2"


@pytest.mark.parametrize(("macro", "counts"), [(0.7665, True), (0.7663, False)])
def test_a_run_whose_peers_are_too_weak_does_not_count(macro: float, counts: bool) -> None:
    one = Evaluation("a peer", {"x": {NDCG: {"q": macro}}}, {})
    ours = Evaluation(OURS, {"x": {NDCG: {"q": 0.9}}}, {})
    lines = "\n".join(verdict(ours, [one], seed=1))
    assert ("DOES NOT COUNT" not in lines) is counts
    assert "goal reached" in lines


def test_a_collection_is_named_only_if_we_are_surely_below_a_peer_on_it() -> None:
    def made(system: str, sure: float, unsure: float) -> Evaluation:
        values = {"sure": [sure] * 20, "unsure": [unsure] * 3}
        scores = {k: {NDCG: {str(n): v for n, v in enumerate(vs)}} for k, vs in values.items()}
        return Evaluation(system, scores, {})

    ours, peers = made(OURS, 0.6, 0.5), [made("a", 0.7, 0.9), made("b", 0.8, 0.1)]
    lines = [line for line in verdict(ours, peers, seed=1) if "BELOW" in line]
    assert [line.partition(",")[0] for line in lines] == ["sure: SIGNIFICANTLY BELOW b"]


@pytest.mark.slow
def test_the_command_writes_what_a_later_run_is_compared_with(
    collections: tuple[Collection, ...], tmp_path: Path
) -> None:
    file = tmp_path / "first.jsonl"
    given = ["--only", STORIES, f"--out={file}"]
    done = CliRunner().invoke(main, given, catch_exceptions=False)
    assert done.exit_code == 0
    assert "seed 13" in done.stdout
    systems = {json.loads(line)["system"] for line in file.read_text("utf-8").splitlines()}
    assert len(systems) == 1 + len(PEERS)
    values = read_results(file, OURS)[STORIES]
    assert len(values) == 412
    again = [*given[:2], "--no-peers", f"--out={tmp_path / 'b.jsonl'}", f"--compare={file}"]
    done = CliRunner().invoke(main, again, catch_exceptions=False)
    assert "| nDCG@10 | +0.0000 (p 1.000) | +0.0000 (p 1.000) |" in done.stdout
