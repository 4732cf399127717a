"""What holds for every test: no setting of the machine reaches it, and no clock decides it."""

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

# Started in the background, a shell has its children ignore SIGINT; ours must be interruptible.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("newsdex", deadline=None)  # a busy machine is no fault
settings.load_profile("newsdex")


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for variable in [name for name in os.environ if name.startswith("NEWSDEX_")]:
            patch.delenv(variable)
        yield
