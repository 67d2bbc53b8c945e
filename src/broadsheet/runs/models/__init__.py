from .backfill import Backfill
from .limits import Limits
from .maintenance import Maintenance
from .node import Node
from .occurrence import Occurrence
from .slice import Artifact, Slice, SliceFile
from .use import RunUse, SliceUse

__all__ = ["Artifact", "Backfill", "Limits", "Maintenance", "Node", "Occurrence", "RunUse", "Slice", "SliceFile", "SliceUse"]
