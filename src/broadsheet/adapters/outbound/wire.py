"""Sockets for one call: the name is resolved once, the address checked is the address connected to, and every wait on
the way ends at the same deadline.

These are a network backend and stream of httpcore, so that TLS still verifies the host's name although the connection
goes to an address.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import httpcore

from .addresses import Policy
from .errors import Denied, TookTooLong, Unreachable

Resolve = Callable[[str, int], list[tuple[int, str]]]
MOST_ADDRESSES = 4  # of one name that are tried


def resolve(host: str, port: int) -> list[tuple[int, str]]:
    """(family, address) pairs of *host*, in the system's order of preference. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys((family, str(where[0])) for family, _, _, _, where in found))


class Deadline:
    """A moment on the monotonic clock that all waits of a call share."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._end

    def left(self) -> float:
        """Seconds until then. Raises TookTooLong when it has passed."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> TookTooLong:
        return TookTooLong(f"The whole call took longer than {self._seconds:g} seconds and was broken off.")


class Backend(httpcore.NetworkBackend):
    """Connects for one call. *before_write* is called once, right before the first byte of the request."""

    def __init__(
        self,
        policy: Policy,
        *,
        deadline: Deadline,
        encrypted: bool,
        before_write: Callable[[], None],
        resolver: Resolve = resolve,
    ) -> None:
        self._policy = policy
        self._deadline = deadline
        self._encrypted = encrypted
        self._before_write = before_write
        self._resolver = resolver

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> Stream:
        reason = f"“{host}” cannot be reached on port {port}."
        for family, address in self._permitted(host, port)[:MOST_ADDRESSES]:
            sock = socket.socket(family, socket.SOCK_STREAM)
            try:
                sock.settimeout(self._deadline.left())
                sock.connect((address, port))
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except TimeoutError:
                sock.close()
                raise self._deadline.passed() from None
            except OSError:
                sock.close()
            except BaseException:
                sock.close()
                raise
            else:
                return Stream(sock, self._deadline, self._before_write)
        raise Unreachable(reason)

    def _permitted(self, host: str, port: int) -> list[tuple[int, str]]:
        """Addresses of *host* that may be called. Raises Denied with the first reason when there is none."""
        refusals: list[str] = []
        permitted: list[tuple[int, str]] = []
        for family, address in resolved(host, port, deadline=self._deadline, resolver=self._resolver):
            refusal = self._policy.refusal(host, ipaddress.ip_address(address), port=port, encrypted=self._encrypted)
            if refusal:
                refusals.append(refusal)
            else:
                permitted.append((family, address))
        if refusals and not permitted:
            raise Denied(refusals[0])
        return permitted


def resolved(host: str, port: int, *, deadline: Deadline, resolver: Resolve = resolve) -> list[tuple[int, str]]:
    """(family, address) pairs of *host*. Raises Unreachable, TookTooLong.

    In a thread of its own, since the system's resolver knows no deadline.
    """
    with suppress(ValueError):
        literal = ipaddress.ip_address(host)
        return [(socket.AF_INET if literal.version == 4 else socket.AF_INET6, str(literal))]
    outcome: list[list[tuple[int, str]] | Exception] = []

    def work() -> None:
        try:
            outcome.append(resolver(host, port))
        except Exception as error:  # a thread's border: whatever it is belongs to the caller
            outcome.append(error)

    thread = threading.Thread(target=work, daemon=True, name="resolve")
    thread.start()
    thread.join(deadline.left())
    if not outcome:
        raise deadline.passed()
    if isinstance(outcome[0], OSError | UnicodeError):
        raise Unreachable(f"The name “{host}” cannot be resolved. Check its spelling.")
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]


class Stream(httpcore.NetworkStream):
    """One connection; the timeouts that httpcore passes per operation give way to the deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline, before_write: Callable[[], None]) -> None:
        self._sock = sock
        self._deadline = deadline
        self._before_write: Callable[[], None] | None = before_write

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            self._sock.settimeout(self._deadline.left())
            return self._sock.recv(max_bytes)
        except TimeoutError:
            raise self._deadline.passed() from None
        except OSError as error:
            raise httpcore.ReadError(str(error)) from None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self._before_write is not None:
            tell, self._before_write = self._before_write, None
            tell()
        view = memoryview(buffer)
        try:
            while view:
                self._sock.settimeout(self._deadline.left())
                view = view[self._sock.send(view) :]
        except TimeoutError:
            raise self._deadline.passed() from None
        except OSError as error:
            raise httpcore.WriteError(str(error)) from None

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Stream:
        host = server_hostname or ""
        try:
            self._sock.settimeout(self._deadline.left())
            self._sock = ssl_context.wrap_socket(self._sock, server_hostname=host)
        except TimeoutError:
            self.close()
            raise self._deadline.passed() from None
        except ssl.SSLCertVerificationError as error:
            self.close()
            raise Unreachable(f"The certificate of “{host}” is not valid: {error.verify_message}.") from None
        except OSError:
            self.close()
            raise Unreachable(f"“{host}” does not answer with encryption (TLS 1.2 or later).") from None
        return self

    def close(self) -> None:
        self._sock.close()

    def get_extra_info(self, info: str) -> Any:
        return self._sock if info == "socket" else None
