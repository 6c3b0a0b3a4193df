"""Databases and files of tests lie in memory, where a commit waits for no disk. A plugin for pytest."""

import gc
import sys
import tempfile

import pytest

from tests.support.guard import Guard
from tests.support.postgres import roomy_memory

guards: list[Guard] = []


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Where no `--basetemp` is given, one in memory, which goes however the run ends. Workers get a folder of it."""
    # What a test leaves goes by itself for the most part: looking for circles at every step took a tenth of a run.
    gc.set_threshold(50_000, 10, 10)
    # Else every upgrade of a database compiles all migrations anew.
    sys.dont_write_bytecode = False
    memory = roomy_memory()
    if memory and not config.option.basetemp and not hasattr(config, "workerinput"):
        config.option.basetemp = tempfile.mkdtemp(prefix="s2tests-", dir=memory)
        guards.append(Guard("rm", "-rf", config.option.basetemp))


def pytest_unconfigure() -> None:
    """Clear away what the run has left."""
    while guards:
        guards.pop().close()
