"""Definition files: what they would change, changing it, and writing what there is back out."""
