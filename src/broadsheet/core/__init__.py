"""Pure Python: no framework, no input or output, no clock."""
