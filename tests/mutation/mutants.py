"""All the changes of a module: what a slip of the hand, or of the mind, would make of it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

FLIPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.Gt: ast.GtE,
    ast.Eq: ast.NotEq,
    ast.Is: ast.IsNot,
    ast.In: ast.NotIn,
    ast.Add: ast.Sub,
    ast.Mult: ast.Div,
    ast.LShift: ast.RShift,
    ast.BitOr: ast.BitAnd,
    ast.And: ast.Or,
}
FLIPS |= {new: old for old, new in FLIPS.items()}
FLIPS |= {ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult}
OPPOSITES = {"min": "max", "max": "min", "any": "all", "all": "any"}
LEFT_ALONE = ("annotation", "returns", "decorator_list")
"""Parts of a tree that say how something is declared, not what it does."""


Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module changed in one place. `line` is the source line there, `text` the whole module."""

    number: int
    line: str
    change: str
    text: str


def mutants(source: str) -> list[Mutant]:
    """Each change of a module that makes it another one."""
    tree, lines, seen = ast.parse(source), source.splitlines(), {ast.unparse(ast.parse(source))}
    made = []
    for owner, field, place, old in _places(tree):
        for new in (*_of_expression(old), *_of_statement(old, owner)):
            _put(owner, field, place, new)
            text = ast.unparse(ast.fix_missing_locations(tree))
            _put(owner, field, place, old)
            if text not in seen:
                seen.add(text)
                number = old.lineno  # type: ignore[attr-defined]
                change = f"{_told(old)} -> {_told(new)}"
                made.append(Mutant(number, lines[number - 1].strip(), change, text))
    return made


def _places(owner: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Each place of a tree where something may stand instead, and what stands there."""
    for field, value in ast.iter_fields(owner):
        if field in LEFT_ALONE or isinstance(owner, ast.JoinedStr) or _is_type(owner):
            continue
        if isinstance(owner, ast.ClassDef) and field == "keywords":
            continue
        for place, old in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(old, ast.AST) and not _is_text(old):
                if hasattr(old, "lineno"):
                    yield owner, field, place if isinstance(value, list) else None, old
                yield from _places(old)


def _is_text(node: ast.AST) -> bool:
    """Whether it is a docstring, or what says more of a name."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_type(node: ast.AST) -> bool:
    """Whether it is a type with parameters, as in `Pair = tuple[int, int]`."""
    return isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("dict", "list", "tuple")


def _told(node: ast.AST) -> str:
    """A node in one line, statements of several lines by their first."""
    first, *rest = ast.unparse(node).split("\n")
    return first.removesuffix(":") if rest else first


def _put(owner: ast.AST, field: str, place: int | None, node: ast.AST) -> None:
    if place is None:
        setattr(owner, field, node)
    else:
        getattr(owner, field)[place] = node


def _of_expression(old: ast.AST) -> Iterator[ast.expr]:
    """What may stand in the place of an expression."""
    match old:
        case ast.Compare(left, [*operators], right):
            for place, operator in enumerate(operators):
                flipped = [*operators]
                flipped[place] = FLIPS[type(operator)]()  # type: ignore[call-overload]
                yield ast.Compare(left, flipped, right)
        case ast.BinOp(left, operator, right) if type(operator) in FLIPS:
            yield ast.BinOp(left, FLIPS[type(operator)](), right)  # type: ignore[arg-type]  # of one kind
        case ast.BoolOp(operator, values):
            yield ast.BoolOp(FLIPS[type(operator)](), values)  # type: ignore[arg-type]  # of one kind
            yield from (ast.BoolOp(operator, rest) for rest in _shorter(values))
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() | float() as value):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.Constant(str()) | ast.JoinedStr():
            yield ast.Constant("mutant")
        case ast.Constant(bytes()):
            yield ast.Constant(b"mutant")
        case ast.IfExp(body=body, orelse=other):
            yield from (body, other)
        case ast.Tuple(elements, ast.Load()) if len(elements) > 1:
            yield from (ast.Tuple(rest, ast.Load()) for rest in _shorter(elements))
        case ast.List(elements, ast.Load()):
            yield from (ast.List(rest, ast.Load()) for rest in _shorter(elements))
        case ast.Dict(keys, values):
            for place in range(len(keys)):
                rest = [[*side[:place], *side[place + 1 :]] for side in (keys, values)]
                yield ast.Dict(*rest)
        case ast.Slice(lower, upper, step):
            yield from (ast.Slice(None, upper, step), ast.Slice(lower, None, step))
        case ast.Yield(value=ast.expr()):
            yield ast.Yield(ast.Constant(None))
        case ast.Call():
            yield from _of_call(old)


def _of_call(old: ast.Call) -> Iterator[ast.expr]:
    function, given, named = old.func, old.args, old.keywords
    if isinstance(function, ast.Attribute) and all(isinstance(it, ast.Constant) for it in given):
        yield function.value  # as if the method had not been called
    if isinstance(function, ast.Name) and function.id in OPPOSITES:
        yield ast.Call(ast.Name(OPPOSITES[function.id]), given, named)
    elif len(given) > 1 and not any(isinstance(it, ast.Starred) for it in given):
        yield ast.Call(function, [given[1], given[0], *given[2:]], named)
    yield from (ast.Call(function, given, rest) for rest in _shorter(named))


def _of_statement(old: ast.AST, owner: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a statement or of a part of it."""
    match old:
        case ast.Break():
            yield from (ast.Continue(), ast.Pass())
        case ast.Continue():
            yield from (ast.Break(), ast.Pass())
        case ast.Return(value=ast.expr()):
            yield ast.Return(ast.Constant(None))
        case ast.AnnAssign() if isinstance(owner, ast.ClassDef):
            return  # a field
        case (
            ast.Expr()
            | ast.Assign()
            | ast.AugAssign()
            | ast.AnnAssign()
            | ast.Raise()
            | ast.Return()
        ):
            yield ast.Pass()
        case ast.If(body=body, orelse=other):
            yield from (ast.If(ast.Constant(told), body, other) for told in (True, False))
        case ast.While(body=body, orelse=other):
            yield ast.While(ast.Constant(False), body, other)
        case ast.For(target, _, body, other):
            yield ast.For(target, ast.Tuple([], ast.Load()), body, other)
        case ast.ExceptHandler(ast.Tuple(caught), name, body):
            for rest in _shorter(caught):
                yield ast.ExceptHandler(ast.Tuple(rest, ast.Load()), name, body)
        case ast.ExceptHandler(ast.expr(), name, body):
            yield ast.ExceptHandler(ast.Tuple([], ast.Load()), name, body)
    if isinstance(old, ast.AugAssign):
        yield ast.AugAssign(old.target, FLIPS[type(old.op)](), old.value)  # type: ignore[arg-type]  # of one kind
    if isinstance(owner, ast.comprehension) and old in owner.ifs:
        yield ast.Constant(True)


def _shorter(some: list[Node]) -> list[list[Node]]:
    """The list without each of its members in turn."""
    return [[*some[:place], *some[place + 1 :]] for place in range(len(some))]
