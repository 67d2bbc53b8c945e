"""MariaDB's SQL as our sessions speak it: “"” quotes names, “'” texts, a backslash is a sign like others, “||” joins texts.

The session's ``sql_mode`` (`session.MODE`) says the same to the server, so that what the guard has read is what runs, and
one way of quoting holds for every source.
"""

from __future__ import annotations

from sqlglot import TokenType, exp
from sqlglot.dialects.mysql import MySQL
from sqlglot.generators.mysql import MySQLGenerator
from sqlglot.parsers.mysql import MySQLParser


class MariaDB(MySQL):
    """Known to sqlglot as “mariadb” as soon as this module is loaded, which its engine does."""

    DPIPE_IS_STRING_CONCAT = True

    class Tokenizer(MySQL.Tokenizer):
        QUOTES = ["'"]
        IDENTIFIERS = ["`", '"']
        STRING_ESCAPES = ["'"]

    class Parser(MySQLParser):
        DISJUNCTION = {kind: node for kind, node in MySQLParser.DISJUNCTION.items() if kind != TokenType.DPIPE}

        def _parse_bitwise(self) -> exp.Expr | None:
            this = super()._parse_bitwise()
            while this is not None and self._match(TokenType.DPIPE):
                this = self.expression(exp.DPipe(this=this, expression=super()._parse_bitwise(), safe=True))
            return this

    class Generator(MySQLGenerator):
        TRANSFORMS = {
            **MySQLGenerator.TRANSFORMS,
            # The server binds “||” closer than “+”, the parser does not.
            exp.DPipe: lambda self, node: self.func("CONCAT", *node.flatten()),
            # MariaDB has no REGEXP_LIKE; both have the operator.
            exp.RegexpLike: lambda self, node: self.binary(node, "REGEXP"),
        }
