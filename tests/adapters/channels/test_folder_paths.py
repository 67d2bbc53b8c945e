"""Path templates: whatever the values hold, the path stays below its root and tells recipients apart."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.adapters.channels.worlds import REPORT

from broadsheet.adapters.channels.folder.paths import FIELDS, WrongTemplate, checked, filled, numbered, safe, values

pytestmark = pytest.mark.feature("DLV-16")
TEMPLATE = "{schedule}/{date}/{recipient}/{filename}"
ANY = st.text(st.characters(), max_size=400) | st.sampled_from(["..", ".", "/", "\\", "con", "NUL.txt", "a/../b", "a "])


@given(ANY)
def test_any_value_becomes_one_safe_name(value: str) -> None:
    name = safe(value)
    assert PurePosixPath(name).parts == (name,)
    assert name not in {"", ".", ".."}
    assert name.isprintable()
    assert not set(name) & set('/\\:*?"<>|\0')
    assert name == name.strip(". ")
    assert len(name.encode()) <= 220
    assert safe(name) == name  # it is stable


@given(ANY, ANY)
def test_two_recipients_never_meet(one: str, other: str) -> None:
    if one and other and one != other and safe(one) == safe(other):
        raise AssertionError((one, other))


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), ANY))
def test_any_values_fill_a_template_with_as_many_names(told: dict[str, str]) -> None:
    path = filled(checked(TEMPLATE, numbered=False), {**dict.fromkeys(FIELDS, "x"), **told})
    assert len(path) == 4
    assert all(PurePosixPath(name).parts == (name,) and name != ".." for name in path)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("gruenwald", "gruenwald"),
        ("Käufer №1 日本", "Käufer №1 日本"),
        ("a@b.example", "a@b.example"),
        ("", "_"),
        ("../../etc/passwd", r"-\.\.-etc-passwd-[0-9a-f]{10}"),
        ("a/b.pdf", r"a-b-[0-9a-f]{10}\.pdf"),
        ("nul", r"_nul-[0-9a-f]{10}"),
        ("nul.pdf", r"_nul-[0-9a-f]{10}\.pdf"),
        ("x" * 300 + ".pdf", r"x{185}-[0-9a-f]{10}\.pdf"),
    ],
)
def test_values_are_kept_where_they_can_be(value: str, name: str) -> None:
    assert re.fullmatch(name, safe(value))


def test_fields_tell_the_firing_in_its_own_zone() -> None:
    late = datetime(2026, 11, 1, 0, 30, tzinfo=ZoneInfo("Asia/Tokyo"))  # still October in UTC
    found = values(replace(REPORT, fire_at=late), filename="Lieferungen.tar.gz")
    assert [found[name] for name in ("date", "year", "month", "day", "time")] == [
        "2026-11-01",
        "2026",
        "11",
        "01",
        "0030",
    ]
    assert (found["stem"], found["extension"], found["recipient"]) == ("Lieferungen.tar", "gz", "gruenwald")
    assert set(found) == set(FIELDS)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("/abs/{recipient}/{filename}", "relative"),
        ("../{recipient}/{filename}", "relative"),
        ("{recipient}/./{filename}", "relative"),
        ("{recipient}//{filename}", "relative"),
        ("{recipient}/{filename}/", "relative"),
        ("", "relative"),
        (".hidden/{recipient}/{filename}", "without a dot"),
        ("{recipient}\\{filename}", "cannot have"),
        ("{recipient}\0/{filename}", "cannot have"),
        ("{recipient}/{filename}\n", "relative|cannot have"),
        ("{recipient}/{filename.__class__}", "brace"),
        ("{recipient!r}/{filename}", "brace"),
        ("{{recipient}}/{filename}", "brace"),
        ("{recipient}/{}{filename}", "brace"),
        ("{customer}/{filename}", "There is no field {customer}. There are: organization, report"),
        ("{recipient}/report.pdf", "must end with"),
        ("{recipient}/{filename}/x", "must end with"),
        ("{recipient}/{stem}", "must end with"),
        ("{date}/{filename}", "Without {recipient}"),
        ("/".join(["a"] * 20) + "/{recipient}/{filename}", "more than 16"),
    ],
)
def test_a_template_that_could_go_wrong_is_refused(template: str, said: str) -> None:
    with pytest.raises(WrongTemplate, match=said.replace("{", r"\{").replace("}", r"\}")):
        checked(template, numbered=False)


def test_numbered_files_need_no_recipient_in_the_path() -> None:
    assert checked("{date}/{stem}.{extension}", numbered=True) == ("{date}", "{stem}.{extension}")


@pytest.mark.parametrize(
    ("name", "number", "result"), [("a.pdf", 1, "a.pdf"), ("a.pdf", 2, "a (2).pdf"), ("a", 12, "a (12)")]
)
def test_numbers_stand_before_the_extension(name: str, number: int, result: str) -> None:
    assert numbered(name, number) == result
