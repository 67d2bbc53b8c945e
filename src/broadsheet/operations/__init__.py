"""Running an installation: definition files applied and exported, health."""
