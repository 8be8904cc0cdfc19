"""The address to which a guest's memory is sent."""

from __future__ import annotations

import pytest

from virtkit.binding import uri
from virtkit.host.migration_address import migrate_uri


@pytest.mark.parametrize(
    ("source", "destination", "address", "expected"),
    [
        ("qemu:///system", "qemu+tcp://192.0.2.7/system", None, "tcp://192.0.2.7"),
        ("qemu:///system", "qemu+tcp://[2001:db8::7]/system", None, "tcp://[2001:db8::7]"),
        ("qemu:///system", "qemu+ssh://root@alias.invalid/system", None, "tcp://alias.invalid"),
        ("fake:///one", "fake:///two", None, None),
        ("qemu:///system", "qemu+tcp://192.0.2.7/system", "10.0.0.7", "tcp://10.0.0.7"),
        ("qemu:///system", "qemu+tcp://192.0.2.7/system", "10.0.0.7:4444", "tcp://10.0.0.7:4444"),
        ("qemu:///system", "qemu+tcp://192.0.2.7/system", "2001:db8::9", "tcp://[2001:db8::9]"),
        ("qemu:///system", "qemu+tcp://192.0.2.7/system", "[2001:db8::9]:4444", "tcp://[2001:db8::9]:4444"),
        ("qemu:///system", "qemu+tcp://192.0.2.7/system", "rdma://10.0.0.7", "rdma://10.0.0.7"),
    ],
)
def test_it_is_what_the_client_used(
    source: str, destination: str, address: str | None, expected: str | None
) -> None:
    """Unless the caller knows better."""
    assert migrate_uri(source, destination, address) == expected


def test_to_this_machine_it_is_the_address_towards_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """The source knows this machine by that one."""
    monkeypatch.setattr("virtkit.host.migration_address.own_address", lambda _: "192.0.2.1")
    assert migrate_uri("qemu+tcp://192.0.2.7/system", "qemu:///system") == "tcp://192.0.2.1"
    assert uri.own_address("qemu:///system") is None
