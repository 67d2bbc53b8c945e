"""A whole crontab: its jobs, and the lines that cannot be read, each with its reason. See crontab(5).

A job is its time and its command's text; nothing is ever run. Lines that set the environment count for `CRON_TZ` (the
zone of the times below it) and `MAILTO` alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from broadsheet.core.recurrence.cron.expression import expression_from
from broadsheet.core.recurrence.errors import RuleError
from broadsheet.core.recurrence.zones import zone_named

SETTING = re.compile(r"""\s*(["']?)(?P<name>[A-Za-z_]\w*)\1\s*=\s*(?P<value>.*?)\s*""")
TIMES = re.compile(r"(?P<cron>@\S+|\S+(?:\s+\S+){4})(?:\s+(?P<rest>\S.*))?")
USERS = re.compile(r"#.*\buser(?:-?name)?\s+command\b", re.IGNORECASE)  # the comment at the head of /etc/crontab
CHANGES_FOLDER = re.compile(r"^cd\s+\S+\s*(?:&&|;)\s*")
WORDS = re.compile(r"[\w.@/+-]+")
INTERPRETERS = {"sh", "bash", "zsh", "python", "python3", "perl", "ruby", "node", "php", "java", "sudo", "nice", "env",
    "exec", "timeout", "time", "flock", "ionice", "cd", "root", "test", "command", "source"}  # fmt: skip
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Job:
    """One line that has a time.

    line: from 1. cron: the five fields, or a name such as @daily. command: up to its first plain percent sign, behind
    which its input would follow. name: made of the command, unlike any other job's, fit for a definition. user: whose
    job it is, where there is a column for it. comment: the line above, where that is a comment. zone, mailto: as the
    lines above set them; "" for none.
    """

    line: int
    cron: str
    command: str
    name: str
    user: str = ""
    comment: str = ""
    zone: str = ""
    mailto: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that was left out. reason: what is wrong; fix: what to do about it."""

    line: int
    text: str
    reason: str
    fix: str


@dataclass(frozen=True, slots=True)
class Crontab:
    """Both in the order of the file."""

    jobs: tuple[Job, ...]
    unread: tuple[Unread, ...]


def crontab_from(text: str, *, users: bool | None = None) -> Crontab:
    """Read a crontab. users: whether a column of users stands before the commands; None to look: there is one below
    the usual comment of /etc/crontab, and where every job's is root's."""
    lines = text.removeprefix("\ufeff").splitlines()
    column = _has_users(lines) if users is None else users
    jobs: list[Job] = []
    unread: list[Unread] = []
    settings: dict[str, str] = {}
    comment = ""
    for number, line in enumerate(lines, 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            comment = stripped.lstrip("#").strip()
        elif found := SETTING.fullmatch(line):
            settings[found["name"]] = _unquoted(found["value"])
            comment = ""
        else:
            try:
                jobs.append(_job(stripped, number, comment, settings, users=column, taken={one.name for one in jobs}))
            except RuleError as error:
                reason = f"{error.path.removeprefix('cron.')}: {error.message}" if error.path else error.message
                unread.append(Unread(number, stripped, reason, error.fix))
            comment = ""
    return Crontab(tuple(jobs), tuple(unread))


def _job(line: str, number: int, comment: str, settings: dict[str, str], *, users: bool, taken: set[str]) -> Job:
    found = TIMES.fullmatch(line)
    if not found:
        raise RuleError("", "it has fewer than five fields", 'A job is written as "0 8 * * 1 command".')
    cron, rest, user = " ".join(found["cron"].split()), found["rest"] or "", ""
    expression_from(cron)
    if users:
        user, _, rest = rest.partition(" ")
    command = _command(rest.strip())
    if not command:
        raise RuleError("", "no command follows the time", "Leave the line out, or write what it does.")
    zone = settings.get("CRON_TZ", "")
    if zone:
        zone_named(zone)
    name = next(name for name in _names(command) if name not in taken)
    return Job(number, cron, command, name, user, comment, zone, settings.get("MAILTO", ""))


def _command(text: str) -> str:
    """Up to the first percent sign without a backslash: what follows is the command's input."""
    return re.split(r"(?<!\\)%", text, maxsplit=1)[0].replace("\\%", "%").strip()


def _names(command: str) -> Iterator[str]:
    """Of the first word that is no interpreter, option or setting: "/opt/daily_sales.sh --all" → "daily-sales"."""
    words = [word for word in WORDS.findall(CHANGES_FOLDER.sub("", command)) if not word.startswith("-")]
    stems = [re.sub(r"\.\w{1,4}$", "", word.rpartition("/")[2]) for word in words if word.count("/") < len(word)]
    known = next((stem for stem in stems if stem and stem.casefold() not in INTERPRETERS), "job")
    name = re.sub(r"[^a-z0-9]+", "-", known.casefold()).strip("-")[:LONGEST_NAME].strip("-") or "job"
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1


def _has_users(lines: list[str]) -> bool:
    if any(USERS.match(line.strip()) for line in lines):
        return True
    found = [TIMES.fullmatch(line.strip()) for line in lines if not line.strip().startswith("#")]
    rests = [one["rest"] for one in found if one and one["rest"] and not SETTING.fullmatch(one[0])]
    return bool(rests) and all(re.match(r"root\s+\S", rest) for rest in rests)


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
