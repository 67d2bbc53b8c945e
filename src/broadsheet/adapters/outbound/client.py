"""Calls over HTTP to addresses that people have entered.

No redirect is followed, no proxy of the environment is used, no cookie is kept, no compressed body is unpacked, and
nothing is written to a log: an address may hold a secret. One connection a call.
"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpcore
import httpx

from .addresses import Policy
from .errors import Denied, Unreachable
from .wire import Backend, Deadline, Resolve, resolve

SECONDS = 15.0  # the receivers' own advice: answer within 15 seconds (Standard Webhooks)
MOST_BYTES = 64 * 1024  # of an answer's body
HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")  # a name as DNS has it, or an IPv6 address


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. ``body`` holds at most the bytes asked for, as sent; ``truncated`` tells that there was more."""

    status: int
    headers: httpx.Headers
    body: bytes
    truncated: bool = False


def _nothing() -> None:
    """Nobody needs to know."""


class Client:
    """Thread-safe. Without *policy*, that of the environment at each call; *trust* says whose certificates count
    (the system's), *resolver* turns a name into addresses."""

    def __init__(
        self, policy: Policy | None = None, *, trust: ssl.SSLContext | None = None, resolver: Resolve = resolve
    ) -> None:
        self._policy = policy
        self._trust = trust
        self._resolver = resolver

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        seconds: float = SECONDS,
        most_bytes: int = MOST_BYTES,
        before_write: Callable[[], None] = _nothing,
    ) -> Reply:
        """The answer, of whatever status, within *seconds* for everything from resolving to the last byte.

        *before_write* is called once, right before the first byte of the request; what it raises goes through.
        Raises Denied, Unreachable, TookTooLong.
        """
        where = checked(url)
        try:
            request = httpx.Request(
                method, where, headers={"Accept-Encoding": "identity", **(headers or {})}, content=content
            )
        except (ValueError, UnicodeError):
            raise Denied("A header of the call holds signs that must not stand there.") from None
        backend = self._backend(where, seconds, before_write)
        try:
            with httpcore.ConnectionPool(
                ssl_context=self._trust or system_trust(), network_backend=backend, max_keepalive_connections=0
            ) as pool:
                return _answer(pool, request, most_bytes)
        except httpcore.LocalProtocolError:
            raise Denied("The address or a header of the call holds signs that must not stand there.") from None
        except httpcore.RemoteProtocolError:
            raise Unreachable(f"“{where.host}” broke off, or answered with something that is not HTTP.") from None
        except httpcore.NetworkError:
            raise Unreachable(f"“{where.host}” cut the connection.") from None

    def probe(self, url: str, *, seconds: float = SECONDS) -> None:
        """Connect as a call would, certificate included, and hang up. Raises as ``request`` does."""
        where = checked(url)
        host = where.raw_host.decode("ascii")
        stream = self._backend(where, seconds, _nothing).connect_tcp(host, port(where))
        try:
            if where.scheme == "https":
                stream.start_tls(self._trust or system_trust(), server_hostname=host)
        finally:
            stream.close()

    def _backend(self, where: httpx.URL, seconds: float, before_write: Callable[[], None]) -> Backend:
        return Backend(
            Policy.from_environment() if self._policy is None else self._policy,
            deadline=Deadline(seconds),
            encrypted=where.scheme == "https",
            before_write=before_write,
            resolver=self._resolver,
        )


def checked(url: str) -> httpx.URL:
    """*url* taken apart, if it can be called at all. Raises Denied."""
    try:
        where = httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise Denied("This is not an address. One looks like https://example.com/hook.") from None
    if where.scheme not in {"http", "https"} or not where.host:
        raise Denied("An address begins with https:// and a host, such as https://example.com/hook.")
    if not HOST.fullmatch(where.raw_host.decode("ascii", "replace")):
        raise Denied("The host of the address holds signs that no host has.")
    if where.userinfo:
        raise Denied("The address holds a user or password. Take them out; they would be sent in the clear.")
    if not 1 <= port(where) <= 65535:
        raise Denied("The port of the address must be from 1 to 65535.")
    return where


def port(where: httpx.URL) -> int:
    if where.port is not None:
        return where.port
    return 443 if where.scheme == "https" else 80


def _answer(pool: httpcore.ConnectionPool, request: httpx.Request, most_bytes: int) -> Reply:
    url = request.url
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    response = pool.handle_request(
        httpcore.Request(request.method, target, headers=request.headers.raw, content=request.content)
    )
    try:
        body = bytearray()
        for piece in response.iter_stream():
            body += piece
            if len(body) > most_bytes:
                break  # hang up; the rest is not worth a byte
        headers = httpx.Headers(response.headers)
        return Reply(response.status, headers, bytes(body[:most_bytes]), truncated=len(body) > most_bytes)
    finally:
        response.close()


@cache
def system_trust() -> ssl.SSLContext:
    """Certificates that this machine trusts; where it has none of its own, Mozilla's list."""
    paths = ssl.get_default_verify_paths()
    folder = paths.capath and Path(paths.capath).is_dir() and any(os.scandir(paths.capath))
    return ssl.create_default_context() if paths.cafile or folder else httpx.create_ssl_context(trust_env=False)
