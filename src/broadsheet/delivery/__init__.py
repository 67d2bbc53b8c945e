"""Channels and what they carry: how a finished file reaches a person, and what proves that it did."""
