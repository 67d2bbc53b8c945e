"""Why a mail comes: in the recipient's language, with names as they are written."""

from __future__ import annotations

import pytest

from broadsheet.core.recurrence import timing_from
from broadsheet.delivery.composing import why_of

TIMING = timing_from({"every": "week", "on": ["mon"], "at": "08:00", "zone": "America/New_York"}, default_zone="UTC")
ENGLISH = "Northlight Leads sends it to you. When: Every Monday at 08:00, New York time."


@pytest.mark.feature("DLV-01")
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en-US", ENGLISH),
        ("nl", ENGLISH),
        (
            "de-AT",
            "Northlight Leads schickt Ihnen diesen Bericht. Wann: Jeden Montag um 08:00 Uhr, Ortszeit New York.",
        ),
        ("es", "Se lo envía Northlight Leads. Cuándo: Todos los lunes a las 08:00, hora de Nueva York."),
        ("fr", "Northlight Leads vous l’envoie. Quand\u00a0: Tous les lundis à 08:00, heure de New York."),
        ("it", "Inviato da Northlight Leads."),
    ],
)
def test_why_a_mail_comes(language: str, said: str) -> None:
    assert why_of("Northlight Leads", TIMING, language=language) == said
