"""Read one Excel file and write its sheets as Parquet: a program of its own, that may die of what it reads.

``python -m broadsheet.adapters.sheets.convert FILE FOLDER MEGABYTES SECONDS``. Formulas are not worked out: what the
file keeps as their last results is taken. Links to elsewhere are not followed. Says what is wrong on standard output.
"""

from __future__ import annotations

import json
import resource
import sys
import zipfile
from pathlib import Path

REFUSED = 3  # exit status: the file cannot be taken; standard output says why
MOST_UNPACKED = 1_000_000_000  # bytes of XML
MOST_ENTRIES = 10_000


class Refused(Exception):
    """The sentence is for people; it is put behind the file's name."""


def main(file: Path, folder: Path, megabytes: int, seconds: int) -> int:
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        _weighed(file)
        (folder / "sheets.json").write_text(json.dumps(_converted(file, folder)), "utf-8")
    except Refused as error:
        sys.stdout.write(str(error))
        return REFUSED
    return 0


def _weighed(file: Path) -> None:
    """A small file that unpacks to a mountain is not opened."""
    try:
        with zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Refused(
            "is not an Excel file (.xlsx), or is protected by a password. Save it anew, without one."
        ) from error
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Refused("unpacks to more than 1 GB. Save it as Parquet or CSV.")


def _converted(file: Path, folder: Path) -> list[dict[str, str]]:
    import pyarrow.parquet as pq
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    from broadsheet.adapters.sheets.columns import TooMany, table_of

    found: list[dict[str, str]] = []
    try:
        book = CalamineWorkbook.from_path(str(file))
        for number, sheet in enumerate(book.sheets_metadata):
            if sheet.typ != SheetTypeEnum.WorkSheet or sheet.visible != SheetVisibleEnum.Visible:
                continue
            table = table_of(book.get_sheet_by_name(sheet.name).iter_rows())
            if table is not None:
                pq.write_table(table, folder / f"{number}.parquet", compression="zstd")
                found.append({"sheet": sheet.name, "file": f"{number}.parquet"})
    except PasswordError as error:
        raise Refused("is protected by a password. Save it without one.") from error
    except TooMany as error:
        raise Refused("has a sheet with more than 20 million cells. Save it as Parquet or CSV.") from error
    except (CalamineError, OSError, ValueError) as error:
        raise Refused("cannot be read as an Excel file (.xlsx). Open it by hand and save it anew.") from error
    return found


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
