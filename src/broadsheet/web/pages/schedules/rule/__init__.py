"""The rule of the form: in words, in parts, and the mapping that both mean."""
