"""The machines of a run, its slices, what checks say of them, and its deliveries. ``docs/reference/states.md`` shows them."""

from __future__ import annotations

from .machine import Machine, way
from .states import Delivery, Occurrence, Slice, Verdict

_O = Occurrence
ENDS = {_O.ACCEPTED, _O.PARTIAL, _O.FAILED, _O.UNCONFIRMED, _O.SUPPRESSED, _O.SKIPPED, _O.EXPIRED}
OCCURRENCE = Machine(
    "run",
    Occurrence,
    starts={_O.DUE, _O.MISSED, _O.SKIPPED, _O.FAILED},
    ways=(
        way("is claimed", {_O.DUE, _O.WAITING}, {_O.RUNNING}, "worker"),
        way("is taken over when its worker has died", {_O.RUNNING}, {_O.RUNNING}, "worker"),
        way("is not ready: its data or its condition", {_O.RUNNING}, {_O.WAITING}, "worker"),
        way(
            "its deliveries are settled, or it cannot be made", {_O.RUNNING}, ENDS, "worker",
            chosen="what its deliveries add up to",
        ),
        way("looks wrong, or has ended three workers", {_O.RUNNING}, {_O.HELD}, "worker"),
        way("is held by hand, or after a restore", {_O.DUE, _O.WAITING}, {_O.HELD}, "person"),
        way("is released", {_O.HELD}, {_O.DUE}, "person"),
        way("is dropped", {_O.HELD}, ENDS, "person", chosen="what its deliveries add up to"),
        way(
            "is not to be: the run before still goes, or its schedule is paused", {_O.DUE, _O.WAITING}, {_O.SKIPPED},
            "scheduler",
        ),
        way("is sent again", {*ENDS, _O.RUNNING, _O.HELD}, {_O.RUNNING}, "person"),
    ),
)  # fmt: skip

_S = Slice
SLICE = Machine(
    "slice",
    Slice,
    starts={_S.DUE},
    ways=(
        way("is drawn, and its files are kept", {_S.DUE}, {_S.MADE}, "worker"),
        way("cannot be drawn, or ended three drawing processes", {_S.DUE}, {_S.FAILED}, "worker"),
        way("its deliveries are sent again", {_S.FAILED}, {_S.DUE}, "person"),
    ),
)

_V = Verdict
VERDICT = Machine(
    "check",
    Verdict,
    starts={_V.NONE},
    ways=(
        way("nothing is wrong", {_V.NONE}, {_V.PASSED}, "worker"),
        way("something is odd", {_V.NONE}, {_V.WARNED}, "worker"),
        way("something is wrong", {_V.NONE}, {_V.HELD}, "worker"),
        way("is released", {_V.HELD}, {_V.RELEASED}, "person"),
        way("is dropped", {_V.HELD}, {_V.DROPPED}, "person"),
    ),
)

_D = Delivery
WAITING = {_D.DUE, _D.RETRYING}
DELIVERY = Machine(
    "delivery",
    Delivery,
    starts={_D.DUE, _D.SUPPRESSED, _D.SKIPPED, _D.FAILED},
    ways=(
        way("is claimed", WAITING, {_D.SENDING}, "worker"),
        way("the other side takes it", {_D.SENDING}, {_D.ACCEPTED}, "worker"),
        way("the other side refuses for now", {_D.SENDING}, {_D.RETRYING}, "worker"),
        way("is refused for good, or its tries are used up", {_D.SENDING}, {_D.FAILED}, "worker"),
        way("is cut after its content had gone", {_D.SENDING}, {_D.UNCONFIRMED}, "worker"),
        way("its sender died before, or it waits for its hours or its channel", {_D.SENDING}, {_D.DUE}, "worker"),
        way("its deadline has passed", {*WAITING, _D.SENDING}, {_D.EXPIRED}, "worker"),
        way("its address is unsubscribed", {*WAITING, _D.SENDING}, {_D.SUPPRESSED}, "worker"),
        way("its recipient has left, or has no rows", {*WAITING, _D.SENDING}, {_D.SKIPPED}, "worker"),
        way("its run cannot go on", {*WAITING, _D.HELD}, {_D.FAILED}, "worker"),
        way("its content looks wrong", WAITING, {_D.HELD}, "worker"),
        way("is released", {_D.HELD}, {_D.DUE}, "person"),
        way("is dropped, or its run is stopped", {*WAITING, _D.HELD}, {_D.SKIPPED}, "person"),
        way("is sent again", {_D.FAILED, _D.UNCONFIRMED, _D.EXPIRED, _D.SKIPPED}, {_D.DUE}, "person"),
    ),
)
MACHINES: dict[str, Machine[Occurrence] | Machine[Slice] | Machine[Verdict] | Machine[Delivery]] = {
    "run": OCCURRENCE,
    "slice": SLICE,
    "check": VERDICT,
    "delivery": DELIVERY,
}
