from .brand import Brand
from .report import Report, ReportVersion

__all__ = ["Brand", "Report", "ReportVersion"]
