"""Stores of rendered files: one folder each, behind `runs.ports.ArtifactStore`."""
