"""A notification as a mail: plain text, and HTML in the organization's look."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from broadsheet.collaboration.models import Notification
from broadsheet.collaboration.wording import Line, Part, Said, in_language_of, reader_zone, said
from broadsheet.core.markup.mail_body import in_html
from broadsheet.core.markup.mail_style import SANS, SERIF, WIDTH, font, sheet, table
from broadsheet.core.markup.writer import Html, join, tag
from broadsheet.core.theme import Theme, Tokens
from broadsheet.delivery.ports import Outgoing
from broadsheet.reports.queries import theme_of

ACCOUNT = "/settings/account/"
SUBJECT = 300  # characters; titles of calendars have 200


def letter(notification: Notification, *, message_id: str) -> Outgoing:
    """The message to its person, in their language and on their clock; the same at each try."""
    person, organization = notification.person, notification.organization
    with in_language_of(person, organization) as language:
        found = said(notification, zone=reader_zone(person, organization))
        page = f"{settings.BASE_URL}/notifications/#n{notification.pk}"
        why = _("You get this because you look after these schedules at %(name)s.") % {"name": organization.name}
        off = _("Switch such mails off: %(address)s") % {"address": settings.BASE_URL + ACCOUNT}
        read = _("Read it on the page: %(address)s") % {"address": page}
        return Outgoing(
            message_id=message_id,
            recipient_name=str(person),
            recipient_address=person.email,
            subject=" ".join(found.subject.split())[:SUBJECT],
            text=f"{found.text()}\n\n{read}\n\n{why}\n{off}\n",
            html=_html(found, language, theme_of(organization.pk), name=organization.name, page=page, why=why),
            language=language,
            made_at=notification.created_at,
            organization=organization.slug,
            report="notification",
            schedule="notification",
            occurrence_id=str(notification.pk),
            fire_at=notification.created_at,
            recipient_key=f"user-{person.pk}",
            kind="notice",
        )


def _html(found: Said, language: str, theme: Theme, *, name: str, page: str, why: str) -> str:
    tokens = theme.light
    rows = join(
        _masthead(theme.name if theme.logo else name, tokens),
        _head(found, tokens),
        *(_row(*_part(one, tokens), top=22) for one in found.parts),
        _row(_text(found.rest, tokens), top=16) if found.rest else "",
        _button(page, tokens),
        _foot(why, tokens),
    )
    ground = table(
        tag("tr", tag("td", table(rows, style=f"max-width:{WIDTH}px;"), align="center")),
        class_="bg", style=f"background-color:{tokens.paper};",
    )  # fmt: skip
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width,initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", in_html(found.subject)),
        tag("style", sheet(theme)),
    )
    body = tag("body", ground, class_="bg", style=f"margin:0;padding:0;background-color:{tokens.paper};")
    return join(Html("<!DOCTYPE html>\n"), tag("html", head, body, lang=language))


def _row(*children: str, top: int, bottom: int = 0) -> Html:
    return tag("tr", tag("td", *children, class_="pad", style=f"padding:{top}px 24px {bottom}px;"))


def _masthead(name: str, tokens: Tokens) -> Html:
    ruled = f"font-weight:bold;padding-bottom:9px;border-bottom:2px solid {tokens.accent};"
    cell = tag("td", in_html(name), class_="ink top", style=font(SERIF, 17, 24, tokens.ink, ruled))
    return _row(table(tag("tr", cell)), top=20)


def _head(found: Said, tokens: Tokens) -> Html:
    title = font(SERIF, 28, 33, tokens.ink, "margin:0;font-weight:normal;letter-spacing:-.2px;")
    lead = font(SERIF, 17, 27, tokens.ink, "margin:14px 0 0;")
    return _row(
        tag("h1", in_html(found.subject), class_="ink h1", style=title),
        tag("p", in_html(found.lead), class_="ink", style=lead) if found.lead else "",
        top=26,
    )


def _part(part: Part, tokens: Tokens) -> Iterator[Html]:
    ruled = f"margin:0;font-weight:bold;border-top:1px solid {tokens.ink};padding-top:12px;"
    link = tag(
        "a", in_html(part.title), href=settings.BASE_URL + part.path, class_="lnk", style=f"color:{tokens.accent};"
    )
    yield tag("h2", link, class_="ink strong", style=font(SERIF, 19, 25, tokens.ink, ruled))
    if part.lines:
        clock = font(SANS, 13, 20, tokens.ink2, "margin:2px 0 6px;")
        yield tag("p", in_html(part.clock), class_="ink2", style=clock)
        yield table(*(_line(one, tokens) for one in part.lines))
    yield from (_text(text, tokens) for text in (part.rest, part.trouble) if text)


def _line(line: Line, tokens: Tokens) -> Html:
    bold = font(SANS, 15, 21, tokens.ink, "font-weight:bold;")
    quiet = font(SANS, 13, 19, tokens.ink2)
    yours = _("yours: %(change)s") % {"change": line.yours} if line.yours else ""
    under = [join(Html("<br>"), tag("span", in_html(text), class_="ink2", style=quiet)) for text in (yours, line.reason) if text]  # fmt: skip
    ruled = f"border-top:1px solid {tokens.hair};padding:9px 0 10px;"
    return tag(
        "tr", tag("td", tag("span", in_html(line.text), class_="ink", style=bold), *under, class_="rule", style=ruled)
    )


def _text(text: str, tokens: Tokens) -> Html:
    return tag("p", in_html(text), class_="ink2", style=font(SANS, 14, 21, tokens.ink2, "margin:8px 0 0;"))


def _button(page: str, tokens: Tokens) -> Html:
    style = "display:inline-block;padding:12px 22px;font-weight:bold;text-decoration:none;"
    link = tag("a", in_html(_("Open the notifications")), href=page, class_="btna", style=font(SANS, 16, 20, tokens.paper, style))  # fmt: skip
    cell = tag("td", link, class_="btn", bgcolor=tokens.accent, style=f"background-color:{tokens.accent};")
    return _row(table(tag("tr", cell), width=None), top=26)


def _foot(why: str, tokens: Tokens) -> Html:
    ruled = f"margin:0;border-top:1px solid {tokens.hair};padding-top:14px;"
    link = tag(
        "a", in_html(_("Switch such mails off")), href=settings.BASE_URL + ACCOUNT, class_="lnk",
        style=f"color:{tokens.accent};",
    )  # fmt: skip
    return _row(
        tag("p", in_html(f"{why} "), link, class_="ink2 rule", style=font(SANS, 13, 20, tokens.ink2, ruled)),
        top=28, bottom=32,
    )  # fmt: skip
