"""What stands in a masked field's place, as SQL: whoever groups, filters or orders by it does so by what is shown."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from broadsheet.core.policy import Mask

from ..ports import Engine

SIGN = "•••"
DIGITS = 12  # of a pseudonym, hexadecimal: two of a million values meet with a chance of one in 500


def masked(sql: str, mask: Mask, *, engine: Engine, salt: Callable[[], str]) -> str:
    """SQL for what is shown of the value *sql*. *salt* binds the secret of pseudonyms, and gives its mark."""
    match mask.show:
        case "full":
            return f"CASE WHEN {sql} IS NULL THEN NULL ELSE '{SIGN}' END"
        case "partial":
            return _first_and_sign(sql, dialect=engine.dialect)
        case "hash":
            return f"substr({engine.hashed(sql, salt=salt())}, 1, {DIGITS})"
        case "bucket":
            return f"(floor({sql} / {_fraction(mask.size)}) * {_fraction(mask.size).removesuffix('.0')})"
        case "nothing":
            return f"CASE WHEN 1 = 0 THEN {sql} END"  # no value, and of the value's own type


def _fraction(size: float) -> str:
    """*size* as a fraction to divide by: a whole number by a whole number is cut towards 0 in half of the databases."""
    return f"{int(size)}.0" if size == int(size) else repr(size)


def _first_and_sign(sql: str, *, dialect: str) -> str:
    text = exp.Cast(this=exp.Var(this=sql), to=exp.DataType.build("VARCHAR(1000)"))
    first = exp.Substring(this=text, start=exp.Literal.number(1), length=exp.Literal.number(1))
    return exp.Paren(this=exp.DPipe(this=first, expression=exp.Literal.string(SIGN))).sql(dialect=dialect)
