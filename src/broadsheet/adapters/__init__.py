"""Replaceable parts, each behind a contract of the app that uses it."""
