"""Templates that write values down quickly escape what Jinja escapes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment
from markupsafe import Markup, escape

from search_app.page_templates import page_templates, written

TEMPLATES = {
    "page": "{% extends 'base' %}"
    "{% block body %}{{ page.text }}{{ part('part', page) }}{% endblock %}",
    "base": "<title>{{ name }}</title>{% block body %}{% endblock %}{% include 'part' %}",
    "part": "<a title='{{ page.text }}'>{% if page.text %}{{ page.text | safe }}{% endif %}</a>",
}


class Page:
    def __init__(self, text: str) -> None:
        self.text = text


@given(st.text() | st.text(st.sampled_from("&<>'\"a;")))
def test_each_text_is_escaped_as_jinja_escapes_it(text: str) -> None:
    assert written(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;") == escape(text)


def test_what_is_html_stays_as_it_is_and_what_is_no_text_becomes_one() -> None:
    assert written(Markup("<b>")) == "<b>"
    assert [written(value) for value in (12, 1.5, None, ["<"])] == [
        "12",
        "1.5",
        "None",
        "[&#x27;&lt;&#x27;]",
    ]


def test_values_are_escaped_wherever_they_stand_and_parts_only_once() -> None:
    plain = Environment(loader=DictLoader(TEMPLATES), autoescape=True)
    plain.globals["name"] = "A & B"
    shown = page_templates(plain).get_template("page").render(page=Page("<b>'"))
    part = "<a title='&lt;b&gt;&#x27;'><b>'</a>"
    assert shown == f"<title>A &amp; B</title>&lt;b&gt;&#x27;{part}{part}"


def test_a_name_that_a_page_has_not_is_an_error() -> None:
    templates = page_templates(
        Environment(loader=DictLoader({"page": "{{ page.txet }}"}), autoescape=True)
    )
    with pytest.raises(AttributeError):
        templates.get_template("page").render(page=Page("a"))
