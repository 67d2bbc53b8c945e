"""Artifacts in a folder of this machine, or one mounted on it."""

from .store import STORE

__all__ = ["STORE"]
