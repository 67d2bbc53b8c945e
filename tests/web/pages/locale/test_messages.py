"""The translations are whole: every message of the pages, none guessed, with the same placeholders; and pages speak them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from tests.docs.loading import ROOT, script

FILES = sorted((ROOT / "src/broadsheet/web/locale").glob("*/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sdg]|%%|\{[\w.]+\}|</?\w+>")


def catalog(file: Path) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, locale=file.parts[-3], domain="django")


def pairs(message: Message) -> list[tuple[str, str]]:
    """Each translated text beside the one that it stands for."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return list(zip(message.id, message.string, strict=True))


def test_there_is_german() -> None:
    assert [file.parts[-3] for file in FILES] == ["de"]


@pytest.mark.feature("DLV-14")
def test_catalogues_have_the_messages_of_the_pages_and_no_others() -> None:
    assert script("messages").stale() == [], "run scripts/messages.py, then translate what is new"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_no_message_is_untranslated_or_guessed(file: Path) -> None:
    found = [one for one in catalog(file) if one.id]
    assert [one.id for one in found if one.fuzzy or not all(text for _, text in pairs(one))] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_placeholders_agree(file: Path) -> None:
    wrong = [
        (given, translated)
        for one in catalog(file)
        if one.id
        for given, translated in pairs(one)
        if not agree(given, translated, alone=given is one.id[0])
    ]
    assert wrong == []


def agree(given: str, translated: str, *, alone: bool) -> bool:
    """*alone* is the form for a single one, which may say its number in words that suit the noun: “ein Lauf”."""
    wanted, found = (sorted(PLACEHOLDER.findall(text)) for text in (given, translated))
    return wanted == found or (alone and [name for name in wanted if name not in ("%(n)s", "%(n)d")] == found)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_blanks_at_the_ends_are_kept(file: Path) -> None:
    wrong = [
        (given, text)
        for one in catalog(file)
        if one.id
        for given, text in pairs(one)
        if (given[:1].isspace(), given[-1:].isspace()) != (text[:1].isspace(), text[-1:].isspace())
    ]
    assert wrong == []


def test_a_message_that_is_gone_or_new_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    messages = script("messages")
    folder = tmp_path / "de/LC_MESSAGES"
    folder.mkdir(parents=True)
    text = FILES[0].read_text("utf-8").replace('msgid "Deliveries"\n', 'msgid "Deliverances"\n')
    (folder / "django.po").write_text(text, "utf-8")
    monkeypatch.setattr(messages, "LOCALES", tmp_path)
    [made] = messages.texts().values()
    assert 'msgid "Deliveries"\nmsgstr ""\n' in made
    assert "Deliverances" not in made


@pytest.mark.feature("DLV-14")
@pytest.mark.django_db
def test_pages_speak_the_persons_language_else_the_organizations(
    visitor: Callable[[str], Any], cast: Any, organization: Any
) -> None:
    def heading(role: str, **headers: str) -> tuple[str, bool]:
        text = visitor(role).get("/deliveries/", **headers).content.decode()
        found = re.search(r'<html lang="(\w+)"', text)
        assert found
        return found[1], "Zustellungen" in text

    assert heading("editor", HTTP_ACCEPT_LANGUAGE="de") == ("en", False)
    cast.editor.language = "de-AT"
    cast.editor.save()
    assert heading("editor") == ("de", True)
    organization.language = "de"
    organization.save()
    assert heading("viewer") == ("de", True)
    cast.viewer.language = "tlh"
    cast.viewer.save()
    assert heading("viewer")[0] == "en"


@pytest.mark.django_db
def test_the_sign_in_page_speaks_what_the_browser_asks_for(visitor: Callable[[str], Any]) -> None:
    text = visitor("").get("/sign-in/", HTTP_ACCEPT_LANGUAGE="de,en;q=0.5").content.decode()
    assert '<html lang="de"' in text
    assert "Anmelden" in text
