"""Excel files as tables: read in a process of their own, since a hostile one can take all memory, and kept as Parquet."""
