"""Warehouses through their vendors' clients, each an optional extra: one engine, described once for each."""
