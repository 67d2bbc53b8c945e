"""Occurrences, slices and artifacts: the work of one firing, from query to file."""
