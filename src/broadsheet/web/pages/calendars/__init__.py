"""The calendars that schedules go by: what is closed when, why, and who depends on it."""
