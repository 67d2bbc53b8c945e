"""What a mail costs: this product's channel against Django's `send_mail`, one at a time, into Postfix's `smtp-sink`.

Method: 10,000 messages with a text, an HTML part and a CSV file of 20 kB, each to a recipient of its own, on loopback without
encryption. Ours goes as a run sends: four threads, a connection each, every try with its transcript and the bytes kept as proof;
also with one thread. Django's goes as most programs write it, a call for each message, and with one connection kept for all of
them. The sink takes everything and keeps nothing. Results go to `benchmarks/results/mail.json` and the screen.

    python benchmarks/mail.py [MESSAGES]
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

MESSAGES = 10_000
THREADS = 4  # as a run has
SINK = shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or "smtp-sink"
FROM = "reports@northlight.example"
TEXT = "Your leads of last month are attached.\n" * 40
HTML = "<p>Your leads of last month are attached.</p>\n" * 60
FILE = b"day,source,leads,cost\n" + b"2026-11-01,organic,412,1204.50\n" * 640
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
RESULTS = Path(__file__).parent / "results" / "mail.json"


def main(messages: int) -> None:
    _settle()
    with sink() as port:
        took = {
            "ours, four threads": timed(lambda: ours(port, messages, threads=THREADS)),
            "ours, one thread": timed(lambda: ours(port, messages, threads=1)),
            "Django's send_mail, one at a time": timed(lambda: django_each(port, messages)),
            "Django's messages over one connection": timed(lambda: django_kept(port, messages)),
        }
    found = {
        name: {"seconds": round(seconds, 2), "a second": round(messages / seconds)} for name, seconds in took.items()
    }
    RESULTS.write_text(json.dumps({"messages": messages, **found}, indent=1) + "\n", "utf-8")
    for name, one in found.items():
        print(f"{name:40} {one['seconds']:8.2f} s {one['a second']:6} a second")


def ours(port: int, messages: int, *, threads: int) -> None:
    from broadsheet.delivery.ports import CHANNELS, Attachment, Outgoing, opened

    settings: dict[str, object] = {"host": "127.0.0.1", "port": port, "encryption": "none", "from": FROM}

    def some(first: int) -> int:
        accepted = 0
        with opened(CHANNELS.get("email"), settings, secrets={}, clock=lambda: datetime.now(UTC)) as sender:
            for number in range(first, messages, threads):
                mail = Outgoing(
                    message_id=f"{number}.{threads}@northlight.example", recipient_name=f"Buyer {number}",
                    recipient_address=f"buyer{number}@example.com", subject="Leads: October", text=TEXT, html=HTML,
                    language="en", made_at=NOW, attachments=(Attachment("leads.csv", "text/csv", FILE),),
                )  # fmt: skip
                accepted += sender.send(mail, handing_over=lambda: None).state == "accepted"
        return accepted

    with ThreadPoolExecutor(threads) as pool:
        if sum(pool.map(some, range(threads))) != messages:
            raise SystemExit("Not all were accepted.")


def django_each(port: int, messages: int) -> None:
    from django.core.mail import get_connection

    for number in range(messages):
        _django_message(number, get_connection(host="127.0.0.1", port=port)).send()


def django_kept(port: int, messages: int) -> None:
    from django.core.mail import get_connection

    with get_connection(host="127.0.0.1", port=port) as connection:
        for number in range(messages):
            _django_message(number, connection).send()


def _django_message(number: int, connection: object) -> object:
    """What `send_mail` makes, with the file that it has no argument for."""
    from django.core.mail import EmailMultiAlternatives

    to = [f"Buyer {number} <buyer{number}@example.com>"]
    message = EmailMultiAlternatives("Leads: October", TEXT, FROM, to, connection=connection)
    message.attach_alternative(HTML, "text/html")
    message.attach("leads.csv", FILE.decode(), "text/csv")
    return message


def timed(act: Callable[[], None]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


@contextmanager
def sink() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    who = ("-u", "nobody") if os.getuid() == 0 else ()
    process = subprocess.Popen([SINK, *who, f"127.0.0.1:{port}", "1000"])
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def _settle() -> None:
    os.environ["BROADSHEET_HOME"] = tempfile.mkdtemp(prefix="broadsheet-bench-")
    os.environ["BROADSHEET_SECRET_KEY"] = secrets.token_urlsafe(50)
    os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.config.settings"
    import django
    from django.conf import settings

    django.setup()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES)
