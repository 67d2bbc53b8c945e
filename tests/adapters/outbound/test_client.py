"""Calls to real servers that are slow, huge, cut off, elsewhere than they say, or fine."""

from __future__ import annotations

import logging
import socket
import threading
import time
from pathlib import Path

import pytest
from tests.adapters.http_servers import Asked, certificate, raw, web

from broadsheet.adapters.outbound import Client, Denied, Policy, TookTooLong, Unreachable

pytestmark = pytest.mark.feature("DLV-05")
LOOPBACK = Policy.parse("127.0.0.0/8 ::1")
CLIENT = Client(LOOPBACK)


def test_an_answer_comes_back_whole() -> None:
    with web(lambda asked: (201, {"X-Id": "7"}, b"made " + asked.body)) as server:
        reply = CLIENT.request("POST", f"http://127.0.0.1:{server.port}/a?b=c", headers={"X-Own": "y"}, content=b"it")
    assert (reply.status, reply.headers["x-id"], reply.body, reply.truncated) == (201, "7", b"made it", False)
    [asked] = server.asked
    assert (asked.method, asked.path, asked.headers["x-own"]) == ("POST", "/a?b=c", "y")
    assert asked.headers["host"] == f"127.0.0.1:{server.port}"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_no_spelling_of_loopback_is_called_unasked(host: str) -> None:
    with web() as server, pytest.raises(Denied, match="private network"):
        Client(Policy()).request("GET", f"http://{host}:{server.port}/")
    assert server.asked == []


@pytest.mark.parametrize("host", ["169.254.169.254", "[fd00:ec2::254]", "2852039166"])
def test_metadata_of_clouds_is_never_called(host: str) -> None:
    with pytest.raises(Denied, match="credentials"):
        Client(Policy.parse("0.0.0.0/0 ::/0")).request("GET", f"http://{host}/latest/meta-data/")


def test_the_address_checked_is_the_address_called_however_the_name_changes() -> None:
    answers = [[(socket.AF_INET, "127.0.0.2")], [(socket.AF_INET, "127.0.0.1")]]  # the second would be the rebinding
    with web(host="127.0.0.2") as right, web() as wrong:
        client = Client(Policy.parse("127.0.0.2"), resolver=lambda *_: answers.pop(0))
        reply = client.request("GET", f"http://rebind.example:{right.port}/")
    assert reply.status == 200
    assert len(answers) == 1  # the name was resolved once
    assert (right.asked[0].headers["host"], wrong.asked) == (f"rebind.example:{right.port}", [])


def test_of_several_addresses_only_permitted_ones_are_called() -> None:
    found = [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "127.0.0.2")]
    with web(host="127.0.0.2") as right:
        client = Client(Policy.parse("127.0.0.2"), resolver=lambda *_: found)
        assert client.request("GET", f"http://both.example:{right.port}/").status == 200


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with web() as inner:
        to = {"Location": f"http://127.0.0.1:{inner.port}/latest/meta-data/"}
        with web(lambda _: (302, to, b"")) as server:
            reply = CLIENT.request("GET", f"http://127.0.0.1:{server.port}/")
    assert reply.status == 302
    assert inner.asked == []


def dribble(peer: socket.socket, over: threading.Event) -> None:
    """A byte every 20 ms, for ever."""
    peer.recv(4096)
    peer.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not over.wait(0.02):
        peer.sendall(b"x")


def dribble_body(peer: socket.socket, over: threading.Event) -> None:
    peer.recv(4096)
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not over.wait(0.02):
        peer.sendall(b"x")


def silence(peer: socket.socket, over: threading.Event) -> None:
    over.wait(10)


@pytest.mark.parametrize("serve", [dribble, dribble_body, silence])
def test_the_deadline_is_for_the_whole_call(serve: object) -> None:
    start = time.monotonic()
    with raw(serve) as port, pytest.raises(TookTooLong, match=r"longer than 0\.3 seconds"):  # type: ignore[arg-type]
        CLIENT.request("GET", f"http://127.0.0.1:{port}/", seconds=0.3)
    assert time.monotonic() - start < 2


def test_a_server_that_does_not_read_is_given_up() -> None:
    with raw(silence) as port, pytest.raises(TookTooLong):
        CLIENT.request("POST", f"http://127.0.0.1:{port}/", content=b"x" * 30_000_000, seconds=0.3)


def test_a_resolver_that_hangs_is_given_up() -> None:
    over = threading.Event()

    def hang(*_: object) -> list[tuple[int, str]]:
        over.wait(10)
        return []

    with pytest.raises(TookTooLong):
        Client(LOOPBACK, resolver=hang).request("GET", "http://slow.example/", seconds=0.2)
    over.set()


def test_a_tls_handshake_that_hangs_is_given_up() -> None:
    with raw(silence) as port, pytest.raises(TookTooLong):
        CLIENT.request("GET", f"https://127.0.0.1:{port}/", seconds=0.3)


def test_of_ten_gigabytes_only_what_is_wanted_is_read() -> None:
    sent: list[int] = []

    def flood(peer: socket.socket, over: threading.Event) -> None:
        peer.recv(4096)
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
        while not over.is_set():
            peer.sendall(b"x" * 65536)
            sent.append(65536)

    with raw(flood) as port:
        reply = CLIENT.request("GET", f"http://127.0.0.1:{port}/", most_bytes=1000)
    assert (len(reply.body), reply.truncated) == (1000, True)
    assert sum(sent) < 50_000_000  # what the sockets' buffers hold


