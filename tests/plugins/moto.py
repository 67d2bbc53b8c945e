"""An object store on loopback that speaks S3, for tests that read from one."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def store_server() -> Iterator[str]:
    """Its endpoint; empty at first, and shared: each test takes a bucket of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # A process of its own, as a real one is: what would hold up the asking process could not answer it.
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The object store for tests does not start.")


@pytest.fixture
def store(store_server: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client of the store, whose endpoint the operator has named."""
    import boto3

    monkeypatch.setenv("BROADSHEET_OBJECT_STORES", "127.0.0.1")
    return boto3.client(
        "s3",
        endpoint_url=store_server,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    )
