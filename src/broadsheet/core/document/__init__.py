"""Reports: their definitions, and the finished documents that every format renders."""
