"""Only one read-only SELECT of known functions gets through; everything else is refused with its place and the fix.

The check works on sqlglot's tree, not on text. Functions are let in by name (`functions.allowed`): a function that
is not known to be free of side effects and of access to files, network and settings is refused. Comments do not leave
the check, since some databases run what stands in them. Row rules and limits are the business of `compile` and of the
engines.
"""

from __future__ import annotations

import re
import unicodedata

from sqlglot import exp, parse
from sqlglot.errors import SqlglotError

from ..errors import QueryRefused
from ..names import folded
from .functions import allowed

INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}  # categories of Unicode: controls, formats, and what is not assigned
PLAIN_NAME = re.compile(r"[^\W\d][\w$]*")
BEFORE = "SELECT "  # makes a statement of an expression
_EXPECTED = re.compile(r"Expecting (\S+)")

REFUSED_NODES = (
    exp.DDL, exp.DML, exp.Command, exp.Into, exp.Lock, exp.Pragma, exp.Set, exp.Attach, exp.Detach, exp.Copy,
    exp.Parameter, exp.Placeholder, exp.SessionParameter, exp.Use, exp.Drop, exp.Alter, exp.Pivot, exp.Summarize,
    exp.Describe, exp.Hint, exp.QueryTransform,
)  # fmt: skip
CATALOGUES = {"information_schema", "pg_catalog", "sqlite_master"}
OWN_CATALOGUES = {  # names that are a catalogue in one database, and may be a schema like others in the rest
    "mariadb": {"mysql", "performance_schema", "sys"},
    "clickhouse": {"system"},
    "trino": {"system"},
    "tsql": {"sys"},
}
OWN_PREFIXES = {"redshift": ("stl_", "stv_", "svl_", "svv_", "svcs_", "sys_")}
REFUSED_PARTS = ("settings", "format", "for_", "options")  # of a SELECT: what changes limits, or what comes back
NAMED_AS_WRITTEN = (exp.Anonymous, exp.AnonymousAggFunc, exp.ParameterizedAgg)


def checked_select(sql: str, *, dialect: str, before: str = "") -> exp.Query:
    """The tree of *sql*, which must be exactly one SELECT (CTEs and set operations included).

    ``before`` is what its author did not write of it. Raises QueryRefused with what was found, where, and what to write instead.
    """
    _refuse_odd_signs(sql, dialect=dialect)
    statements = [statement for statement in _parsed(sql, dialect=dialect, before=before) if statement is not None]
    if len(statements) != 1:
        raise QueryRefused(f"A dataset's query is one statement; this text has {len(statements)}. Keep the SELECT.")
    tree = statements[0]
    if not isinstance(tree, exp.Query):
        raise QueryRefused(f"A dataset's query is a SELECT; this is {tree.key.upper()}. Only reading is possible here.")
    _refuse_forbidden(tree, dialect=dialect)
    return tree


def checked_expression(sql: str, *, dialect: str) -> exp.Expr:
    """The tree of one expression over a dataset's columns, such as ``sum(cost)``; no subqueries."""
    tree = checked_select(f"{BEFORE}{sql}", dialect=dialect, before=BEFORE)
    selected = tree.expressions
    plain = isinstance(tree, exp.Select) and {key for key, value in tree.args.items() if value} <= {
        "expressions",
        "kind",
    }
    if not plain or len(selected) != 1 or selected[0].find(exp.Query) is not None:
        raise QueryRefused(f"“{sql}” is not one expression over the dataset's columns, such as sum(cost).")
    expression: exp.Expr = selected[0].unalias()
    return expression


def _refuse_odd_signs(sql: str, *, dialect: str) -> None:
    """Signs that the parser here and the database's own read differently: what one takes for a part of a name, or for a
    text, is a blank or a query to the other."""
    for number, sign in enumerate(sql):
        hidden = unicodedata.category(sign) in INVISIBLE and sign not in "\t\n\r"
        if hidden or (sign == "`" and dialect == "duckdb"):
            line, column = sql.count("\n", 0, number) + 1, number - sql.rfind("\n", 0, number)
            what = f"an invisible sign (U+{ord(sign):04X})" if hidden else "a backtick"
            raise QueryRefused(f'There is {what} in line {line}, column {column}. Take it out; quote names with “"”.')


