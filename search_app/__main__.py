"""The `newsdex` command, also as `python -m search_app`.

While it is loaded, Ctrl-C ends it as it ends any program: nothing has begun that would have to be
told of, and a traceback through half-loaded modules tells nobody anything.
"""

import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

# Imported here, after the handler is set.
from search_app.cli import main

if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
    signal.signal(signal.SIGINT, signal.default_int_handler)

if __name__ == "__main__":
    main()
