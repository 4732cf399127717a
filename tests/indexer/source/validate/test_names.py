"""Topics and authors, in the forms in which tools write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.source.validate.names import MAX_NAME, MAX_NAMES
from tests.indexer.source.validate.test_item_parser import item, read, warned


@pytest.mark.parametrize(
    ("lines", "topics"),
    [
        # lists
        ("tags: [Tides, Night]", "Tides|Night"),
        ("tags: ['a, b', c d]", "a, b|c d"),
        ("tags: [2020, No, 1.50]", "2020|No|1.50"),
        ("categories:\n- [Sports, Rowing]\n- Rivalries", "Sports|Rowing|Rivalries"),
        ("categories: [[Sports, [Rowing, Eights]]]", "Sports|Rowing|Eights"),
        ("tags: []", ""),
        ("tags:\n- null # later\n- ~\n- a", "a"),
        # mappings
        ("tags: [Tides, {label: Releases, permalink: /r}]", "Tides|Releases"),
        ("tags: [{name: A, slug: a}, {slug: b}, {title: C}, {Tag: D}]", "A|b|C|D"),
        ("tags: {label: Tides}", "Tides"),
        ("taxonomies:\n  tags: [a]\n  categories: [b]", "a|b"),
        # links
        ("tags: ['[[Tides]]', '[[notes/Night.md]]', Sea]", "Tides|Night|Sea"),
        ("tags: ['[[Tides|Ebb]]', '[[#The sea]]', '[[Tides#Ebb]]']", "Ebb|The sea|Tides"),
        ("tags: [[Tides]]", "Tides"),
        ("tags: [[Tides|Ebb]]", "Ebb"),
        ("tags:\n- [[Tides]]\n- [[Night]]", "Tides|Night"),
        ("tags: '[[Tides]], [[Night]]'", "Tides|Night"),
        ("tags: ['[Tides](/t)']", "Tides"),
        ("topics: ['[[Emergence]]']", "Emergence"),
        # a hash
        (
            "tags: ['#tides', '#night-trams', C#, '# x', '#1 fan']",
            "tides|night-trams|C#|# x|#1 fan",
        ),
        ("tags: '#tides #night'", "tides|night"),
        ("tags: '#Tides #Night'", "Tides|Night"),
        ("topics: ['#MeToo']", "#MeToo"),
        # one text
        ("tags: a, b,, c d", "a|b|c d"),
        ("tags: pelican, tool; pelican, bird", "pelican, tool|pelican, bird"),
        ("tags: \u6e21\u8f6e\uff0c\u7535\u8f66\u3001\u6d77", "\u6e21\u8f6e|\u7535\u8f66|\u6d77"),
        ("tags: AI &amp; ML, R&D", "AI & ML|R&D"),
        ("tags: \"['Sea', 'Old tides']\"", "Sea|Old tides"),
        ('tags: \'["Sea", "Tides"]\'', "Sea|Tides"),
        ("category: Food, Drink", "Food|Drink"),
        ("keywords: a; b", "a|b"),
        # blanks
        ("categories: security night-trams", "security|night-trams"),
        ("tags: jekyll update 2020", "jekyll|update|2020"),
        ("categories: World News", "World News"),
        ("categories: climate Change", "climate Change"),
        ("category: night trams", "night trams"),
        ("tag: classic hollywood", "classic hollywood"),
        ("keywords: night trams", "night trams"),
        ("tags: night trams, ferry", "night trams|ferry"),
        # as written
        ("tags: [Sports/Rowing]", "Sports/Rowing"),
        ("tags: Sports/Rowing", "Sports/Rowing"),
        ("tags: ['<b>Tides</b>', Vec<T>]", "Tides|Vec<T>"),
        # together
        ("tags: [a, B]\ncategory: b\nkeywords: [c, A]", "a|B|c"),
        ("topics: [t]\ntags: [x]", "t"),
    ],
)
def test_topics_are_read_in_every_form(lines: str, topics: str) -> None:
    assert "|".join(item(lines).topics) == topics


@pytest.mark.parametrize(
    ("lines", "authors"),
    [
        ("author: Jo Reed", "Jo Reed"),
        ("authors: [Jo Reed, ann, Jo Reed]", "Jo Reed|ann"),
        ("author:\n- '[[Jo Reed]]'\n- '[[people/Lee.md|Ann Lee]]'", "Jo Reed|Ann Lee"),
        ("author: [[Jo Reed]]", "Jo Reed"),
        ("authors: [{name: Jo, title: Editor}, {key: ann}, {github: kim}]", "Jo|ann|kim"),
        ("authors: {name: Jo Reed, title: Editor, url: 'https://a.org'}", "Jo Reed"),
        ("author: {first: Jo, last: Reed}", "Jo Reed"),
        ("author: [{given: Jo, family: Reed}]", "Jo Reed"),
        ("authors: Reed, Jo; Lee, Ann", "Reed, Jo|Lee, Ann"),
        ("authors: Jo Reed, Ann Lee", "Jo Reed|Ann Lee"),
        ("author: Jo Reed and Ann van der Lee", "Jo Reed|Ann van der Lee"),
        ("author: Jo Reed, Ann Lee, and Kim Oh", "Jo Reed|Ann Lee|Kim Oh"),
        ("author: usa and mame", "usa|mame"),
        ("author: dhh, zzak", "dhh|zzak"),
        ("author: Jo Reed & Ann Lee", "Jo Reed|Ann Lee"),
        ("byline: By Jo Reed and Ann Lee", "Jo Reed|Ann Lee"),
        ("byline: BY JO REED", "JO REED"),
        ("author: jo@a.example (Jo Reed)", "Jo Reed"),
        ("author: Jo Reed <jo@a.example>", "Jo Reed"),
        ("author: <a href='/jo'>Jo Reed</a>", "Jo Reed"),
        ("author: '[Jo Reed](https://a.org/jo)'", "Jo Reed"),
        ("author: https://a.org/jo\nbyline: Jo Reed", "Jo Reed"),
        ("author: \u674e\u660e\u3001\u738b\u82b3", "\u674e\u660e|\u738b\u82b3"),
        # one person, or one name
        ("author: Reed, Jo", "Reed, Jo"),
        ("author: NARUSE, Yui", "NARUSE, Yui"),
        ("author: Marks and Spencer", "Marks and Spencer"),
        (
            "author: Department of Health and Human Services",
            "Department of Health and Human Services",
        ),
        ("author: Jo Reed, Executive Director", "Jo Reed, Executive Director"),
        ("author: Jo Reed, PhD", "Jo Reed, PhD"),
        ("author: ['Reed, Jo', 'Lee, Ann']", "Reed, Jo|Lee, Ann"),
        ("author: Byron", "Byron"),
        ("author:", ""),
        ("author: ''\nauthors: []\nbyline: ~", ""),
        ("translator: Jo", ""),
    ],
)
def test_authors_are_read_in_every_form(lines: str, authors: str) -> None:
    assert "|".join(item(lines).authors) == authors


@pytest.mark.parametrize(
    ("lines", "line", "field"),
    [
        ("tags: {a: b}", 3, "tags"),
        ("tags:\n- a\n- {b: c}", 5, "tags[1]"),
        ("categories:\n- [a, {b: c}]", 4, "categories[0]"),
        ('"Tags\\n": [{a: b}]', 3, "Tags[0]"),
        ("author: {a: b}", 3, "author"),
        ("authors: [Jo, {a: b}]", 3, "authors[1]"),
    ],
)
def test_a_mapping_without_a_label_is_left_out_with_a_warning(
    lines: str, line: int, field: str
) -> None:
    _, warnings = warned(lines)
    assert [warning[:2] for warning in warnings] == [(line, field)]


def test_too_many_authors_and_too_long_ones_are_cut_with_a_warning() -> None:
    names = "\n".join(f"- p{number}" for number in range(MAX_NAMES + 5))
    found, warnings = warned(f"authors:\n{names}\n- {'x' * (MAX_NAME + 1)}")
    assert len(found.authors) == MAX_NAMES
    assert [warning[:2] for warning in warnings] == [(3, "authors")] * 2
    found, warnings = warned(f"author: {'x' * (MAX_NAME + 1)}")
    assert found.authors == ("x" * MAX_NAME,)
    assert [warning[:2] for warning in warnings] == [(3, "author")]


@given(
    st.sampled_from(["topics", "tags", "categories", "author"]),
    st.text("aB[]|#,; &@<>()./-'\"\u3001\n", max_size=40),
)
def test_no_text_raises_and_no_name_is_blank(key: str, text: str) -> None:
    quoted = text.replace("'", "''").replace("\n", " ")
    for value in (f"'{quoted}'", f"['{quoted}']"):
        reading = read(f"---\ntitle: T\n{key}: {value}\n---\n")
        assert reading.item
        names = (*reading.item.topics, *reading.item.authors)
        assert all(name == " ".join(name.split()) and name for name in names)
