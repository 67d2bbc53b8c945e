"""Celery on RabbitMQ or Redis: schedulers ring, workers on any machine hear it.

A message carries a run's id and is a doorbell, not an order: whoever hears it takes what is first in the queue of the
database, until nothing is left. A message is acknowledged after that, so that the broker gives each worker no more than it
has places for; one that is lost, doubled or late changes nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings

from broadsheet.plugins import Descriptor
from broadsheet.runs.ports import Bell, Ring

if TYPE_CHECKING:
    from celery import Celery

log = logging.getLogger(__name__)
TASK = "broadsheet.turn"
CONNECT_SECONDS = 4
STALE_SECONDS = 60  # by then it was rung again; a broker that keeps no time delivers it late, which does no harm
# A worker looks by itself too, so that a broker that is away delays and does not stop: every 15 s, as leases are.
LOOK_SECONDS = settings.LEASE_SECONDS / 4
CALL_AGAIN_SECONDS = 4  # between calls on a broker that is away; Celery's own pause grows to half a minute
END_SECONDS = 20.0
ACKNOWLEDGED_SECONDS = 2.0  # after a turn; then the connection is taken for broken
LEAVE_SECONDS = 2.0  # a consumer that waits for a broker that is away is left behind


def queue_of(weight: str) -> str:
    return f"broadsheet.{weight}"


def application(url: str) -> Celery:
    """Celery over the broker at *url*. JSON alone, no results, no retries of its own."""
    from celery import Celery

    made = Celery("broadsheet", broker=url, set_as_current=False)
    made.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        task_acks_late=True,
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        broker_connection_timeout=CONNECT_SECONDS,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        task_publish_retry=False,
        broker_transport_options=_transport(url),
        task_create_missing_queues=True,
    )
    return made


def _transport(url: str) -> dict[str, object]:
    if not url.startswith(("redis", "rediss")):
        return {}
    return {"socket_connect_timeout": CONNECT_SECONDS, "socket_keepalive": True, "visibility_timeout": 3600}


class CeleryBell:
    def __init__(self, app: Celery) -> None:
        self._app = app

    def ring(self, rings: Sequence[Ring]) -> None:
        with self._app.producer_or_acquire() as producer:
            for one in rings:
                self._app.send_task(
                    TASK, args=[one.run], queue=queue_of(one.weight), expiration=STALE_SECONDS, producer=producer
                )


class CeleryDispatcher:
    descriptor = Descriptor("celery", "Celery", "RabbitMQ or Redis, for workers on any number of machines.")

    def bell(self) -> Bell:
        return CeleryBell(application(settings.BROKER_URL))

    @contextmanager
    def listen(self, turn: Callable[[], None], *, weights: Sequence[str], places: int) -> Iterator[None]:
        from celery.worker import WorkController, state

        app = application(settings.BROKER_URL)
        free = threading.Semaphore(places)
        ended = threading.Event()

        def heard(run: str = "") -> None:
            while (
                not ended.is_set()
            ):  # what is heard after that has no place to wait for, and its thread would never end
                if free.acquire(timeout=LEAVE_SECONDS):
                    try:
                        return turn()
                    finally:
                        free.release()

        app.set_default()  # its pool's threads look there for the task
        watched = _request(lambda: controller)
        app.task(name=TASK, shared=False, lazy=False, Request=watched)(heard)  # shared, a second would call the first's
        controller: Any = WorkController(
            app=app, pool="threads", consumer_cls=_consumer(), concurrency=places, queues=[queue_of(one) for one in weights],
            without_mingle=True, without_gossip=True, optimization="default",
        )  # fmt: skip

        def look() -> None:
            while not ended.wait(LOOK_SECONDS):
                heard()

        state.should_stop = None
        threads = [
            threading.Thread(target=_serve, args=(controller, ended), name="celery", daemon=True),
            threading.Thread(target=look, name="looking", daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            ended.set()
            state.should_stop = 0  # its own thread ends it: two that read one connection wait for each other
            end = time.monotonic() + END_SECONDS
            for _ in range(places):  # all are free when no turn is under way
                free.acquire(timeout=max(0.0, end - time.monotonic()))
            for thread in threads:
                thread.join(timeout=LEAVE_SECONDS)

    def check(self) -> str:
        try:
            with application(settings.BROKER_URL).connection_for_write(connect_timeout=CONNECT_SECONDS) as link:
                link.ensure_connection(max_retries=1, timeout=CONNECT_SECONDS)
        except Exception as error:  # whatever a transport raises
            return f"The broker does not answer: {type(error).__name__}."
        return ""


def _consumer() -> Any:
    """Celery's consumer, which however long its broker was away hears it within seconds of its being back."""
    from celery.worker.consumer import Consumer
    from celery.worker.state import maybe_shutdown

    class Soon(Consumer):  # type: ignore[misc]
        def ensure_connected(self, conn: Any) -> Any:
            def away(error: Exception, _: float) -> None:
                log.warning("the broker does not answer action=listen error=%s", type(error).__name__)

            return conn.ensure_connection(
                away, None, interval_start=1, interval_step=1, interval_max=CALL_AGAIN_SECONDS, callback=maybe_shutdown
            )

    return Soon


def _request(controller: Callable[[], Any]) -> Any:
    """A message in hand, which tells the consumer when it could not be acknowledged. Else a consumer whose places were all
    taken when its broker went would never look at the connection again, and wait for ever. One that came by an earlier
    connection says nothing of the present one."""
    from celery.worker.request import Request

    class Watched(Request):  # type: ignore[misc]
        def acknowledge(self) -> None:
            super().acknowledge()  # which leaves it to the loop's own thread
            if (loop := controller().hub) is not None:
                loop.call_soon(loop.call_later, ACKNOWLEDGED_SECONDS, self.look)

        def look(self) -> None:
            present = getattr(controller().consumer.connection, "_connection", None)
            if not self.message.acknowledged and self.message.channel.connection is present:
                raise ConnectionResetError("a message could not be acknowledged")

    return Watched


def _serve(controller: Any, ended: threading.Event) -> None:
    """The consumer, begun anew when it breaks off: it outlives its broker."""
    while not ended.is_set():
        try:
            controller.start()
        except Exception:  # a thread's border
            log.exception("the broker's consumer broke off action=listen")
        ended.wait(CONNECT_SECONDS)


DISPATCHER = CeleryDispatcher()
