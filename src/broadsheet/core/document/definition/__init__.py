"""Report definitions: their keys, their reading, their schema and their checking against the datasets there are."""

from __future__ import annotations

from .checking import DatasetNames, check, checked_report, report_from, report_schema
from .report import ReportDefinition

__all__ = ["DatasetNames", "ReportDefinition", "check", "checked_report", "report_from", "report_schema"]
