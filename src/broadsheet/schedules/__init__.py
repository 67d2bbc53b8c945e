"""Who gets a report and when: audiences now, schedules with their calendars and policies around them."""
