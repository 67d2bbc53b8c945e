"""Roles, teams, contacts, workspaces, one person, and who has a role on a single thing."""
