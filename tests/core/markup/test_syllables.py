"""Where long words may break."""

from __future__ import annotations

import pytest

from broadsheet.core.markup.syllables import SOFT, softened


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("Zurückgegeben", "Zu·rück·ge·geben"),
        ("Abschlüsse, Annahmequote %", "Ab·schlüsse, An·nah·me·quote %"),
        ("Kostenentwicklung", "Kos·te·nent·wick·lung"),
        ("Entregados", "En·tre·gados"),
        ("Conversions", "Con·ver·sions"),
        ("Επιστράφηκαν", "Επι·στρά·φηκαν"),
        ("Продължение", "Про·дъл·жение"),
        ("Leads Rate", "Leads Rate"),
        ("受入率が下限を下回る媒体", "受入率が下限を下回る媒体"),
        ("12345678901", "12345678901"),
    ],
)
def test_long_words_may_break_between_syllables(text: str, parted: str) -> None:
    assert softened(text).replace(SOFT, "·") == parted
