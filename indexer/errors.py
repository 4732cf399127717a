"""What can go wrong, as exceptions. Faults in a file's data are values: see `indexer.item.Problem`.

    NewsdexError                 exit code 1, HTTP 503
    ├── UsageError               2, 400   an option or a parameter has a value it cannot have
    ├── IndexUnusable            3, 503   no index that can be used
    │   ├── IndexMissing                  nothing has been indexed yet
    │   └── IndexDamaged                  files missing or changed, or of no use here
    │       ├── IndexUnreadable           the system refused to read it, perhaps only this once
    │       └── OtherVersion              whole, but in a format of another version
    ├── EngineUnavailable        3, 503   the engine is not installed or does not answer
    ├── WorkersLost              3        a process at work was ended by the system
    ├── IndexLocked              4        another reindex is at work
    ├── RemovalsRefused          5        so many files are gone that the folder may be a wrong one
    └── SeedsMissing             2        the seeds folder is not there or cannot be read

Every message says what happened, to what, and what to do about it. It may name folders and files of
the machine. Those concern whoever runs a server, and nobody else: readers are shown `public`.
"""


class NewsdexError(Exception):
    """The root. `exit_code` is the command line's. A server answers with `kind`, the name in JSON
    error bodies, and with `public`, a message that names no path of the machine."""

    exit_code = 1
    kind = "error"
    public = "this cannot be answered now; the log of the server says why"


class UsageError(NewsdexError):
    """A value that cannot be used. `name` is the option, setting or parameter it was given for."""

    exit_code = 2
    kind = "bad_request"

    def __init__(self, message: str, name: str = "") -> None:
        super().__init__(message)
        self.name = name


class SeedsMissing(NewsdexError):
    """The seeds folder does not exist or cannot be listed."""

    exit_code = 2
    kind = "seeds_missing"


class IndexUnusable(NewsdexError):
    """There is no index that can answer."""

    exit_code = 3
    kind = "index_unusable"
    public = "there is no index that can answer now; ask again in a moment"


class IndexMissing(IndexUnusable):
    """Nothing has been indexed under the folder yet."""

    kind = "index_missing"
    public = "there is no index yet; whoever runs this server makes one with `newsdex reindex`"


class IndexDamaged(IndexUnusable):
    """A generation does not match its manifest or the schema of this version."""

    kind = "index_damaged"
    public = "the index is damaged; whoever runs this server mends it, see `newsdex verify`"


class IndexUnreadable(IndexDamaged):
    """The system refused to read a generation. What is in it need not be damaged: too many files
    may be open, or a right be missing."""

    public = "the index cannot be read just now; ask again in a moment"


class OtherVersion(IndexDamaged):
    """Another version of Newsdex wrote a generation, in a format that this one does not read."""

    kind = "index_other_version"
    public = "the index is of another version; whoever runs this server makes it anew, with reindex"


class RemovalsRefused(NewsdexError):
    """More items have lost their files than a run removes without `--allow-removals`."""

    exit_code = 5
    kind = "removals_refused"


class EngineUnavailable(NewsdexError):
    """The engine asked for is not installed, not known or does not answer."""

    exit_code = 3
    kind = "engine_unavailable"
    public = "the engine of the index does not answer; the log of the server says why"


class WorkersLost(NewsdexError):
    """The system ended a worker process or started none."""

    exit_code = 3
    kind = "workers_lost"


class IndexLocked(NewsdexError):
    """Another process is writing the index."""

    exit_code = 4
    kind = "index_locked"
