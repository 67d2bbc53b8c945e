"""Definitions, their versions and brands; what a report is before it becomes a file."""
