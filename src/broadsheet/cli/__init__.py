"""The `broadsheet` command: each subcommand is one act, with `--json` for machines."""
