"""Metrics made of others, joins, calendars of time: what fields mean, and how answers are worked out from it."""
