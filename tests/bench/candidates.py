"""WSGI servers that could stand behind `newsdex serve`: how each is started over the same app.

Those that are not installed in the interpreter given are left out.
"""

from dataclasses import dataclass

APP = "search_app.app:create_app"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A server: the module it is run as, and its arguments, of which `{port}` is the port's."""

    name: str
    module: str
    arguments: tuple[str, ...]

    def command(self, python: str, port: int) -> list[str]:
        """The command line that starts it."""
        return [python, "-m", self.module, *(a.format(port=port) for a in self.arguments)]


def _granian(*more: str) -> tuple[str, ...]:
    line = f"--interface wsgi --factory --workers 1 --no-ws --http 1 --port {{port}} {APP}"
    return (*line.split(), *more)


def _gunicorn(*more: str) -> tuple[str, ...]:
    return ("-w", "1", "-b", "127.0.0.1:{port}", "--log-level", "error", *more, f"{APP}()")


def _waitress(*more: str) -> tuple[str, ...]:
    return ("--host=127.0.0.1", "--port={port}", "--threads=8", *more, "--call", APP)


CANDIDATES = (
    Candidate("newsdex serve", "search_app", ("serve", "--port", "{port}")),
    Candidate("waitress", "waitress", _waitress()),
    Candidate(
        "waitress, limits set",
        "waitress",
        _waitress(
            "--outbuf-high-watermark=1000000000",
            "--connection-limit=1000",
            "--channel-timeout=10",
            "--cleanup-interval=5",
            "--asyncore-use-poll",
        ),
    ),
    Candidate("granian", "granian", _granian("--blocking-threads", "8")),
    Candidate(
        "granian, many threads",
        "granian",
        _granian(
            *("--blocking-threads", "64", "--backpressure", "4096"),
            *("--http1-header-read-timeout", "10000", "--http1-buffer-size", "65536"),
        ),
    ),
    Candidate("gunicorn gthread", "gunicorn", _gunicorn("-k", "gthread", "--threads", "8")),
    Candidate("gunicorn gevent", "gunicorn", _gunicorn("-k", "gevent")),
)
