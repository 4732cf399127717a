"""Keeps the type and the place of an unforeseen exception, but never its message.

The message may quote the file that was read, private values included. Of the calls that led to the
exception, only modules, lines and functions of the program are kept.
"""

import traceback


class UnexpectedError(Exception):
    """Stands for an exception in logs, as their `exc_info`; nobody raises it.

    `kind` is the name of its type, `place` where it was raised (`module:line`), `calls` the calls
    that led there, a line each, `place` last. It can be sent to another process.
    """

    def __init__(self, kind: str, place: str, calls: str) -> None:
        super().__init__(kind, place, calls)
        self.kind, self.place, self.calls = kind, place, calls

    def __str__(self) -> str:
        return f"{self.kind} at {self.place}, by way of\n{self.calls}"


def unexpected(error: Exception, last_calls: int = 20) -> UnexpectedError:
    """What may be logged of an exception that was caught, with at most `last_calls` calls."""
    calls = [
        (f"{frame.f_globals.get('__name__', '?')}:{line}", frame.f_code.co_name)
        for frame, line in traceback.walk_tb(error.__traceback__)
    ][-last_calls:]
    place = calls[-1][0] if calls else "?"
    return UnexpectedError(
        type(error).__name__, place, "\n".join(f"  {at} in {name}" for at, name in calls)
    )
