"""One module a resource: its shapes, and the acts behind its addresses."""
