"""Looking through somebody else's eyes, and asking what they may see."""
