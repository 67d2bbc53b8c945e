"""Sample data of a lead business: 12 sources, 40 buyers, about 250,000 lead events with known truths hidden in them.

Depends on numpy and pyarrow alone; reads no clock, no network and no setting. What the organization does with the data
(datasets, reports, schedules) is left to others.
"""

from .buyers import BUYERS, Buyer
from .generate import SEED, generate
from .manifest import FileFact, Manifest, read_manifest
from .sources import SOURCES, Source
from .truths import Truths, truths_for

__all__ = [
    "BUYERS",
    "SEED",
    "SOURCES",
    "Buyer",
    "FileFact",
    "Manifest",
    "Source",
    "Truths",
    "generate",
    "read_manifest",
    "truths_for",
]
