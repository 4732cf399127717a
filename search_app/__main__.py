"""The `newsdex` command, also as `python -m search_app`.

While it is loaded, Ctrl-C ends it as it ends any program: nothing has begun that would have to be
told of, and a traceback through half-loaded modules tells nobody anything.

Where stdin, stdout or stderr is closed (`2>&-`) nothing may be opened in its place: what is meant
for stderr would be written into a file of the index.
"""

import os
import signal

while (lowest := os.open(os.devnull, os.O_RDWR)) <= 2:
    os.set_inheritable(lowest, True)
os.close(lowest)

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

# Imported here, after the handler is set.
from search_app.cli import main  # noqa: E402

if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
    signal.signal(signal.SIGINT, signal.default_int_handler)

if __name__ == "__main__":
    main()
