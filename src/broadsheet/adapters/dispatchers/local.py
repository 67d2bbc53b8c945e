"""One process that schedules and works; or several over one database without a broker, which look every second."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from broadsheet.plugins import Descriptor
from broadsheet.runs.ports import Bell, Ring

LOOK_SECONDS = 1.0
END_SECONDS = 20.0


class LocalBell:
    """Wakes the threads of this process that listen."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rung = 0

    def ring(self, rings: Sequence[Ring]) -> None:
        with self._changed:
            self._rung += len(rings)
            self._changed.notify_all()

    def wait(self, heard: int) -> int:
        """Until it was rung after *heard*, or a second is over; what was rung by then."""
        with self._changed:
            self._changed.wait_for(lambda: self._rung != heard, timeout=LOOK_SECONDS)
            return self._rung


class LocalDispatcher:
    descriptor = Descriptor("local", "This process", "Workers look into the database every second.")

    def __init__(self) -> None:
        self._bell = LocalBell()

    def bell(self) -> Bell:
        return self._bell

    @contextmanager
    def listen(self, turn: Callable[[], None], *, weights: Sequence[str], places: int) -> Iterator[None]:
        ended = threading.Event()

        def loop() -> None:
            heard = 0
            while not ended.is_set():
                turn()
                heard = self._bell.wait(heard)

        threads = [threading.Thread(target=loop, name=f"runner-{one}", daemon=True) for one in range(places)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            ended.set()
            self._bell.ring([Ring("", one) for one in weights])
            for thread in threads:
                thread.join(timeout=END_SECONDS)

    def check(self) -> str:
        return ""


DISPATCHER = LocalDispatcher()
