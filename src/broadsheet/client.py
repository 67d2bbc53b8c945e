"""A small client for whatever starts reports from outside: orchestrators, deployments, scripts.

    with Client("https://reports.example", token="bst_…") as broadsheet:
        run = broadsheet.start("buyers-monday", given={"period": "last week"}, key="orders-2026-11-24")
        result = broadsheet.wait(run, seconds=1800)
        result.check()

What is asked twice is done once: `start` and `send_event` carry a key, so that a try whose answer got lost, and a task that
is run again, give the run of the first. Whatever does not answer is tried again for a while; what is refused is not.
It needs httpx and nothing else of this package.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx

Value = str | bool | int | float
CROWDED_SECONDS = 2.0
LONG_POLL_SECONDS = 30  # the longest that the server lets one ask wait
TRY_SECONDS = (0.5, 1, 2, 4, 8, 15, 30, 30)  # between tries of one request; a server that restarts is back by then
PASSING = frozenset({429, 500, 502, 503, 504})  # statuses of what may answer in a while
MOST_PATIENCE = 120.0  # seconds that a Retry-After is heeded


class BroadsheetError(Exception):
    """What the server refuses; the message says what, and how to mend it. Not worth another try as it is."""

    def __init__(self, message: str, *, status: int = 0, problems: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.problems = tuple(problems)


class Unanswered(BroadsheetError):
    """The server did not answer, for all tries. Asking again with the same key is safe."""


class NotEnded(BroadsheetError):
    """The run has not ended in the time that was given. It goes on: wait again, by its id."""


class NotDelivered(BroadsheetError):
    """The run has ended, and not every delivery was accepted."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run, as it stood when it was asked for. ``state``: due, waiting, held or running while it goes; then accepted,
    partial, failed, unconfirmed, suppressed, skipped, missed or expired. ``deliveries``: their number, by state.
    ``artifacts``: files made. ``problems``: sentences. ``new``: False where a start of the same key began it before.
    ``facts``: all that the server told."""

    id: str
    schedule: str
    state: str
    ended: bool
    reason: str = ""
    deliveries: Mapping[str, int] = field(default_factory=dict)
    artifacts: int = 0
    problems: tuple[str, ...] = ()
    new: bool = True
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        """Whether every delivery was accepted."""
        return self.state == "accepted"

    def check(self) -> Run:
        """Itself. Raises NotDelivered unless every delivery was accepted, NotEnded while it goes."""
        if not self.ended:
            raise NotEnded(f"Run {self.id} of “{self.schedule}” is {self.state}.")
        if not self.accepted:
            numbers = ", ".join(f"{number} {state}" for state, number in sorted(self.deliveries.items()))
            told = " ".join(filter(None, (numbers, *self.problems, self.reason)))
            raise NotDelivered(f"Run {self.id} of “{self.schedule}” ended as {self.state}: {told}")
        return self


class Client:
    """Talks to the server at *address* (such as https://reports.example) with a *token* that may run schedules and read
    deliveries. *transport*, *sleep* and *clock* are for tests."""

    def __init__(
        self, address: str, token: str, *, timeout: float = 15.0, transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._http = httpx.Client(
            base_url=f"{address.rstrip('/')}/api/v1",
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=httpx.Timeout(timeout),
            transport=transport,
        )
        self._timeout = timeout
        self._sleep = sleep
        self._clock = clock

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def start(self, schedule: str, *, given: Mapping[str, Value] | None = None, key: str = "") -> Run:
        """The run for *key*: begun now, or the one that was begun for it before. Without a key this call is one of its own,
        and its tries still begin one run. *given*: parameters for this run alone, numbers as numbers.

        Raises BroadsheetError, Unanswered.
        """
        headers = {"Idempotency-Key": key or uuid4().hex}
        answer = self._ask(
            "POST", f"/schedules/{_part(schedule)}/runs", json={"with": dict(given or {})}, headers=headers
        )
        return _run(answer.json(), new=answer.headers.get("Idempotency-Replayed") != "true")

    def run(self, run: Run | str) -> Run:
        """The run as it stands now. Raises BroadsheetError, Unanswered."""
        return _run(self._ask("GET", f"/runs/{_part(_id(run))}").json())

    def wait(self, run: Run | str, *, seconds: float = 3600, told: Callable[[Run], None] | None = None) -> Run:
        """The run when it has ended; *told* is called with each other state on the way. A run that a person holds, or that
        waits for data, is waited for, too. Raises NotEnded after *seconds*, BroadsheetError, Unanswered."""
        end, last = self._clock() + seconds, ""
        while True:
            asked = self._clock()
            patience = max(0.0, min(float(LONG_POLL_SECONDS), end - self._clock()))
            answer = self._ask(
                "GET", f"/runs/{_part(_id(run))}", params={"wait": f"{patience:.1f}"}, timeout=patience + self._timeout
            )  # fmt: skip
            found = _run(answer.json())
            if told is not None and found.state != last:
                told(found)
            last = found.state
            if found.ended:
                return found
            if self._clock() >= end:
                raise NotEnded(
                    f"Run {found.id} of “{found.schedule}” is still {found.state} after {seconds:g} s. It goes on."
                )
            # Where too many wait at once the server answers without waiting, and is asked less often then.
            self._sleep(0.2 if self._clock() - asked >= 1 else min(CROWDED_SECONDS, max(0.0, end - self._clock())))

    def send_event(
        self, name: str, payload: Mapping[str, Any] | None = None, *, key: str = "", at: datetime | None = None
    ) -> tuple[str, ...]:
        """Ids of the runs that the event started. One of the same *name* and *key* is kept once. *at* (aware): when it
        happened, by default now. Raises BroadsheetError, Unanswered."""
        body: dict[str, Any] = {"name": name, "payload": dict(payload or {}), "key": key or uuid4().hex}
        if at is not None:
            body["at"] = at.astimezone(UTC).isoformat()
        found = self._ask("POST", "/events", json=body).json()
        return tuple(one["run"] for one in found["started"])

    def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Tries until there is an answer that another try would not change. All that is asked here is safe to ask again."""
        for pause in (*TRY_SECONDS, None):
            try:
                answer = self._http.request(method, path, **more)
            except httpx.TransportError as error:
                if pause is None:
                    raise Unanswered(f"{self._http.base_url} does not answer: {error}") from error
            else:
                if answer.is_success:
                    return answer
                if answer.status_code not in PASSING or pause is None:
                    raise _refused(answer)
                pause = max(pause, _retry_after(answer))
            self._sleep(pause)
        raise AssertionError("the last try ends the loop")


def _run(facts: Mapping[str, Any], *, new: bool = False) -> Run:
    problems = [str(facts.get(name) or "") for name in ("error", "held_reason")]
    problems += [
        f"{one['who'] or 'Row ' + str(one['row'])}: {one['message']} {one['fix']}" for one in facts.get("invalid", ())
    ]
    return Run(
        id=str(facts["run"]), schedule=str(facts["schedule"]), state=str(facts["state"]),
        ended=facts.get("finished_at") is not None, reason=str(facts.get("reason", "")),
        deliveries=dict(facts.get("deliveries", {})), artifacts=int(facts.get("artifacts", 0)),
        problems=tuple(one for one in problems if one), new=new, facts=dict(facts),
    )  # fmt: skip


def _refused(answer: httpx.Response) -> BroadsheetError:
    """The error that a problem document tells; some proxy's page is told by its status."""
    try:
        told = answer.json()
        text = f"{told['detail']} {told.get('fix', '')}".strip()
        problems = told.get("problems", ())
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError):
        text, problems = f"The server answered {answer.status_code} {answer.reason_phrase}.", ()
    lines = [f"{one.get('path', '')}: {one.get('message', '')}" for one in problems if isinstance(one, Mapping)]
    kind = Unanswered if answer.status_code in PASSING else BroadsheetError
    return kind("\n".join([text, *lines]), status=answer.status_code, problems=problems)


def _retry_after(answer: httpx.Response) -> float:
    try:
        return min(float(answer.headers.get("Retry-After", "0")), MOST_PATIENCE)
    except ValueError:  # a date; our server sends seconds
        return 0.0


def _id(run: Run | str) -> str:
    return run.id if isinstance(run, Run) else run


def _part(text: str) -> str:
    """*text* as one step of a path."""
    return quote(text, safe="")
