"""Settings, addresses and the wiring of one installation."""