def test_a_packed_answer_is_not_unpacked() -> None:
    bomb = b"\x1f\x8b\x08\x00 not unpacked"
    with web(lambda _: (200, {"Content-Encoding": "gzip"}, bomb)) as server:
        assert CLIENT.request("GET", f"http://127.0.0.1:{server.port}/").body == bomb
    assert server.asked[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://user:secret@example.com/", "user or password"),
        ("https://user@example.com/", "user or password"),
        ("ftp://example.com/", "begins with https://"),
        ("file:///etc/passwd", "begins with https://"),
        ("gopher://127.0.0.1:70/", "begins with https://"),
        ("//example.com/", "begins with https://"),
        ("https:///hook", "begins with https://"),
        ("", "begins with https://"),
        ("https://example.com:0/", "from 1 to 65535"),
        ("https://example.com:65536/", "from 1 to 65535"),
        ("https://example.com:x/", "not an address"),
        ("https://exa mple.com/", "no host has"),
        ("https://a%2eb/", "no host has"),
        ("http://0177.0.0.1/", "not an address"),
        ("https://example.com/\r\nX: y", "not an address"),
    ],
)
def test_what_is_no_address_is_refused_without_a_call(url: str, said: str) -> None:
    def never(*_: object) -> list[tuple[int, str]]:
        raise AssertionError("resolved")

    with pytest.raises(Denied, match=said) as caught:
        Client(LOOPBACK, resolver=never).request("GET", url)
    assert "secret" not in str(caught.value)


def test_a_header_cannot_smuggle_another() -> None:
    with web() as server, pytest.raises(Denied, match="signs that must not stand"):
        CLIENT.request("GET", f"http://127.0.0.1:{server.port}/", headers={"X-A": "b\r\nX-C: d"})
    assert server.asked == []


@pytest.mark.parametrize("said", [b"", b"220 mail ready\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"])
def test_a_cut_or_another_protocol_is_told(said: bytes) -> None:
    def cut(peer: socket.socket, over: threading.Event) -> None:
        peer.recv(4096)
        peer.sendall(said)

    with raw(cut) as port, pytest.raises(Unreachable):
        CLIENT.request("GET", f"http://127.0.0.1:{port}/")


def test_a_port_where_nobody_listens_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable, match=f"cannot be reached on port {port}"):
        CLIENT.request("GET", f"http://127.0.0.1:{port}/")


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(Unreachable, match=r"“nowhere\.invalid” cannot be resolved"):
        CLIENT.request("GET", "https://nowhere.invalid/")


@pytest.mark.feature("DLV-21")
def test_the_certificate_is_checked_for_the_name_though_an_address_is_called(tmp_path: Path) -> None:
    server, trust = certificate(tmp_path, "hooks.example")
    client = Client(LOOPBACK, trust=trust, resolver=lambda *_: [(socket.AF_INET, "127.0.0.1")])
    with web(context=server) as there:
        assert client.request("GET", f"https://hooks.example:{there.port}/").status == 200
        client.probe(f"https://hooks.example:{there.port}/")
        for act in (client.request, lambda _, url: client.probe(url)):
            with pytest.raises(Unreachable, match=r"The certificate of “other\.example” is not valid"):
                act("GET", f"https://other.example:{there.port}/")
        with pytest.raises(Unreachable, match="self-signed"):
            Client(LOOPBACK, resolver=client._resolver).request("GET", f"https://hooks.example:{there.port}/")


def test_the_caller_hears_right_before_the_first_byte() -> None:
    heard: list[int] = []
    with web() as server:
        url = f"http://127.0.0.1:{server.port}/"
        CLIENT.request("POST", url, content=b"x", before_write=lambda: heard.append(len(server.asked)))
        assert heard == [0]

        def lost() -> None:
            raise RuntimeError("the claim was lost")

        with pytest.raises(RuntimeError, match="claim"):
            CLIENT.request("POST", url, content=b"x", before_write=lost)
    assert len(server.asked) == 1


def test_no_log_line_holds_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    def answer(_: Asked) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, b"ok"

    with web(answer) as server:
        url = f"http://127.0.0.1:{server.port}/swordfish?token=swordfish"
        CLIENT.request("POST", url, headers={"Authorization": "swordfish"}, content=b"swordfish")
    assert "swordfish" not in caplog.text


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with web() as server:
        assert CLIENT.request("GET", f"http://127.0.0.1:{server.port}/").status == 200


def test_the_operators_list_is_read_at_each_call(monkeypatch: pytest.MonkeyPatch) -> None:
    with web() as server:
        url = f"http://127.0.0.1:{server.port}/"
        monkeypatch.delenv("BROADSHEET_ALLOW_PRIVATE_ADDRESSES", raising=False)
        with pytest.raises(Denied):
            Client().request("GET", url)
        monkeypatch.setenv("BROADSHEET_ALLOW_PRIVATE_ADDRESSES", "127.0.0.1")
        assert Client().request("GET", url).status == 200
