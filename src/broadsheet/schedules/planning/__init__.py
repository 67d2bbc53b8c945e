"""When runs begin around their firing: ahead of it, so that they are there on time, or spread after it."""
