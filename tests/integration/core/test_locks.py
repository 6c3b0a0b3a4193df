"""One holder at a time, in whatever process, and none for longer than it lives."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from s2group.core.locks import exclusive, shared
from s2group.extensions import db
from tests.support.holding import NAME, holding, wanting


def is_free() -> bool:
    with exclusive(NAME, wait=False) as held:
        return held


def becomes_free() -> bool:
    """A server sees a moment later that a process was killed."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if is_free():
            return True
        time.sleep(0.02)
    return False


def test_a_lock_is_held_by_one_process_and_free_at_its_end(app: Flask) -> None:
    assert is_free()
    with holding(app, "exclusive") as other:
        assert not is_free()
        with exclusive("another-thing", wait=False) as held:
            assert held
        other.let_go()
    assert is_free()


def test_the_second_process_gets_it_after_the_first(app: Flask) -> None:
    with holding(app, "exclusive") as first, wanting(app, "exclusive") as second, ThreadPoolExecutor(1) as pool:
        second_hears = pool.submit(second.heard)
        with pytest.raises(TimeoutError):
            second_hears.result(timeout=0.5)
        first.let_go()
        assert second_hears.result(timeout=30) == "held"
        second.let_go()


@pytest.mark.parametrize("how", ["exclusive", "shared"])
def test_the_death_of_its_holder_frees_it(app: Flask, how: str) -> None:
    with holding(app, how) as other:
        assert not is_free()
        other.die()
        assert becomes_free()


def test_many_may_share_it_and_nobody_has_it_alone_meanwhile(app: Flask) -> None:
    with holding(app, "shared") as first, holding(app, "shared") as second:
        with shared(NAME):
            pass
        first.let_go()
        assert not is_free()
        second.let_go()
    assert is_free()


def test_whoever_waits_gets_it_as_soon_as_it_is_free(app: Flask) -> None:
    def wait() -> None:
        with app.app_context(), exclusive(NAME):
            pass

    with ThreadPoolExecutor(1) as pool, holding(app, "shared") as other:
        waiting = pool.submit(wait)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.3)
        other.let_go()
        waiting.result(timeout=10)


def test_an_error_in_the_block_frees_it(app: Flask) -> None:
    with pytest.raises(RuntimeError), exclusive(NAME):
        raise RuntimeError
    assert is_free()


def test_it_outlasts_the_callers_transactions(app: Flask) -> None:
    with exclusive(NAME):
        db.session.execute(db.text("SELECT 1"))
        db.session.rollback()
        assert not is_free()
    assert is_free()


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)  # a file has no connection
def test_a_lost_connection_spoils_neither_the_block_nor_the_next_lock(app: Flask) -> None:
    with exclusive(NAME):
        db.session.execute(db.text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
        db.session.rollback()
        assert becomes_free()
    assert is_free()
