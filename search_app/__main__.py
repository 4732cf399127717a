"""The `newsdex` command, also as `python -m search_app`.

While its modules are loaded, Ctrl-C ends it without a message, as nothing has been done yet, and a
traceback through half-loaded modules would help nobody.

If stdin, stdout or stderr is closed (`2>&-`), `/dev/null` takes its descriptor. Otherwise the next
file that is opened would get it, and messages for stderr could be written into the index.
"""

import os
import signal

while (lowest := os.open(os.devnull, os.O_RDWR)) <= 2:
    os.set_inheritable(lowest, True)
os.close(lowest)

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

# Imported here, after the handler is set.
from search_app.cli import main  # noqa: E402 - see above

if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
    signal.signal(signal.SIGINT, signal.default_int_handler)

if __name__ == "__main__":
    main()
