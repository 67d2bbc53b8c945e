"""Connections, datasets and secured queries: numbers by name, each reader's own rows and no others."""
