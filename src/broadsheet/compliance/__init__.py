"""The journal of acts: who did what, when and by which way."""
