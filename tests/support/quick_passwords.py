"""Passwords of tests are hashed at next to no cost: what a portal takes for it is a matter of one test."""

from s2group.accounts.sign_in import SETTINGS

COST = "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"
OF_A_PORTAL = SETTINGS[COST]
OF_TESTS = {"argon2__memory_cost": 8, "argon2__rounds": 1, "argon2__parallelism": 1}


def pytest_configure() -> None:
    """Of every app that is built within the test run."""
    SETTINGS[COST] = OF_TESTS
