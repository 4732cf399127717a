"""Templates that write values down quickly escape what Jinja escapes."""

import pytest
from jinja2 import DictLoader, Environment

from search_app.page_templates import PageTemplates

TEMPLATES = {
    "page": "{% extends 'base' %}{% block body %}{{ page.text }}{% include 'part' %}{% endblock %}",
    "base": "<title>{{ name }}, 5 %s</title>{% block body %}{% endblock %}{% include 'part' %}",
    "part": "<a title='{{ page.text }}'>{% if page.text %}{{ page.text | safe }}{% endif %}</a>",
}


class Page:
    def __init__(self, text: str) -> None:
        self.text = text


def test_values_are_escaped_wherever_they_stand_and_parts_only_once() -> None:
    plain = Environment(loader=DictLoader(TEMPLATES), autoescape=True)
    plain.globals["name"] = "A & B"
    shown = PageTemplates(plain).page("page", {"page": Page("<b>'")}).decode()
    part = "<a title='&lt;b&gt;&#x27;'><b>'</a>"
    assert shown == f"<title>A &amp; B, 5 %s</title>&lt;b&gt;&#x27;{part}{part}"


def test_a_name_that_a_page_has_not_is_an_error() -> None:
    templates = PageTemplates(
        Environment(loader=DictLoader({"page": "{{ page.txet }}"}), autoescape=True)
    )
    with pytest.raises(AttributeError):
        templates.page("page", {"page": Page("a")})


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ page.text }}", "&lt;é&gt;"),
        ("{{ page.text | safe }}", "<é>"),
        ("{{ page.text | upper }}", "&lt;É&gt;"),
        ("{{ 'a' ~ page.text }}", "a&lt;é&gt;"),
        ("{{ (page.text | safe) if page.text else '' }}", "<é>"),
        ("{{ '<' if page.text }}", "&lt;"),
        ("a{% if page.text %}%{{ page.text }}{% else %}b{% endif %}c", "a%&lt;é&gt;c"),
        ("{% if not page.text %}b{% elif page.text %}{{ page.text }}{% endif %}", "&lt;é&gt;"),
        ("{% if page.text %}{% else %}b{% endif %}", ""),
        ("{% if not page.text %}{% elif 1 %}{% else %}b{% endif %}", ""),
        ("{% if 1 %}{% set a = '<' %}{{ a }}{% if 0 %}{% else %}>{% endif %}{% endif %}", "&lt;>"),
        (
            "{% for a in '<>' %}{% if loop.last %}{{ a }}{% endif %}{% endfor %}!",
            "&gt;!",
        ),
        ("{{ page.text.replace('é', '&') }}", "&lt;&amp;&gt;"),
        ("{{ '%d %%' % 5 }}%", "5 %%"),
        ("{{ 12 }}{{ 1.5 * 1 }}{{ none }}{{ [page.text] }}", "121.5None[&#x27;&lt;é&gt;&#x27;]"),
        ("{% for sign in page.text %}{{ sign }}{{ loop.index }}{% endfor %}", "&lt;1é2&gt;3"),
        ("{% set copy = page.text %}{{ copy }}", "&lt;é&gt;"),
    ],
)
def test_values_are_escaped_however_they_are_written(template: str, shown: str) -> None:
    templates = PageTemplates(Environment(loader=DictLoader({"page": template}), autoescape=True))
    assert templates.page("page", {"page": Page("<é>")}).decode() == shown


BASE = "{% block a %}A{% endblock %}|{% block b %}B{{ page.text }}{% endblock %}|"


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{% extends 'base' %}", "A|Bé|"),
        ("{% extends 'base' %}{% block b %}b{% endblock %}", "A|b|"),
        ("{% extends 'nearer' %}", "A|[C]|"),
        ("{% extends 'nearer' %}{% block c %}c{{ page.text }}{% endblock %}", "A|[cé]|"),
        ("{% extends 'nearer' %}{% block b %}b{% endblock %}", "A|b|"),
        ("{% include 'part' %}!", "<i>é</i>!"),
        ("{% if page.text %}{% include 'part' %}{% else %}-{% endif %}", "<i>é</i>"),
        ("{% for sign in '12' %}{% include 'sign' %}{% endfor %}", "(1)(2)"),
        ("{% set mark = '!' %}{% include 'mark' %}{% include 'mark' %}{{ mark }}", "!?!?!"),
        ("{% include 'nearer' %}{% include 'nearer' %}", "A|[C]|A|[C]|"),
        ("{% extends 'base' %}{% block b %}{% include 'nearer' %}{% endblock %}", "A|A|[C]||"),
        ("{% extends 'base' %}{% block a %}{% set mark = 1 %}{% endblock %}", "|Bé|"),
    ],
)
def test_a_page_is_joined_from_its_parts_as_jinja_joins_it(template: str, shown: str) -> None:
    parts = {
        "base": BASE,
        "nearer": "{% extends 'base' %}{% block b %}[{% block c %}C{% endblock %}]{% endblock %}",
        "part": "<i>{{ page.text }}</i>",
        "sign": "({{ sign }})",
        "mark": "{{ mark }}{% set mark = '?' %}{{ mark }}",
    }
    loader = DictLoader({"page": template, **parts})
    plain, values = Environment(loader=loader, autoescape=True), {"page": Page("é")}
    assert plain.get_template("page").render(values) == shown
    assert PageTemplates(plain).page("page", values).decode() == shown
