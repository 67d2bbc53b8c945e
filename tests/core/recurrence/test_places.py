"""Zones by the names of their cities, as the reader's language spells them."""

import pytest

from broadsheet.core.recurrence.places import place
from broadsheet.core.recurrence.words import zone_words


@pytest.mark.parametrize(
    ("zone", "language", "expected"),
    [
        ("America/New_York", "en", "New York"),
        ("America/Sao_Paulo", "en", "São Paulo"),
        ("America/Sao_Paulo", "de", "São Paulo"),
        ("Europe/Vienna", "de", "Wien"),
        ("Europe/Vienna", "de-AT", "Wien"),
        ("America/Argentina/Buenos_Aires", "en", "Buenos Aires"),
        ("Europe/Vienna", "xx", "Vienna"),
        ("UTC", "en", "UTC"),
        ("", "en", ""),
    ],
)
def test_a_zone_is_called_by_its_city(zone: str, language: str, expected: str) -> None:
    assert place(zone, language) == expected


def test_the_sentence_spells_it_too() -> None:
    assert zone_words("America/Sao_Paulo") == "São Paulo time"
    assert zone_words("Etc/GMT+5") == "Etc/GMT+5"
