"""What stands for the world around runs in `test_any_order`: drawing, the other side, and death at any statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

UNTOUCHABLE = ("SAVEPOINT", "RELEASE", "ROLLBACK")  # ends of transactions: these happen or do not, as a whole


class Died(BaseException):
    """The process is gone: nothing of it runs on, and nothing that it did not finish is written."""


class Death:
    """At the statement of the number *left* the process is gone, and each that follows finds it so."""

    def __init__(self, left: int | None) -> None:
        self._left = left
        self._gone = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(UNTOUCHABLE) and self._left is not None:
            self._left -= 1
            if self._gone or self._left < 0:
                self.now()
        return execute(sql, params, many, context)

    def now(self) -> None:
        self._gone, self._left = True, 0
        raise Died


class Inline:
    """Sends one after the other, in this thread: the order is Hypothesis's to choose."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def __enter__(self) -> Inline:
        return self

    def __exit__(self, *_: object) -> None: ...

    def submit(self, act: Any, *given: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(act(*given))
        return done

    def keep(self) -> None:
        """The connection is the test's."""


class World:
    """What stands for sources, drawing and the other side; ``arrived`` is the witness."""

    def __init__(self) -> None:
        self.script: list[str] = []
        self.holds: list[bool] = []
        self.arrived: Counter[Any] = Counter()
        self.death = Death(None)
        self.overtake: Callable[[], None] = lambda: None

    def plan(self, run: Any, *, clock: Any) -> None:
        """Two slices, and three deliveries."""
        from django.db import transaction

        from broadsheet.delivery.models import Delivery as Row
        from broadsheet.delivery.models import StoredChannel
        from broadsheet.runs import claims
        from broadsheet.runs.models import Slice

        channel, now = StoredChannel.objects.get(name="memory"), clock()
        with transaction.atomic():
            claims.hold(run)
            slices = Slice.objects.bulk_create([Slice(occurrence=run, key=str(n), reader={}) for n in range(2)])
            Row.objects.bulk_create(
                Row(
                    organization_id=run.organization_id, occurrence=run, slice=slices[n // 2], channel=channel,
                    recipient_key=str(n), recipient_name=str(n), language="en", zone="UTC", message_id=f"{run.pk} {n}",
                )
                for n in range(3)
            )  # fmt: skip
            claims.write(run, planned_at=now, as_of=now, tries=0)
        run.planned_at = now

    def make(self, run: Any, *, clock: Any, ending: Any, **_: Any) -> Iterator[Any]:
        from django.db import transaction

        from broadsheet.delivery.models import Delivery as Row
        from broadsheet.runs import claims

        for slice in run.slices.filter(state="due").order_by("pk"):
            held = self.holds.pop(0) if self.holds else False
            with transaction.atomic():
                claims.get_on(run)
                slice.state, slice.made_at, slice.verdict = "made", clock(), "held" if held else "passed"
                slice.save(update_fields=["state", "made_at", "verdict"])
                if held:
                    Row.objects.filter(slice=slice, state__in=("due", "retrying")).update(state="held", reason="Odd.")
            yield slice

    def sender(self, *_: object) -> World:
        return self

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_: object) -> None: ...

    def outgoing(self, delivery: Any, **_: object) -> Any:
        return SimpleNamespace(key=delivery.pk, attachments=())

    def send(self, message: Any, *, handing_over: Any) -> Any:
        from broadsheet.delivery.ports import Receipt

        end = self.script.pop(0) if self.script else "accepted"
        if end == "dies before":
            self.death.now()
        if end == "overtaken before":
            self.overtake()
        if end not in ("retry", "failed"):
            handing_over()
            self.arrived[message.key] += 1
        if end == "overtaken after":
            self.overtake()
        if end == "dies after":
            self.death.now()
        return Receipt("accepted" if end.startswith("overtaken") else end, end)


@contextmanager
def instead(world: World) -> Iterator[None]:
    from unittest.mock import patch

    from broadsheet.delivery import gate
    from broadsheet.delivery.actions import send
    from broadsheet.runs.actions import work

    with (
        patch.object(work, "plan", world.plan), patch.object(work, "make", world.make),
        patch.object(work, "admit", lambda run, *, now: None), patch.object(work, "recheck", lambda run, *, now: None),
        patch.object(work, "learn_ahead", lambda run: None), patch.object(work, "weigh", lambda run: None),
        patch.object(work, "ThreadPoolExecutor", Inline), patch.object(work, "Kept", Inline),
        patch.object(work, "close_old_connections", lambda: None), patch.object(work, "Lines", lambda **_: world),
        patch.object(send, "outgoing", world.outgoing), patch.object(gate, "pass_through", lambda delivery: None),
        patch.object(gate, "learn", lambda *_: None), patch.object(work, "random", lambda: 0.5), patch.object(send, "random", lambda: 0.5),
    ):  # fmt: skip
        yield
