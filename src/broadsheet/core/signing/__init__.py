"""Signatures on calls between machines."""
