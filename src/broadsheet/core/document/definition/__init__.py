"""Report definitions: their keys, their reading, their schema and their checking against the datasets there are."""

from __future__ import annotations

from .checking import DatasetNames, check, report_from, report_schema
from .report import ReportDefinition

__all__ = ["DatasetNames", "ReportDefinition", "check", "report_from", "report_schema"]
