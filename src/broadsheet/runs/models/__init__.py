from .backfill import Backfill
from .limits import Limits
from .maintenance import Maintenance
from .node import Node
from .occurrence import Occurrence
from .restored import Beat, LostTime
from .slice import Artifact, Slice, SliceFile
from .use import RunUse, SliceUse

__all__ = [
    "Artifact",
    "Backfill",
    "Beat",
    "Limits",
    "LostTime",
    "Maintenance",
    "Node",
    "Occurrence",
    "RunUse",
    "Slice",
    "SliceFile",
    "SliceUse",
]
