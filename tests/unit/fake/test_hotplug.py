"""A guest lets go of its devices when it likes, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake as libvirt

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.fake.conftest import Timeline

LIVE, CONFIG = libvirt.VIR_DOMAIN_AFFECT_LIVE, libvirt.VIR_DOMAIN_AFFECT_CONFIG
RNG = "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>"
TABLET = "<input type='tablet' bus='usb'/>"
_XML = """
<domain type='qemu'><name>web</name><memory unit='MiB'>64</memory>
<metadata><guest xmlns='urn:virtkit:fake:guest' {manners}/></metadata>
<os><type arch='x86_64' machine='pc'>hvm</type></os><features><acpi/></features>
<devices><controller type='usb' model='piix3-uhci'/></devices></domain>
"""


class Told:
    """What is told of devices."""

    def __init__(self, conn: Any) -> None:
        libvirt.virEventRegisterDefaultImpl()
        self._conn, self._seen = conn, list[tuple[str, str]]()
        for kind in ("DEVICE_ADDED", "DEVICE_REMOVED", "DEVICE_REMOVAL_FAILED"):
            number = getattr(libvirt, f"VIR_DOMAIN_EVENT_ID_{kind}")
            conn.domainEventRegisterAny(None, number, self._hearing(kind), None)

    def _hearing(self, kind: str) -> Callable[..., None]:
        return lambda _conn, _domain, alias, _opaque: self._seen.append((kind, alias))

    def all(self) -> list[tuple[str, str]]:
        """Return what was told so far."""
        self._conn._events.state.dispatch()
        return list(self._seen)


def _started(conn: Any, **manners: float | str) -> Any:
    given = " ".join(f"{name}='{value}'" for name, value in manners.items())
    domain = conn.defineXML(_XML.format(manners=given))
    domain.create()
    return domain


def _has(domain: Any, tag: str = "rng") -> list[bool]:
    return [f"<{tag}" in domain.XMLDesc(flags) for flags in (0, libvirt.VIR_DOMAIN_XML_INACTIVE)]


def test_a_willing_guest_lets_go_at_once(conn: Any, held: Timeline) -> None:
    """The device is gone when the call returns, and that is told."""
    domain, told = _started(conn), Told(conn)
    domain.attachDeviceFlags(RNG, LIVE)
    domain.detachDeviceFlags(RNG, LIVE)
    assert _has(domain) == [False, False]
    assert told.all() == [("DEVICE_ADDED", "rng0"), ("DEVICE_REMOVED", "rng0")]
    assert held.elapsed() == 0


def test_a_slow_guest_is_waited_for(conn: Any, held: Timeline) -> None:
    """As libvirt does: for five seconds at most."""
    domain, told = _started(conn, unplug_time=2), Told(conn)
    domain.attachDeviceFlags(RNG, LIVE)
    domain.detachDeviceFlags(RNG, LIVE)
    assert held.elapsed() == 2
    assert _has(domain) == [False, False]
    assert told.all()[-1] == ("DEVICE_REMOVED", "rng0")


def test_a_slower_guest_is_not(conn: Any, held: Timeline) -> None:
    """The call returns, the device is there; later it is gone, and that is told."""
    domain, told = _started(conn, unplug_time=60), Told(conn)
    domain.attachDeviceFlags(RNG, LIVE)
    domain.detachDeviceFlags(RNG, LIVE)
    assert held.elapsed() == 5
    assert _has(domain) == [True, False]
    assert told.all() == [("DEVICE_ADDED", "rng0")]
    held.advance(54)
    assert _has(domain) == [True, False]
    held.advance(2)
    assert _has(domain) == [False, False]
    assert told.all()[-1] == ("DEVICE_REMOVED", "rng0")


def test_detachDeviceAlias_waits_for_nothing(conn: Any, held: Timeline) -> None:  # noqa: N802
    """It only asks."""
    domain = _started(conn, unplug_time=3)
    domain.attachDeviceFlags(RNG, LIVE)
    domain.detachDeviceAlias("rng0", LIVE)
    assert held.elapsed() == 0
    assert _has(domain) == [True, False]
    held.advance(4)
    assert _has(domain) == [False, False]


def test_a_guest_that_refuses(conn: Any, held: Timeline) -> None:
    """The call fails, the device stays, and the failure is told."""
    domain, told = _started(conn, unplug="no"), Told(conn)
    domain.attachDeviceFlags(RNG, LIVE)
    with pytest.raises(libvirt.libvirtError, match="unplug of device was rejected by the guest") as caught:
        domain.detachDeviceFlags(RNG, LIVE)
    assert caught.value.get_error_code() == libvirt.VIR_ERR_OPERATION_FAILED
    assert _has(domain) == [True, False]
    assert told.all() == [("DEVICE_ADDED", "rng0"), ("DEVICE_REMOVAL_FAILED", "rng0")]


def test_what_is_refused_live_leaves_the_definition(conn: Any, held: Timeline) -> None:
    """Both sides, or none."""
    domain = _started(conn, unplug="no")
    domain.attachDeviceFlags(RNG, LIVE | CONFIG)
    with pytest.raises(libvirt.libvirtError):
        domain.detachDeviceFlags(RNG, LIVE | CONFIG)
    assert _has(domain) == [True, True]


def test_a_stop_ends_the_wait(conn: Any, held: Timeline) -> None:
    """A new start knows nothing of a removal that was under way."""
    domain, told = _started(conn, unplug_time=60), Told(conn)
    domain.attachDeviceFlags(RNG, LIVE | CONFIG)
    domain.detachDeviceAlias("rng0", LIVE)
    domain.destroy()
    domain.create()
    held.advance(120)
    assert _has(domain) == [True, True]
    assert ("DEVICE_REMOVED", "rng0") not in told.all()


def test_a_usb_device_goes_without_the_guest(conn: Any, held: Timeline) -> None:
    """Nobody asks a guest whether a plug is pulled."""
    domain = _started(conn, unplug="no")
    domain.attachDeviceFlags(TABLET, LIVE)
    domain.detachDeviceFlags(TABLET, LIVE)
    assert _has(domain, "input type='tablet'") == [False, False]


def test_a_file_keeps_what_was_plugged(tmp_path: Path) -> None:
    """A host in a file, and another connection to it, show the same devices."""
    uri = f"fake://{tmp_path / 'host.db'}"
    conn = libvirt.open(uri)
    domain = _started(conn)
    domain.attachDeviceFlags(RNG, LIVE)
    domain.attachDeviceFlags(TABLET, CONFIG)
    libvirt.reset()
    again = libvirt.open(uri).lookupByName("web")
    assert _has(again) == [True, False]
    assert _has(again, "input type='tablet'") == [False, True]
