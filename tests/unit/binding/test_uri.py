"""Which URI is meant, and where it leads."""

from __future__ import annotations

from typing import Any

import pytest

from virtkit.binding import uri


@pytest.mark.parametrize(
    ("argument", "environment", "expected"),
    [
        (None, {}, "qemu:///system"),
        (None, {"LIBVIRT_DEFAULT_URI": "lxc:///"}, "lxc:///"),
        (None, {"LIBVIRT_DEFAULT_URI": "lxc:///", "VIRTKIT_URI": "fake:///x"}, "fake:///x"),
        (
            "test:///default",
            {"LIBVIRT_DEFAULT_URI": "lxc:///", "VIRTKIT_URI": "fake:///x"},
            "test:///default",
        ),
    ],
)
def test_argument_then_environment_then_default(
    monkeypatch: pytest.MonkeyPatch, argument: str | None, environment: dict[str, str], expected: str
) -> None:
    """The nearer one wins."""
    for name in ("VIRTKIT_URI", "LIBVIRT_DEFAULT_URI"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert uri.resolve(argument) == expected


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("qemu:///system", "qemu:///system"),
        ("esx://root@host/", "esx://root@host/"),
        ("esx://root:geheim@host:443/?no_verify=1", "esx://root:***@host:443/?no_verify=1"),
    ],
)
def test_passwords_are_not_shown(given: str, shown: str) -> None:
    """A password in a URI does not get into messages."""
    assert uri.redacted(given) == shown


@pytest.mark.parametrize(("given", "found"), [("qemu+ssh://h/system", "qemu"), ("fake:///x", "fake")])
def test_scheme_is_the_driver(given: str, found: str) -> None:
    """The transport is no part of it."""
    assert uri.scheme(given) == found


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("qemu:///system", None),
        ("fake:///host", None),
        ("qemu+tcp://192.0.2.7/system", "192.0.2.7"),
        ("qemu+tcp://[2001:db8::7]:16509/system", "2001:db8::7"),
        ("qemu+tcp://127.0.0.1/system", None),
        ("qemu+ssh://no-such-alias.invalid/system", "no-such-alias.invalid"),
    ],
)
def test_remote_address(given: str, address: str | None) -> None:
    """Names are resolved; what only ssh knows stays as it is; this machine itself has none."""
    assert uri.remote_address(given) == address


def test_own_address_needs_another_host() -> None:
    """Towards itself, or towards nobody, this machine has no address to tell others."""
    assert uri.own_address("qemu:///system") is None
    assert uri.own_address("qemu+tcp://127.0.0.1/system") is None
    assert uri.own_address("qemu+ssh://no-such-alias.invalid/system") is None


@pytest.mark.parametrize("wrong", [5, b"fake:///x", ["fake:///x"]])
def test_a_uri_is_text(wrong: Any) -> None:
    """Anything else is a TypeError that says so."""
    with pytest.raises(TypeError, match="a URI is a str"):
        uri.resolve(wrong)
