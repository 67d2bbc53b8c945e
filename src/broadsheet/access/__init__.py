"""Organizations, people, roles and tokens: who may come in, and as whom."""
