"""Query engines: one folder each, behind `sources.ports.Engine`."""