def _parsed(sql: str, *, dialect: str, before: str) -> list[exp.Expr | None]:
    try:
        return parse(sql, read=dialect)
    except SqlglotError as error:
        raise QueryRefused(
            f"The query cannot be read: {_place(error, before=before)}. Check commas, quotes and brackets there."
        ) from error
    except RecursionError as error:
        raise QueryRefused("The query is nested too deeply to be checked. Split it into CTEs.") from error


def _place(error: SqlglotError, *, before: str) -> str:
    """Line and column of the fault, the word there, the one in front of it, and what was expected if that is known."""
    found = getattr(error, "errors", None) or [{}]
    first = found[0]
    if not first.get("line"):
        return "its end"
    word, column = str(first.get("highlight") or ""), int(first["col"])
    column -= max(len(word) - 1, 0) + (len(before) if first["line"] == 1 else 0)  # sqlglot counts to the word's end
    place = [f"line {first['line']}, column {max(column, 1)}"]
    if word:
        front = str(first.get("start_context") or "").removeprefix(before).split()
        place.append(f"near “{word}”" + (f" after “{front[-1]}”" if front else ""))
    expected = _EXPECTED.fullmatch(str(first.get("description") or ""))
    return ", ".join([*place, *([f"where “{expected[1]}” is missing"] if expected else [])])


def _refuse_forbidden(tree: exp.Expr, *, dialect: str) -> None:
    for node in tree.walk():
        node.comments = None
        if isinstance(node, REFUSED_NODES):
            raise QueryRefused(f"“{node.key.upper()}” is not allowed in a dataset's query: it may only read.")
        if isinstance(node, exp.Column) and node.name.startswith(("$", ":", "@", "?")):
            raise QueryRefused(f"“{node.name}” is a parameter; a dataset's query has none. Use a row rule or a filter.")
        if isinstance(node, exp.Column) and node.table and node.name.lower() == "nextval":
            raise QueryRefused(f"“{node.sql()}” changes a sequence; a dataset's query may only read.")
        if isinstance(node, exp.Query) and (odd := [part for part in REFUSED_PARTS if node.args.get(part)]):
            raise QueryRefused(f"“{odd[0].strip('_').upper()}” is not allowed in a dataset's query: it may only read.")
        if isinstance(node, exp.Identifier) and not node.quoted and not PLAIN_NAME.fullmatch(node.name):
            raise QueryRefused(f"“{node.name}” is no plain name. Quote it, if the table or column is called so.")
        if isinstance(node, exp.In) and node.args.get("field") is not None:
            raise QueryRefused(
                "IN takes a list of values or a subquery in brackets, not the name of a table or column."
            )
        if isinstance(node, exp.Table):
            _refuse_odd_table(node, dialect=dialect)
        if isinstance(node, exp.Func):
            _refuse_unknown_function(node, dialect=dialect)
        if isinstance(node, exp.Dot) and isinstance(node.expression, exp.Func):
            raise QueryRefused(
                f"“{node.sql()}” names a function of a schema. Call the database's own, by its name alone."
            )


def _refuse_odd_table(node: exp.Table, *, dialect: str) -> None:
    # A name like 'secret.csv' or a function in FROM would read what is not one of the source's tables.
    if not isinstance(node.this, exp.Identifier):
        raise QueryRefused(
            "FROM takes tables of the source by name; functions that read files or network are not allowed."
        )
    if any(mark in f"{node.db}{node.name}" for mark in "/\\.:*?"):
        raise QueryRefused(f"“{node.name}” looks like a file. FROM takes tables of the source by name.")
    if node.catalog or folded(node.db) in CATALOGUES | OWN_CATALOGUES.get(dialect, set()):
        raise QueryRefused(f"“{node.sql()}” is outside the source's own tables.")
    if dialect == "trino" and "$" in node.name:
        raise QueryRefused(f"“{node.name}” tells of a table what its rows do; read the table itself.")
    prefixes = ("pg_", "sqlite_", "duckdb_", "pragma_", *OWN_PREFIXES.get(dialect, ()))
    if folded(node.name).startswith(prefixes):
        raise QueryRefused(f"“{node.name}” is a catalogue of the database, not a table of the source.")


def _refuse_unknown_function(node: exp.Func, *, dialect: str) -> None:
    name = node.name if isinstance(node, NAMED_AS_WRITTEN) else node.sql_name()
    if name.lower() not in allowed(dialect):
        raise QueryRefused(
            f"The function “{name.lower()}” is not on the list of allowed functions. "
            "Allowed are arithmetic, text, date and aggregate functions without side effects."
        )
