"""`python -m tests.bench.empty_view --port N`: a Flask view that does nothing, under waitress.

It is what others reach whose views do nothing: the yardstick of requests a second.
"""

import click
import waitress
from flask import Flask

THREADS = 8

app = Flask(__name__)


@app.get("/")
def empty() -> str:
    """Nothing."""
    return ""


@click.command()
@click.option("--port", type=int, required=True)
def main(port: int) -> None:
    """Serve until ended."""
    waitress.serve(app, host="127.0.0.1", port=port, threads=THREADS)


if __name__ == "__main__":
    main()
