"""What a connection is opened with: types as the binding checks them, hosts that are not one another."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.fake.conftest import Timeline


_TRANSPORT = (
    "invalid argument: remote_open: transport in URL not recognised "
    "(should be tls|unix|ssh|ext|tcp|libssh2|libssh)"
)


def _calls(module: Any) -> list[tuple[Callable[..., Any], tuple[Any, ...]]]:
    return [
        (module.open, (3,)),
        (module.open, (b"test:///default",)),
        (module.open, ("a\0b",)),
        (module.open, (None, None)),
        (module.openReadOnly, (3,)),
        (module.openAuth, (3, [], 0)),
        (module.openAuth, ("test:///default", [[], None, None], "x")),
        (module.openAuth, ("test:///default", [[], None, None], None)),
        (module.openAuth, ()),
        (module.getVersion, (3,)),
    ]


def _said(call: Callable[..., Any], args: tuple[Any, ...]) -> tuple[str, str]:
    with pytest.raises((TypeError, ValueError)) as caught:
        call(*args)
    return type(caught.value).__name__, str(caught.value)


def test_wrong_types() -> None:
    """The exception and its words are libvirt-python's."""
    real = pytest.importorskip("libvirt", reason="libvirt-python is not installed")
    expected = [_said(*each) for each in _calls(real)]
    assert [_said(*each) for each in _calls(libvirt)] == expected


def test_no_text_is_no_uri() -> None:
    """Without libvirt-python too."""
    with pytest.raises(TypeError, match=r"virConnectOpen\(\) argument 1 must be str or None, not int"):
        libvirt.open(3)  # type: ignore[arg-type]


def test_a_session_is_not_the_system() -> None:
    """A user's libvirt is another host, with no network; it can be prepared by its URI."""
    system, session = libvirt.open("qemu:///system"), libvirt.open("qemu:///session")
    system.defineXML(domain_xml())
    assert (system.numOfDefinedDomains(), session.numOfDefinedDomains()) == (1, 0)
    assert (system.numOfNetworks(), session.numOfNetworks()) == (1, 0)
    libvirt.host("qemu:///session").cpus = 3
    assert (session.getInfo()[2], system.getInfo()[2]) == (3, 16)
    assert libvirt.open("qemu+ssh://far/session").numOfNetworks() == 0
    assert libvirt.open("qemu+ssh://far/system").numOfNetworks() == 1


@pytest.mark.parametrize("path", ["", "/", "/sytem"])
def test_other_paths(path: str) -> None:
    """As libvirt's QEMU driver refuses them."""
    text = f"internal error: unexpected qemu URI path '{path}', try qemu:///system"
    with pytest.raises(libvirt.libvirtError, match=text) as caught:
        libvirt.open(f"qemu://{path}")
    assert (caught.value.get_error_code(), caught.value.get_error_domain()) == (1, 0)


@pytest.mark.parametrize(
    ("uri", "code", "domain", "text"),
    [
        ("garbage", 5, 0, "no connection driver available for URI 'garbage' does not include a driver name"),
        ("fake://[", 1, 45, "internal error: Unable to parse URI fake://["),
        ("qemu+ssh://far:x/system", 1, 45, "internal error: Unable to parse URI qemu+ssh://far:x/system"),
        ("qemu+foo://far/system", 8, 13, _TRANSPORT),
    ],
)
def test_what_is_no_uri(uri: str, code: int, domain: int, text: str) -> None:
    """As libvirt refuses it, whatever it is."""
    with pytest.raises(libvirt.libvirtError) as caught:
        libvirt.open(uri)
    error = caught.value
    assert (error.get_error_code(), error.get_error_domain(), str(error)) == (code, domain, text)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """Its name is in the error, and nothing is made."""
    with pytest.raises(libvirt.libvirtError, match=f"there is no folder {tmp_path}/none") as caught:
        libvirt.open(f"fake://{tmp_path}/none/host.db")
    assert caught.value.get_error_code() == libvirt.VIR_ERR_SYSTEM_ERROR
    assert not list(tmp_path.iterdir())


def test_what_was_due_when_the_hosts_were_forgotten(db: str, held: Timeline, tmp_path: Path) -> None:
    """A timer of a file that was let go of, or is gone, does nothing; a connection to it says so."""
    host = libvirt.host(db)
    host.guest.shutdown_time = 5.0
    conn = libvirt.open(db)
    conn.createXML(domain_xml(), 0).shutdown()
    libvirt.reset()
    held.advance(10.0)
    with pytest.raises(libvirt.libvirtError):
        conn.listAllDomains()
    libvirt.open(db).createXML(domain_xml("other"), 0).shutdown()
    shutil.rmtree(tmp_path)
    held.advance(10.0)


def test_too_many_arguments(conn: Any) -> None:
    """The method that was called is named, by libvirt-python's class."""
    domain = conn.defineXML(domain_xml())
    network = conn.networkLookupByName("default")
    for call, name in (
        (domain.create, "virDomain.create"),
        (conn.getURI, "virConnect.getURI"),
        (network.create, "virNetwork.create"),
        (network.c_pointer, "virNetwork.c_pointer"),
    ):
        with pytest.raises(TypeError) as caught:
            call(1)
        assert str(caught.value) == f"{name}() takes 1 positional argument but 2 were given"
    assert domain.isActive() == 0
