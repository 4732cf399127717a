"""The templates of pages of results, in which hundreds of values are written down.

They are the application's own, see the same names and escape the same signs. But a value that is
written down becomes no `Markup` first, and an attribute is looked up directly: both would take
longer than all else that such a template does. So it has no macros and no blocks that it keeps as
values, which would be escaped twice; and a name that there is not is an error.
"""

import re
from functools import partial
from html import escape
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

NAME = "newsdex.templates"
"""The key of these templates among an application's extensions."""


class _Templates(Environment):
    getattr = staticmethod(getattr)  # type: ignore[assignment]  # declared as a method


def page_templates(environment: Environment) -> Environment:
    """The templates of an environment, compiled to write values down quickly."""
    templates = _Templates(loader=environment.loader, finalize=written, auto_reload=False)
    templates.globals = {**environment.globals, "part": partial(_part, templates)}
    templates.filters = environment.filters
    return templates


def _part(templates: Environment, name: str, page: object) -> Markup:
    """A part of a page in one piece: what is included goes piece by piece through each template
    around it, which takes long if there are hundreds."""
    template = templates.get_template(name)
    context = template.new_context({"page": page}, shared=True)
    return Markup("".join(template.root_render_func(context)))  # noqa: S704  # escaped in there


_has_special = re.compile("[&<>\"']").search


def written(value: Any) -> str:
    """A value as HTML: escaped, unless it says that it is HTML."""
    if type(value) is Markup:
        return value
    text = value if type(value) is str else str(value)
    return escape(text) if _has_special(text) else text
