"""What each permission lets somebody do, in the words of the page's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from broadsheet.access.permissions import GROUPS, ROLE_SENTENCES, SENTENCES


def permission_words() -> dict[str, str]:
    """By the names of `core.policy.roles`, in the order in which they are shown."""
    return {name: _(said) for name, said in SENTENCES.items()}


def permission_groups() -> list[tuple[str, dict[str, str]]]:
    """The same, under the titles of their groups."""
    return [(_(title), {name: _(said) for name, said in words.items()}) for title, words in GROUPS]


def role_words(role: str) -> str:
    """What a built-in role is for; nothing for the organization's own."""
    said = ROLE_SENTENCES.get(role, "")
    return _(said) if said else ""
