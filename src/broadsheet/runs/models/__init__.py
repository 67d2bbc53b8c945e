from .occurrence import Occurrence
from .slice import Artifact, Slice, SliceFile

__all__ = ["Artifact", "Occurrence", "Slice", "SliceFile"]
