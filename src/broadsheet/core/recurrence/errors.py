"""What is wrong with a rule, where, and how to mend it."""

from collections.abc import Mapping
from difflib import get_close_matches


class RuleError(ValueError):
    """A rule that cannot be used as written. Never worth a retry: ask its author.

    path: key path inside the `when:` mapping, e.g. "on.day" or "at[1]"; "" means the mapping itself.
    message: what is wrong, with the offending value.
    fix: what to write instead, one sentence.
    """

    def __init__(self, path: str, message: str, fix: str) -> None:
        self.path = path
        self.message = message
        self.fix = fix
        super().__init__(path, message, fix)  # as given, so that it can cross processes

    def __str__(self) -> str:
        return f"{self.path}: {self.message}. {self.fix}" if self.path else f"{self.message}. {self.fix}"


def did_you_mean(given: object, known: Mapping[str, str], *, otherwise: str) -> str:
    """A sentence that suggests what the nearest spelling stands for, or `otherwise` when nothing is near.

    known: spelling -> what to suggest for it; several spellings may stand for one name.
    """
    folded = {spelling.casefold(): name for spelling, name in known.items()}
    near = get_close_matches(str(given).strip().replace(" ", "_").casefold(), folded, n=1, cutoff=0.6)
    return f'Did you mean "{folded[near[0]]}"?' if near else otherwise
