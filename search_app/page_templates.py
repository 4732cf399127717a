"""The templates of pages of results, in which hundreds of values are written down.

They are the application's own, see the same names and escape the same signs. But they are compiled
to less work: text and values that stand side by side are written in one piece, an attribute is
looked up directly, and what is `safe` is known to be so when a template is compiled, not each time
it is shown. So they have no macros and no blocks that they keep as values, which would be escaped
twice; and a name that there is not is an error.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

from jinja2 import Environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Call, Expr, Filter, Getattr, If, Node, Output, TemplateData
from markupsafe import Markup

NAME = "newsdex.templates"
"""The key of these templates among an application's extensions."""

_has_special = re.compile("[&<>\"']").search


def written(value: Any) -> str:
    """A value as HTML: escaped, unless it says that it is HTML."""
    if type(value) is str:
        return escape(value) if _has_special(value) else value
    return value if type(value) is Markup else written(str(value))


def _is_text(node: Node) -> bool:
    """Whether a node is nothing but text: values, and conditions with values in them."""
    if isinstance(node, If):
        return not node.elif_ and all(map(_is_text, (*node.body, *node.else_)))
    return isinstance(node, Output)


def _children(node: Node) -> Sequence[Node]:
    return node.nodes if isinstance(node, Output) else [node]


class _Generator(CodeGenerator):
    """Generates the code of a template: what differs from that of Jinja."""

    def write_commons(self) -> None:
        """Begin a function with the names that all functions use."""
        super().write_commons()
        self.writeline("written = environment.written")

    def blockvisit(self, nodes: Iterable[Node], frame: Frame) -> None:
        """Write text, values and conditions that stand side by side down as one string."""
        self.writeline("pass")  # in case there is nothing
        is_plain = not frame.require_output_check and frame.buffer is None
        for is_text, group in groupby(nodes, lambda node: is_plain and _is_text(node)):
            if is_text:
                texts = list(group)
                self.writeline("yield ", texts[0])
                self._write_text(texts, frame)
            else:
                super().blockvisit(group, frame)

    def _write_text(self, texts: Sequence[Node], frame: Frame) -> None:
        """The expression of some text: with `%`, which Python compiles to an f-string."""
        form, values = "", []
        for one in [one for text in texts for one in _children(text)]:
            if isinstance(one, TemplateData):
                form += one.data.replace("%", "%%")
            else:
                form += "%s"
                values.append(one)
        self.write(f"{form!r} % (")
        for one in values:
            match one:
                case If():
                    self._write_text(one.body, frame)
                    self.write(" if ")
                    self.visit(one.test, frame)
                    self.write(" else ")
                    self._write_text(one.else_, frame)
                case Filter(name="safe", node=Expr() as html):
                    self.visit(html, frame)
                case _:
                    self.write("written(")
                    self.visit(one, frame)
                    self.write(")")
            self.write(", ")
        self.write(")")

    def visit_Getattr(self, node: Getattr, frame: Frame) -> None:  # noqa: N802 - the name is Jinja's
        """Look an attribute up as Python does."""
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Call(  # noqa: N802 - as above
        self, node: Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        """Call as Python does: nothing that these templates call wants their context."""
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            super().visit_Call(node, frame, forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in node.args:
            self.visit(argument, frame)
            self.write(", ")
        self.write(")")


class PageTemplates(Environment):
    """The templates of an environment, compiled to write values down quickly."""

    code_generator_class = _Generator
    written = staticmethod(written)

    def __init__(self, environment: Environment) -> None:
        super().__init__(loader=environment.loader, finalize=written, auto_reload=False)
        self.globals = {**environment.globals, "part": self._part}
        self.filters = environment.filters

    def page(self, name: str, values: Mapping[str, object]) -> bytes:
        """A template with these values, in UTF-8. Each piece is encoded by itself, as most have
        only signs of ASCII, of which Python makes bytes at once."""
        return b"".join(map(str.encode, self._pieces(name, values)))

    def _part(self, name: str, page: object) -> str:
        """A part of a page as HTML, in one piece: what is included goes piece by piece through each
        template around it, which takes long if there are hundreds."""
        return "".join(self._pieces(name, {"page": page}))

    def _pieces(self, name: str, values: Mapping[str, object]) -> Iterator[str]:
        template = self.get_template(name)
        context = template.new_context({**self.globals, **values}, shared=True)
        return template.root_render_func(context)
