"""What the reference page shows is read as it stands there."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from broadsheet.core.recurrence import Weekends, next_firing, timing_from, timing_to, words

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "reference" / "when.md").read_text("utf-8")
STORY = (ROOT / "docs" / "explanation" / "recurrence.md").read_text("utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
EXAMPLES = [part for block in BLOCKS for part in re.split(r"^(?=when:)", block, flags=re.MULTILINE) if part.strip()]
TABLE = re.findall(r"^\| [^|]+ \| ([^|]+) \| `(\{.+\})` \|$", STORY, re.MULTILINE)
CALENDARS = {"new-york": Weekends(name="New York")}


@pytest.mark.feature("SCH-05")
@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_of_the_reference_is_read_and_written_back(text):
    timing = timing_from(yaml.safe_load(text)["when"], default_zone="Europe/London", calendars=CALENDARS)
    written = timing_to(timing, calendars=CALENDARS)
    assert timing_from(yaml.safe_load(yaml.safe_dump(written)), default_zone="UTC", calendars=CALENDARS) == timing
    assert next_firing(timing, after=datetime(2026, 1, 1, tzinfo=UTC)) is not None


@pytest.mark.feature("SCH-30")
@pytest.mark.parametrize(("sentence", "text"), TABLE)
def test_an_example_in_words_is_what_words_says(sentence, text):
    timing = timing_from(yaml.safe_load(text), default_zone="UTC")
    assert sentence.split(",")[0].strip() in words(timing)
    assert timing_from(timing_to(timing), default_zone="Asia/Tokyo") == timing


def test_the_page_has_its_examples():
    assert len(EXAMPLES) >= 10 and len(TABLE) >= 12
