"""The parts of a schedule's form that are folded away: fields, reading, and what is set, in words."""
