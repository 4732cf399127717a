"""What holds for every test: what a run has drawn is in force and told, no setting of the machine
reaches it, and no clock decides it."""

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

from tests import conditions

# Started in the background, a shell has its children ignore SIGINT; ours must be interruptible.
signal.signal(signal.SIGINT, signal.default_int_handler)

conditions.put_in_force()

settings.register_profile(
    "newsdex",
    max_examples=conditions.examples(50, 500),
    deadline=None,  # a busy machine is no fault
    suppress_health_check=[HealthCheck.too_slow],
    database=None,  # what is tried follows from the seed, not from what failed before
    derandomize=False,  # nor always the same, as hypothesis has it where CI is set
    print_blob=True,
)
settings.load_profile("newsdex")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.option.hypothesis_seed = config.option.hypothesis_seed or str(conditions.SEED)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Do not measure the coverage of properties: that doubles their time, and after a few examples
    nothing new is reached, nor is it what they are for."""
    for item in items:
        if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj):
            item.add_marker("no_cover")


def pytest_report_header() -> str:
    return f"drawn: {conditions.DRAWN}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Once more beside the failures, and where a quiet run has no header."""
    terminalreporter.write_line(f"To repeat this run: {conditions.DRAWN}")


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for variable in [name for name in os.environ if name.startswith("NEWSDEX_")]:
            patch.delenv(variable)
        yield
