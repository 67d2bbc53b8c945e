"""Hash links over records, so that a changed, missing or added one shows. Who keeps them, and when, is `compliance`'s."""

from broadsheet.core.chain.canonical import canonical
from broadsheet.core.chain.lines import Unreadable, line_of, links_from
from broadsheet.core.chain.links import GENESIS, Link, Verdict, link, verify

__all__ = ["GENESIS", "Link", "Unreadable", "Verdict", "canonical", "line_of", "link", "links_from", "verify"]
