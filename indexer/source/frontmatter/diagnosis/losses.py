"""Texts that YAML reads without a fault, but otherwise than they were written.

A `#` after a blank begins a comment, `&` a name, `!` a tag; a backslash in double quotes an escape;
a quote that is not closed takes in the keys below it. Whoever uses a text as text tells what was
lost and shows the line that keeps it; for dates, numbers and flags nothing of this matters.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from indexer.source.frontmatter.diagnosis.brackets import bracketed, in_brackets, quotes_around
from indexer.source.frontmatter.diagnosis.escapes import unmeant
from indexer.source.frontmatter.diagnosis.lines import (
    FIRST_LINE,
    LONGEST_SHOWN,
    indent,
    is_idle,
    key_column,
    parse_line,
    shown,
)
from indexer.source.frontmatter.diagnosis.quotes import all_of_it, in_quotes, quote
from indexer.source.frontmatter.nodes import NOTHING, PRIVATE_LINE, without_private

_COMMENT = re.compile(r"[ \t]+#")
_REFERENCE = re.compile(r"\*([\w-]+)")
_HASHTAG = re.compile(r"[ \t]*#[^\s#]")
_TAG_CUT = re.compile(r"(?:^|[\[,])[ \t]*+#[^\s#]", re.MULTILINE)
_QUOTED = re.compile(r"(?<=[\[,])\s*+(?:\"(?:[^\"\\]|\\[\s\S])*+\"|'(?:[^']|'')*+')")
_TAG = re.compile(
    r"!(?:!?[\w.-]+:\w|!?(?:cs|go|java|js|lua|perl|php|python|ruby)/\w|[\w.-]+/\S+:\w|<(?:!|\w+:)"
    r"|!(?:binary|bool|float|int|map|merge|null|omap|pairs|seq|set|str|timestamp)\b)"
)

_BANG = (
    "the value begins with '!', which begins a tag in YAML, and was read as text all the same; "
    "put {all} in quotes"
)
_NAME = (
    "the value begins with '&', which begins a name in YAML, and that word was left out; "
    "put {all} in quotes"
)
_CUT_OFF = "a # after a blank begins a comment in YAML, so the text from there on was left out; "
_CUT = f"{_CUT_OFF}put {{all}} in quotes"


class Losses:
    """What is lost of the texts in a front matter."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._has_comments = "#" in text and (" #" in text or "\t#" in text)
        self._has_escapes = "\\" in text
        self.are_possible = self._has_comments or self._has_escapes
        """Whether a text on one line may have lost anything, without a tag or a name before it."""

    @cached_property
    def _lines(self) -> Sequence[str]:
        # A parser that reaches the end names a line after the last one.
        return [*self._text.split("\n"), "", ""]

    @cached_property
    def _private(self) -> Sequence[int]:
        """The lines that stand for a private key."""
        if not PRIVATE_LINE.search(self._text):
            return ()
        return [at for at, line in enumerate(self._lines) if PRIVATE_LINE.match(line)]

    @cached_property
    def _references(self) -> frozenset[str]:
        return frozenset(_REFERENCE.findall(self._text))

    def read(self, event: Any) -> tuple[str, str, bool]:
        """A text's event as it is to be read; what to tell about it, or nothing; and whether it is
        cut because it takes in the line of a private key."""
        style, text = event.style, event.value
        first, last = event.start_mark.line, event.end_mark.line
        if first != last:
            is_block = style == "|" or style == ">"
            at = bisect_right(self._private, first)
            if at < len(self._private) and self._private[at] <= last - is_block:
                return without_private(text).removesuffix("…").rstrip(" \n\t'\"{[,-?&!"), "", True
            if not is_block and style and (loss := self._keys_taken_in(event)):
                return text, loss, False
        if not style:
            if event.tag and (bang := self._bang(event)):
                return bang, self._told(_BANG, event), False
            if event.anchor and event.anchor not in self._references:
                return text, self._told(_NAME, event), False
            if self._has_comments and self._is_cut(event):
                return text, self._told(_CUT, event), False
        elif style == '"' and self._has_escapes:
            return text, self._escapes(event), False
        elif style in ("|", ">") and not text.strip():
            return text, self._block(event), False
        return text, "", False

    def quoted(self, event: Any) -> str:
        """The line on which a list or mapping begins, with its value in quotes, if all of it seems
        to be on that line; or else nothing. Of `[a: b, c]` all texts are put in quotes."""
        at = event.start_mark
        line = self._lines[at.line]
        if len(line) > LONGEST_SHOWN:
            return ""
        before, value = line[: at.column], line[at.column :].rstrip()
        found = bracketed(line)
        if event.flow_style and found and found.start < at.column:
            last, corrected = in_brackets(self._lines, at.line, found)
            return _copy([corrected]) if last == at.line else ""
        if event.flow_style:
            is_whole = found and found.start == at.column and value[-1] in "]}"
        else:
            rest = (self._lines[index] for index in range(at.line + 1, len(self._lines)))
            below = next((text for text in rest if not is_idle(text)), "")
            is_whole = re.fullmatch(r"\s*-\s+", before) and indent(below) <= indent(line)
        return _copy([before + in_quotes(value)]) if is_whole else ""

    def tags_cut(self, event: Any) -> str:
        """What to tell of a list in brackets in which a `#tag` began a comment; or nothing."""
        at = event.start_mark
        line = bracketed(self._lines[at.line]) if "#" in self._text else None
        if line is None or line.start != at.column or not event.flow_style:
            return ""
        last, requoted = in_brackets(self._lines, at.line, line)
        value = "\n".join(self._lines[at.line : last + 1])[at.column :]
        if last == at.line or not _TAG_CUT.search(_QUOTED.sub("", value)):
            return ""
        copy = _copy([requoted])
        message = f"{_CUT_OFF}{quotes_around(at.line, last)}"
        return f"{message}: {copy}" if copy else message

    def _written(self, event: Any) -> str:
        """A text as it stands in the file, with its tag, its name and its quotes."""
        return self._text[event.start_mark.index : event.end_mark.index]

    def _keys_taken_in(self, event: Any) -> str:
        first, last = event.start_mark.line, event.end_mark.line
        margin = key_column(self._lines[first])
        if margin is None:
            return ""
        for index in range(first + 1, last + 1):
            column = key_column(self._lines[index])
            if column is not None and column <= margin:
                message = (
                    f"the text goes on over the key on line {index + FIRST_LINE}; close its quotes"
                )
                return self._told(message, event, _after_quote, index - 1)
        return ""

    def _bang(self, event: Any) -> str:
        """A text that begins with `!` and no tag that a program writes; or nothing."""
        written = self._written(event)
        return "" if written[0] != "!" or _TAG.match(written) else " ".join(written.split())

    def _is_cut(self, event: Any) -> bool:
        """Whether a comment follows a text; or a hashtag, if no value is before it."""
        end = event.end_mark
        sign = _HASHTAG if event.value in NOTHING else _COMMENT
        return bool(sign.match(self._lines[end.line], end.column))

    def _block(self, event: Any) -> str:
        """Nothing stands below a `|` or `>`, but something beside it."""
        at = event.start_mark
        sign, beside = self._lines[at.line][at.column], self._lines[at.line][at.column + 1 :]
        if not beside.strip("+- "):
            return ""
        message = (
            f"the value begins with '{sign}', after which YAML takes the text from the lines "
            "below; put {all} in quotes"
        )
        return self._told(message, event, last=at.line)

    def _escapes(self, event: Any) -> str:
        wrong = unmeant(self._written(event))
        remedy = "put {all} in single quotes"
        return self._told(wrong + remedy, event, _inside_quotes) if wrong else ""

    def _told(
        self,
        message: str,
        event: Any,
        meant: Callable[[str], str] = str,
        last: int | None = None,
    ) -> str:
        """The message, with the line to write instead if that can be said: the value, which ends on
        line `last`, as it was `meant`, in quotes. `{all}` in the message stands for the value."""
        at = event.start_mark
        lines = self._lines[at.line : (event.end_mark.line if last is None else last) + 1]
        before = f"{lines[0][: at.column].rstrip()} "
        value = "\n".join([lines[0][at.column :], *lines[1:]]).strip()
        told = message.replace("{all}", all_of_it(value, at.line))
        line = parse_line(f"{before}x")
        if line is None or line.value != "x":
            return told
        copy = _copy(quote([before], 0, line, meant(value)).values())
        return f"{told}: {copy}" if copy else told


def _copy(lines: Iterable[str]) -> str:
    """Lines to copy; empty if they may hold something private, or are too long."""
    copy = shown(lines)
    return copy if without_private(copy) == copy else ""


def _after_quote(value: str) -> str:
    return value[1:]


def _inside_quotes(value: str) -> str:
    return value[1:].removesuffix('"').replace('\\"', '"')
