"""Where render jobs run."""
