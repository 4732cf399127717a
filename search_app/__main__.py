"""`python -m search_app` is `newsdex`."""

from search_app.cli import main

if __name__ == "__main__":  # reading processes import this module, too
    main()
