from .occurrence import Occurrence
from .slice import Artifact, Slice, SliceFile
from .use import RunUse, SliceUse

__all__ = ["Artifact", "Occurrence", "RunUse", "Slice", "SliceFile", "SliceUse"]
