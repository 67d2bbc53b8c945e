"""Report definitions with their versions, and brands."""
