"""The tags that pages are composed of."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web.gallery.rendering import at, render

from broadsheet.core.lifecycle.states import Delivery, Occurrence


def shown(source: str, **context: Any) -> str:
    from django.template import engines
    from django.test import override_settings
    from django.utils import timezone
    from tests.web.gallery.rendering import NEW_YORK, OPTIONS

    render("404.html", {})  # sets Django up where it is not yet
    with override_settings(**OPTIONS), timezone.override(NEW_YORK):
        template = engines["django"].from_string("{% load broadsheet %}" + source)
        return " ".join(template.render({"csrf_token": "t", **context}).split())


@pytest.mark.parametrize("name", sorted({state.value for state in (*Delivery, *Occurrence)}))
def test_every_state_of_the_core_has_its_own_entry(name: str) -> None:
    from broadsheet.web.templatetags.states import STATES

    assert name in STATES


def test_an_unknown_state_is_never_shown_as_success() -> None:
    html = shown('{% state "odd" %}')
    assert "odd" in html
    assert "s-accepted" not in html


def test_a_state_links_to_its_rows_and_escapes_its_label() -> None:
    html = shown('{% state "failed" label=label href="?state=failed" %}', label="1 <failed>")
    assert html.startswith('<a class="state" href="?state=failed">')
    assert "1 &lt;failed&gt;" in html


def test_parts_of_a_bar_fill_it_and_the_smallest_is_seen() -> None:
    from broadsheet.web.templatetags.states import parts

    bar = parts([{"state": "accepted", "count": 999}, {"state": "failed", "count": 1}, {"state": "held", "count": 0}])
    assert [part.label for part in bar] == ["999 accepted", "1 failed"]
    widths = [float(part.width.rstrip("%")) for part in bar]
    assert sum(widths) == pytest.approx(100 - 0.5, abs=0.02)
    assert widths[1] > 1


def test_a_moment_stands_on_the_readers_clock_with_the_other_beside_it() -> None:
    html = shown("{% instant moment %}", moment=at("2026-11-30 08:00"))
    assert ">Mon 30 Nov" in html
    assert "08:00</time>" in html
    assert "13:00 UTC" in html
    london = shown('{% instant moment "time" "Europe/London" %}', moment=at("2026-11-30 08:00"))
    assert ">13:00</time>" in london
    assert "America/New_York" in london
    assert shown("{% instant nothing %}") == ""


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (412_000, "412 kB"),
        (999_600, "1.0 MB"),
        (23_400_000, "23.4 MB"),
        (5 * 10**12, "5.0 TB"),
    ],
)
def test_sizes_are_decimal(count: int, words: str) -> None:
    assert shown("{{ count|size }}", count=count) == words


def test_a_field_ties_hint_and_error_to_its_control_and_offers_the_fix() -> None:
    fault = {"text": "No such zone.", "fix": {"label": "Use Europe/Berlin", "name": "fix", "value": "z"}}
    given = {"name": "zone", "label": "Zone", "value": "<x>", "hint": "As in Europe/Berlin.", "errors": [fault]}
    html = shown("{% field given %}", given=given)
    assert 'value="&lt;x&gt;"' in html
    assert 'aria-invalid="true" aria-describedby="id_zone_hint id_zone_error"' in html
    assert '<button class="btn tight" name="fix" value="z">Use Europe/Berlin</button>' in html


def test_a_django_field_gets_the_same_shape() -> None:
    from django import forms

    class Form(forms.Form):
        address = forms.EmailField(label="Address", help_text="Where it goes.")
        days = forms.MultipleChoiceField(choices=[("mon", "Mon"), ("tue", "Tue")], widget=forms.CheckboxSelectMultiple)

    form = Form({"address": "nobody", "days": ["tue"]})
    html = shown("{% field form.address %}{% field form.days %}", form=form)
    assert 'aria-describedby="id_address_hint id_address_error"' in html
    assert "Enter a valid email address." in html
    assert 'name="days" value="tue" checked' in html
    assert 'name="days" value="mon">' in html


def test_code_lights_its_lines_and_escapes_them() -> None:
    html = shown('{% code text lit="2" %}', text="a: 1\nb: <2>")
    assert '<span class="ln">a: 1 </span><span class="ln lit">b: &lt;2&gt; </span>' in html


def test_a_section_takes_what_stands_in_it() -> None:
    html = shown('{% section title="Times" note="here" %}<p>in it</p>{% endsection %}')
    assert "<h2>Times</h2>" in html
    assert "<p>in it</p>" in html
