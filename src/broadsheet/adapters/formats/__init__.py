"""Output formats: one folder each, behind `reports.ports.Format`."""
