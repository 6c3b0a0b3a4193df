"""A plugin for pytest: a run that is asked to terminate ends in order."""

import signal


def pytest_configure() -> None:
    """End as on Ctrl-C when asked to terminate: then fixtures clear away what they have made."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
