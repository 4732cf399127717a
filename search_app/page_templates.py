"""The templates of pages of results, in which hundreds of values are written down.

They are the application's own, see the same names and escape the same signs. But they are compiled
to less work: text and values that stand side by side are written in one piece, an attribute is
looked up directly, and what is `safe` is known to be so when a template is compiled, not each time
it is shown. So they have no macros and no blocks that they keep as values, which would be escaped
twice; and a name that there is not is an error.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup

NAME = "newsdex.templates"
"""The key of these templates among an application's extensions."""

_has_special = re.compile("[&<>\"']").search


def written(value: Any) -> str:
    """A value as HTML: escaped, unless it says that it is HTML."""
    if type(value) is str:
        return escape(value) if _has_special(value) else value
    return value if type(value) is Markup else written(str(value))


class _Generator(CodeGenerator):
    """Generates the code of a template: what differs from that of Jinja."""

    def write_commons(self) -> None:
        """Begin a function with the names that all functions use."""
        super().write_commons()
        self.writeline("written = environment.written")

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802
        """Write text and values down: with `%` as Python compiles it, to an f-string."""
        if frame.require_output_check or frame.buffer is not None:
            super().visit_Output(node, frame)
            return
        form, values = "", []
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                form += child.data.replace("%", "%%")
            else:
                form += "%s"
                values.append(child)
        self.writeline(f"yield {form!r} % (", node)
        for value in values:
            match value:
                case nodes.Filter(name="safe", node=nodes.Expr() as html):
                    self.write("(")
                    self.visit(html, frame)
                case _:
                    self.write("written(")
                    self.visit(value, frame)
            self.write("), ")
        self.write(")")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        """Look an attribute up as Python does."""
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Call(  # noqa: N802
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
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
