"""What starts a schedule instead of its rule, or beside it: events, milestones and calls from outside."""
