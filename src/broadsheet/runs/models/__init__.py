from .backfill import Backfill
from .limits import Limits
from .maintenance import Maintenance
from .node import Node
from .occurrence import Occurrence
from .restored import Beat, LostTime
from .slice import Artifact, Slice, SliceFile
from .total import CountedUntil, Total
from .use import RunUse, SliceUse

__all__ = [
    "Artifact",
    "Backfill",
    "Beat",
    "CountedUntil",
    "Limits",
    "LostTime",
    "Maintenance",
    "Node",
    "Occurrence",
    "RunUse",
    "Slice",
    "SliceFile",
    "SliceUse",
    "Total",
]
