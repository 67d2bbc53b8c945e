"""The server's errors in our terms. Its words may quote values, so only those about names are passed on."""

from __future__ import annotations

import re

import pymysql
from pymysql.constants import CR, ER

from broadsheet.sources.errors import LimitExceeded, QueryFailed, QueryRefused, SourceError, UnknownName, Unreachable
from broadsheet.sources.ports import Limits

# Codes that PyMySQL's list lacks or that the two servers number differently.
MARIADB_TIMEOUT, MYSQL_TIMEOUT, KILLED = 1969, 3024, 1317
NO_ZONE, READ_ONLY = 1298, 1792
LATE = {MARIADB_TIMEOUT, MYSQL_TIMEOUT, KILLED}
DENIED = {
    READ_ONLY, ER.TABLEACCESS_DENIED_ERROR, ER.COLUMNACCESS_DENIED_ERROR, ER.DBACCESS_DENIED_ERROR, ER.PROCACCESS_DENIED_ERROR,
    ER.SPECIFIC_ACCESS_DENIED_ERROR, ER.VIEW_INVALID, ER.CANT_LOCK, ER.CANT_UPDATE_WITH_READLOCK,
    ER.OPTION_PREVENTS_STATEMENT, ER.NO_DB_ERROR,
}  # fmt: skip
ABOUT_NAMES = {
    ER.NON_UNIQ_ERROR, ER.DUP_FIELDNAME, ER.SP_DOES_NOT_EXIST, ER.WRONG_FIELD_WITH_GROUP, ER.NONUNIQ_TABLE,
    ER.WRONG_NUMBER_OF_COLUMNS_IN_SELECT, ER.MIX_OF_GROUP_FUNC_AND_FIELDS, ER.INVALID_GROUP_FUNC_USE,
    1582, ER.CANT_AGGREGATE_2COLLATIONS,
}  # fmt: skip
# 1582: a function of its own with the wrong number of arguments
GONE = {
    CR.CR_SERVER_GONE_ERROR, CR.CR_SERVER_LOST, CR.CR_CONN_HOST_ERROR, CR.CR_CONNECTION_ERROR, ER.CON_COUNT_ERROR,
    ER.SERVER_SHUTDOWN, ER.LOCK_WAIT_TIMEOUT, ER.LOCK_DEADLOCK, 1927,
}  # fmt: skip
COLUMN = re.compile(r"Unknown column '(.+?)' in")
TABLE = re.compile(r"(?:Table|Unknown table) '(.+?)'")


def explained(error: pymysql.Error, *, limits: Limits) -> SourceError:
    """*error* as one of `sources.errors`."""
    code, said = (*error.args, "", "")[:2] if error.args else ("", "")
    detail = str(error)
    if code in LATE:
        return too_late(limits, detail=detail)
    if code in DENIED:
        return QueryRefused("Only reading what the connection's account may read is possible here.", detail=detail)
    if code == ER.BAD_FIELD_ERROR and (named := COLUMN.search(str(said))):
        return UnknownName("column", named[1].rpartition(".")[2], detail=detail)
    if code in {ER.NO_SUCH_TABLE, ER.BAD_TABLE_ERROR, ER.UNKNOWN_TABLE} and (named := TABLE.search(str(said))):
        return UnknownName("table", named[1].rpartition(".")[2], detail=detail)
    if code in ABOUT_NAMES:
        return QueryRefused(f"The query does not fit its tables: {said}.", detail=detail)
    if code == ER.PARSE_ERROR:  # its words quote the statement, and with it bound values
        return QueryRefused("MariaDB does not read the query as it is written. Write it more plainly.", detail=detail)
    if code in GONE or isinstance(error, pymysql.InterfaceError):
        return Unreachable("MariaDB ended the connection; it may be restarting or busy.", detail=detail)
    return QueryFailed("MariaDB could not run the query; its words are in the log.", detail=detail)


def too_late(limits: Limits, *, detail: str = "") -> LimitExceeded:
    """The query passed its time."""
    return LimitExceeded(
        f"The query took longer than {limits.seconds:g} s and was stopped. Narrow it or {limits.seconds_fix}.",
        detail=detail,
    )
