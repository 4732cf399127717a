"""`python -m search_app` is `newsdex`."""

from search_app.cli import main

main()
