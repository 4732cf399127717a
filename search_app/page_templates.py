"""The templates of pages of results, in which hundreds of values are written down.

They are the application's own, see the same names and escape the same signs. But they are compiled
to less work: a page is one function, with what it extends and includes in its place; text and
values that stand side by side are written in one piece, an attribute is looked up directly, and
what is `safe` is known to be so when a template is compiled, not each time it is shown. So they
have no macros and no blocks that they keep as values, which would be escaped twice; and a name that
there is not is an error.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby

from jinja2 import DictLoader, Environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import (
    Assign,
    Block,
    Call,
    Expr,
    Extends,
    Filter,
    Getattr,
    If,
    Include,
    Node,
    Output,
    Scope,
    Template,
    TemplateData,
)
from jinja2.visitor import NodeTransformer

from search_app.search.highlighting.scanners import FASTEST

NAME = "newsdex.templates"
"""The key of these templates among an application's extensions."""


class _Joiner(NodeTransformer):
    """Puts what a template extends or includes in its place, so that a page is a single function.
    `read` gives a template by its name."""

    def __init__(self, read: Callable[[str], Template]) -> None:
        self._read, self._blocks = read, dict[str, Block]()

    def visit_Template(self, node: Template) -> Node:  # noqa: N802 - the name is Jinja's
        """The template, or the one that it extends, with its blocks."""
        extends = node.find(Extends)
        if extends is None:
            return self.generic_visit(node)
        self._blocks = {block.name: block for block in node.find_all(Block)} | self._blocks
        joined: Node = self.visit(self._read(extends.template.as_const()))
        return joined

    def visit_Block(self, node: Block) -> list[Node]:  # noqa: N802 - as above
        """What is in the block, or in that of a template that extends this one."""
        block = self._blocks.get(node.name, node)
        self.generic_visit(block)
        return _in_place(block)

    def visit_Include(self, node: Include) -> list[Node]:  # noqa: N802 - as above
        """What is in the template that is included."""
        part: Template = _Joiner(self._read).visit(self._read(node.template.as_const()))
        return _in_place(part)


def _in_place(part: Block | Template) -> list[Node]:
    """What is in a part of a page, to stand in another. Outside of a part its variables are
    unknown."""
    return [Scope(part.body)] if part.find(Assign) else part.body


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
        self.writeline("as_html = environment.as_html")

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
                    self.write("as_html(")
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
    as_html = staticmethod(FASTEST.as_html)

    def __init__(self, environment: Environment) -> None:
        self._loader = environment.loader or DictLoader({})
        super().__init__(loader=self._loader, finalize=FASTEST.as_html, auto_reload=False)
        self.globals = environment.globals
        self.filters = environment.filters
        self._page = cache(self.get_template)

    def _parse(self, source: str, name: str | None, filename: str | None) -> Template:
        """A template, joined with all that it extends and includes."""
        parse = super()._parse

        def read(name: str) -> Template:
            source, filename, _ = self._loader.get_source(self, name)
            return parse(source, name, filename)

        joined: Template = _Joiner(read).visit(parse(source, name, filename))
        return joined

    def page(self, name: str, values: Mapping[str, object]) -> bytes:
        """A template with these values, in UTF-8. Each piece is encoded by itself, as most have
        only signs of ASCII, of which Python makes bytes at once."""
        template = self._page(name)
        context = template.new_context({**self.globals, **values}, shared=True)
        return b"".join(map(str.encode, template.root_render_func(context)))
