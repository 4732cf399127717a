"""Requests a second over HTTP: `/api/search` against Datasette's JSON of the same items.

Both answer the mixed queries with ten hits, an exact total and four facet groups of 50 values.
Datasette serves the SQLite peer's file, opened as immutable, which spares it what a file that may
change costs; its time limits are lifted so that no facet is left out, and suggesting facets is
off. It neither ranks nor marks, and does not widen `auto`; ours does all three.

Eight clients, in one process on the same machine, each with a connection it keeps, ask without
pause. The servers take turns, run by run.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.asks import Ask, Sets
from tests.bench.corpus import ROOT, Unavailable
from tests.bench.engines import FACET_SIZE, TOP
from tests.bench.ours import request
from tests.bench.processes import Server, environment, newsdex, serving
from tests.bench.sqlite_peer import FILE, TABLE, expression

CLIENTS = 8
READY = {"newsdex": "/readyz", "datasette": "/-/versions.json"}


@dataclass(frozen=True, slots=True)
class Load:
    """What clients saw: requests answered a second, `p50` and `p95` of their times in milliseconds,
    how many answers were neither 200 nor 304, the share of 304, bytes of an answer, headers
    included, and milliseconds of processor time that it took the server."""

    rate: float
    p50: float
    p95: float
    failed: int
    unchanged: float
    bytes: int
    cpu: float


@dataclass(frozen=True, slots=True)
class Traffic:
    """What one server did in one run."""

    server: str
    run: int
    seen: Load


@contextmanager
def our_server(index: Path, log: Path) -> Iterator[Server]:
    """`newsdex serve` over an index, as a person starts it."""
    with serving(newsdex("serve", "--index", str(index)), READY["newsdex"], log) as server:
        yield server


@contextmanager
def datasette(folder: Path, log: Path) -> Iterator[Server]:
    """Datasette over the SQLite peer's file."""
    probe = [sys.executable, "-c", "import datasette"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        raise Unavailable("datasette is not installed")
    command = [sys.executable, "-m", "datasette", "serve", "-i", str(folder / FILE)]
    for setting, value in {
        "suggest_facets": "off",
        "default_facet_size": str(FACET_SIZE),
        "facet_time_limit_ms": "60000",
        "sql_time_limit_ms": "60000",
    }.items():
        command += ["--setting", setting, value]
    with serving(command, READY["datasette"], log) as server:
        yield server


def compare(
    index: Path, database: Path, sets: Sets, seconds: float, say: Callable[[str], None]
) -> tuple[Traffic, ...]:
    """Both servers, each for so many seconds in each run, with the run's mixed queries."""
    paths = {"newsdex": our_path, "datasette": datasette_path}
    found = []
    with ExitStack() as stack:
        work = index.parent
        servers = {
            "newsdex": stack.enter_context(our_server(index, work / "newsdex.log")),
            "datasette": stack.enter_context(datasette(database, work / "datasette.log")),
        }
        for name, server in servers.items():
            load(server, [paths[name](ask) for ask in sets[0]["mixed"]], min(seconds, 2.0))
        for run, asks in enumerate(sets[1:]):
            say(f"run {run + 1} of {len(sets) - 1}: HTTP")
            for name in list(servers) if run % 2 == 0 else reversed(servers):
                asked = [paths[name](ask) for ask in asks["mixed"]]
                found.append(Traffic(name, run, load(servers[name], asked, seconds)))
    return tuple(found)


def load(
    server: Server,
    paths: list[str],
    seconds: float,
    requests: int = 0,
    *,
    clients: int = CLIENTS,
    headers: str = "",
    keeps_tags: bool = False,
) -> Load:
    """Let the clients ask for so long; with `requests`, so many times, however long it takes.

    `headers` are lines sent with each request. With `keeps_tags` each client asks with the entity
    tag of the answer it has.
    """
    began = server.cpu()
    order = {
        "port": server.port,
        "paths": paths,
        "clients": clients,
        "headers": headers,
        "keeps_tags": keeps_tags,
        "seconds": seconds,
        "requests": requests,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.clients"],
        cwd=ROOT,
        env=environment(),
        input=json.dumps(order),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    seen = json.loads(done.stdout)
    asked = seen.pop("asked")
    return Load(**seen, cpu=round(1000 * (server.cpu() - began) / asked, 4))


def our_path(ask: Ask) -> str:
    """The address of a search in our API."""
    wanted = request(ask)
    parameters = [("q", wanted.q), ("match", wanted.match), ("sort", wanted.sort)]
    parameters += [("topic", topic) for topic in wanted.selections["topic"]]
    return "/api/search?" + urlencode([*parameters, ("page_size", str(TOP))])


def datasette_path(ask: Ask) -> str:
    """The address of the same search in Datasette's."""
    parameters = [
        ("_search", expression(ask)),
        ("_searchmode", "raw"),
        ("_facet_array", "topics"),
        ("_facet_array", "providers"),
        ("_facet", "type"),
        ("_facet", "year"),
        ("_size", str(TOP)),
        *(("_col", column) for column in ("id", "title", "excerpt", "stored")),
    ]
    parameters += [("topics__arraycontains", ask.topic)] if ask.topic else []
    parameters += [("_sort_desc", "date")] if ask.newest else []
    return f"/{FILE.removesuffix('.db')}/{TABLE}.json?" + urlencode(parameters)
