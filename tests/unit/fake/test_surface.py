"""The names of the module: libvirt-python's, whether they are API or only used."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml
from virtkit.fake import newer
from virtkit.fake.constants import SURFACE


def test_everything_is_there() -> None:
    """Functions, classes, methods and constants."""
    for name in (*SURFACE["functions"], *SURFACE["classes"], *SURFACE["constants"]):
        assert hasattr(libvirt, name), name
    for cls, methods in SURFACE["classes"].items():
        for method in methods:
            assert callable(getattr(getattr(libvirt, cls), method)), f"{cls}.{method}"


def test_star_import() -> None:
    """A program that imports all public names gets them."""
    code = (
        "import virtkit.fake; virtkit.fake.install()\n"
        "from libvirt import *\n"
        "print(VIR_DOMAIN_RUNNING, *(o.__name__ for o in (virDomain, virEventRunDefaultImpl, libvirtError)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "virDomain", "virEventRunDefaultImpl", "libvirtError"]


@pytest.mark.parametrize(
    "name",
    ["_T", "_EventCB", "_TimerCB", "_DomainCB", "_EventAddHandleFunc", "_TypedParameter", "_RawError"],
)
def test_private_types(name: str) -> None:
    """Programs name them in annotations."""
    assert hasattr(libvirt, name)


def test_callbacks_of_a_loop() -> None:
    """A program's own loop calls back through these, with the callback or with both in a pair."""
    seen: list[Any] = []

    def hear(*args: Any) -> None:
        seen.append(args)

    libvirt._eventInvokeTimeoutCallback(1, (hear, "mine"))
    libvirt._eventInvokeTimeoutCallback(1, hear, "mine")
    libvirt._eventInvokeHandleCallback(2, 3, 4, (hear, "mine"))
    libvirt._dispatchEventTimeoutCallback(5, {"cb": hear, "opaque": "mine"})
    libvirt._dispatchEventHandleCallback(6, 7, 8, {"cb": hear, "opaque": "mine"})
    assert seen == [(1, "mine"), (1, "mine"), (2, 3, 4, "mine"), (5, "mine"), (6, 7, 8, "mine")]


def test_pointers() -> None:
    """Every object has one of its own."""
    with libvirt.open("fake:///one") as conn:
        first, second = conn.nodeDeviceLookupByName("computer"), conn.nodeDeviceLookupByName("computer")
        assert first.c_pointer() != second.c_pointer() != conn.c_pointer()


def test_classes_say_where_they_are_from() -> None:
    """As libvirt-python's do, and not where the fake keeps them."""
    for name in SURFACE["classes"]:
        assert getattr(libvirt, name).__module__ == "libvirt"


def test_newer_releases() -> None:
    """What the fake has of them is there, with its constants."""
    for cls, methods in newer.METHODS.items():
        assert all(callable(getattr(getattr(libvirt, cls), name)) for name in methods)
    assert all(getattr(libvirt, name) == value for name, value in newer.CONSTANTS.items())
    with libvirt.open("fake:///one") as conn:
        domain = conn.defineXML(domain_xml())
        domain.setAutostartOnce(1)
        assert domain.autostartOnce() == 1
        with pytest.raises(libvirt.libvirtError, match="domain is not running"):
            domain.graphicsReload(libvirt.VIR_DOMAIN_GRAPHICS_RELOAD_TYPE_VNC)


def test_newer_releases_that_are_not_modelled() -> None:
    """Their names are there, and refuse; a wrong call is told as of any other."""
    with libvirt.open("fake:///one") as conn:
        network, domain = conn.networkLookupByName("default"), conn.defineXML(domain_xml())
        with pytest.raises(libvirt.NotModelled, match="virNetworkSetMetadata"):
            network.setMetadata(libvirt.VIR_NETWORK_METADATA_TITLE, "net", None, None)
        with pytest.raises(libvirt.NotModelled, match="virDomainDelThrottleGroup"):
            domain.delThrottleGroup("limits")
        with pytest.raises(TypeError, match=r"virNetwork.metadata\(\) missing 2 required"):
            network.metadata()
