"""What may be called: every special range is closed, in every spelling, unless the operator opens it."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from broadsheet.adapters.outbound import Denied, Policy

pytestmark = pytest.mark.feature("DLV-05")
NOBODY = Policy()


def refusal(
    address: str, policy: Policy = NOBODY, *, host: str = "h.example", port: int = 443, https: bool = True
) -> str:
    return policy.refusal(host, ip_address(address), port=port, encrypted=https)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.1.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.0.170",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:a9fe:101",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::7f00:1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_no_special_address_is_called(address: str) -> None:
    assert "lies in a private network" in refusal(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"],
)
def test_public_addresses_are_called(address: str) -> None:
    assert refusal(address) == ""


METADATA = ["169.254.169.254", "169.254.170.2", "100.100.100.200", "fd00:ec2::254", "::ffff:169.254.169.254"]


@pytest.mark.parametrize("address", METADATA)
def test_credentials_of_cloud_machines_stay_closed_even_in_an_open_range(address: str) -> None:
    for policy in (NOBODY, Policy.parse("0.0.0.0/0, ::/0"), Policy.parse("h.example")):
        assert "hands a cloud machine its credentials" in refusal(address, policy)


def test_only_the_exact_address_opens_them() -> None:
    assert refusal("169.254.169.254", Policy.parse("169.254.169.254")) == ""


@pytest.mark.parametrize("allowed", ["10.1.0.0/16", "10.1.2.3", "H.Example.", "x.example, 10.1.2.0/24", "10.1.2.9/16"])
def test_the_operator_can_open_a_range_or_a_host_also_without_encryption(allowed: str) -> None:
    assert refusal("10.1.2.3", Policy.parse(allowed), port=25, https=False) == ""


@pytest.mark.parametrize("allowed", ["10.2.0.0/16", "other.example", "example", ""])
def test_another_entry_opens_nothing(allowed: str) -> None:
    assert refusal("10.1.2.3", Policy.parse(allowed)) != ""


def test_a_mapped_address_is_opened_by_what_it_stands_for() -> None:
    assert refusal("::ffff:10.1.2.3", Policy.parse("10.0.0.0/8")) == ""


@pytest.mark.parametrize(("port", "said"), [(22, "Port 22"), (25, "Port 25"), (0, "Port 0"), (443, ""), (8443, "")])
def test_ports_of_machines_are_closed(port: int, said: str) -> None:
    assert refusal("8.8.8.8", port=port).startswith(said)
    assert bool(refusal("8.8.8.8", port=port)) == bool(said)


def test_nothing_goes_out_without_encryption() -> None:
    assert "without encryption" in refusal("8.8.8.8", port=80, https=False)


def test_a_wrong_range_is_named() -> None:
    with pytest.raises(Denied, match=r"“10\.0\.0\.0/33” in BROADSHEET_ALLOW_PRIVATE_ADDRESSES"):
        Policy.parse("10.0.0.0/33")


def test_a_refusal_does_not_tell_the_address() -> None:
    assert "10.7.7.7" not in refusal("10.7.7.7")
