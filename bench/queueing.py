"""The last hour before a deadline as a queue: what a model foretells beside what a portal does.

    python -m bench.queueing [--seconds 20] [--loads 0.3 0.6 0.8] [--folder build/bench/queueing]

M/G/c: forms come at random and do not wait for one another (Poisson), each takes a time that was measured before, and
as many are served at once as there are processors. The portal is given such arrivals, too, and the waits are compared.
"""

import argparse
import heapq
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import rmtree

from bench.figures import application
from tests.support.databases import settings
from tests.support.server import Portal, running_portal

MEASURED, WARMING_UP = 30, 5
CUSTOMERS = 20_000


def foretold(services: Sequence[float], rate: float, servers: int, count: int = CUSTOMERS) -> list[float]:
    """How long each of so many waits and is served, at so many arrivals a second."""
    chance, arrival, answered = random.Random(1), 0.0, []  # noqa: S311 - no secret
    free = [0.0] * servers
    for _ in range(count):
        arrival += chance.expovariate(rate)
        begin = max(arrival, heapq.heappop(free))
        end = begin + chance.choice(services)
        heapq.heappush(free, end)
        answered.append(end - arrival)
    return answered


def served(portal: Portal, at_once: int) -> list[float]:
    """The seconds that forms take while always as many are under way as can be served at once."""
    acts = [application(portal) for _ in range(MEASURED + WARMING_UP)]
    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(seconds_of, acts))[WARMING_UP:]


def seconds_of(act: Callable[[], None]) -> float:
    """How long it takes."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def seen(portal: Portal, rate: float, seconds: float) -> list[float]:
    """The same of a portal. The forms are opened before the clock starts."""
    chance = random.Random(2)  # noqa: S311 - no secret
    acts = [application(portal) for _ in range(max(5, int(rate * seconds)))]
    answered: list[float] = []

    def send(act: Callable[[], None]) -> None:
        answered.append(seconds_of(act))

    threads = []
    for act in acts:
        time.sleep(chance.expovariate(rate))
        threads.append(threading.Thread(target=send, args=(act,)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return answered


def told(answered: Sequence[float]) -> str:
    """Mean, and what 95 of 100 do not exceed."""
    return f"{statistics.mean(answered):6.2f} s, 95 % {sorted(answered)[len(answered) * 95 // 100]:6.2f} s"


def main() -> None:
    """Measure, foretell, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--loads", type=float, nargs="+", default=[0.3, 0.6, 0.8])
    parser.add_argument("--servers", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path("build/bench/queueing"))
    options = parser.parse_args()
    rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    environ = settings(options.folder.resolve()) | {"S2_ENV": "development", "S2_EMBEDDED_WORKER": "off"}
    with running_portal(environ) as portal:
        services = served(portal, options.servers)
        mean = statistics.mean(services)
        most = options.servers / mean
        sys.stdout.write(
            f"a form of 500 kB takes {mean * 1000:.0f} ms; {options.servers} at once: {most:.1f} a second\n"
        )
        for load in options.loads:
            rate = load * options.servers / mean
            sys.stdout.write(
                f"load {load:.0%}, {rate:5.1f} a second: foretold {told(foretold(services, rate, options.servers))};"
                f" seen {told(seen(portal, rate, options.seconds))}\n"
            )


if __name__ == "__main__":
    main()
