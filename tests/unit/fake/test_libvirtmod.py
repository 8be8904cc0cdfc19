"""Mocks in the place of the C extension's functions, as tests of the binding put them there."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name, module in libvirt.modules().items():
        monkeypatch.setitem(sys.modules, name, module)


def test_a_mock_is_called_as_the_extension_would_be(conn: Any) -> None:
    """It gets pointers, positions and defaults; afterwards the method is what it was."""
    domain = conn.defineXML(domain_xml())
    with mock.patch("libvirtmod.virDomainCreateWithFlags", return_value=0) as create:
        assert domain.createWithFlags(flags=1) == 0
    create.assert_called_once_with(domain._o, 1)
    assert domain.isActive() == 0
    domain.createWithFlags()
    assert domain.isActive() == 1


def test_what_the_mock_returns_is_what_the_extension_returned(conn: Any) -> None:
    """A pointer becomes a domain; None and -1 are failures."""
    domain = conn.defineXML(domain_xml())
    with mock.patch("libvirtmod.virDomainLookupByName", return_value=domain._o):
        assert conn.lookupByName("any").name() == "web"
    with (
        mock.patch("libvirtmod.virDomainLookupByName", return_value=None),
        pytest.raises(libvirt.libvirtError, match=r"virDomainLookupByName\(\) failed"),
    ):
        conn.lookupByName("web")
    with mock.patch("libvirtmod.virDomainCreate", return_value=-1), pytest.raises(libvirt.libvirtError):
        domain.create()


def test_a_method_that_is_not_modelled_can_be_mocked_too(conn: Any) -> None:
    """And refuses again afterwards; what the extension does not have is not there."""
    import libvirtmod

    with mock.patch("libvirtmod.virConnectDomainXMLToNative", return_value="-m 1"):
        assert conn.domainXMLToNative("qemu-argv", "<domain/>") == "-m 1"
    assert libvirtmod.virGetLastErrorCode() == libvirt.virGetLastErrorCode()
    with pytest.raises(AttributeError, match="has no attribute 'virBogus'"):
        _ = libvirtmod.virBogus
