"""Ways for schedulers to tell workers of runs."""
