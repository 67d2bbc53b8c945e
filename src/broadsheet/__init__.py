"""Broadsheet: schedules reports, makes each one personal, delivers and accounts for it."""
