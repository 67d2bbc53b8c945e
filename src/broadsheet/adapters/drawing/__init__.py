"""Typesetting shared by the formats that draw: the fonts of a process, and pictures of charts."""
