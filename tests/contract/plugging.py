"""Devices that come and go, and what of them the documents show."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from tests.contract.driver import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.driver import Driver

LIVE, CONFIG, FORCE = 1, 2, 4
INACTIVE = 2  # VIR_DOMAIN_XML_INACTIVE
BASE = """<controller type='scsi' index='0' model='virtio-scsi'/>
<controller type='usb' index='0' model='piix3-uhci'/>
<controller type='virtio-serial' index='0'/>"""

RNG = "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>"
WATCHDOG = "<watchdog model='i6300esb' action='reset'/>"
TABLET = "<input type='tablet' bus='usb'/>"
LEASE = "<lease><lockspace>ls</lockspace><key>k</key><target path='/tmp/l'/></lease>"
CHANNEL = "<channel type='pty'><target type='virtio' name='x.y'/></channel>"


def disk(target: str, bus: str, *, device: str = "disk", source: str = "/etc/passwd") -> str:
    """Return a disk of a file that any host has."""
    given = f"<source file='{source}'/>" if source else ""
    return (
        f"<disk type='file' device='{device}'>{given}<target dev='{target}' bus='{bus}'/><readonly/></disk>"
    )


def nic(mac: str = "52:54:00:00:00:01", more: str = "<model type='virtio'/>") -> str:
    """Return an interface that needs no network."""
    return f"<interface type='user'><mac address='{mac}'/>{more}</interface>"


def controller(kind: str, index: int, model: str) -> str:
    """Return a controller."""
    return f"<controller type='{kind}' index='{index}' model='{model}'/>"


def attach(domain: Any, xml: str, flags: int = LIVE) -> list[str]:
    """Attach the device; return what changed."""
    return changes(domain, lambda: domain.attachDeviceFlags(xml, flags))


def detach(domain: Any, xml: str, flags: int = LIVE) -> list[str]:
    """Detach the device; return what changed."""
    return changes(domain, lambda: domain.detachDeviceFlags(xml, flags))


def update(domain: Any, xml: str, flags: int = LIVE) -> list[str]:
    """Update the device; return what changed."""
    return changes(domain, lambda: domain.updateDeviceFlags(xml, flags))


def changes(domain: Any, call: Callable[[], Any]) -> list[str]:
    """Make *call*, which returns 0; return what came (+) and went (-), as ``live + rng slot=5``."""
    sides = {"live": 0, "config": INACTIVE} if domain.isPersistent() else {"live": 0}
    before = {name: _devices(domain, flags) for name, flags in sides.items()}
    assert call() == 0
    found = []
    for name, flags in sides.items():
        after = _devices(domain, flags)
        found += [f"{name} - {one}" for one in before[name] if one not in after]
        found += [f"{name} + {one}" for one in after if one not in before[name]]
    return found if domain.isActive() else [one for one in found if one.startswith("config")]


def _devices(domain: Any, flags: int) -> list[str]:
    devices = ET.fromstring(domain.XMLDesc(flags)).find("devices")
    assert devices is not None
    return [_shape(device) for device in devices if device.tag != "emulator"]


def _shape(device: ET.Element) -> str:
    """Return a device's kind, what tells it from others of its kind, and where it is."""
    parts = [part for part in device if part.tag in {"target", "mac", "source", "link"}]
    words = [part.get(key, "") for part in parts for key in ("dev", "address", "file", "state")]
    address = device.find("address")
    place = {} if address is None else address.attrib
    where = [f"{key}={int(place[key], 0)}" for key in ("slot", "unit", "port") if key in place]
    return " ".join([device.tag, *sorted(word for word in words if word), *where])


class Told:
    """What a host tells of a domain's devices, from when it is made until it is closed."""

    def __init__(self, driver: Driver, conn: Any, *kinds: str) -> None:
        """Hear of events of *kinds*, as ``DEVICE_ADDED``."""
        self.events: list[tuple[Any, ...]] = []
        self._conn = conn
        self._ids = [
            conn.domainEventRegisterAny(None, driver.constant(f"DOMAIN_EVENT_ID_{kind}"), self._hear, kind)
            for kind in kinds
        ]

    def _hear(self, _conn: Any, _domain: Any, *told: Any) -> None:
        self.events.append((told[-1], *told[:-1]))

    def wait(self, count: int) -> list[tuple[Any, ...]]:
        """Return what was told, as soon as there are *count* of them."""
        deadline = time.monotonic() + PATIENCE
        while len(self.events) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.events

    def close(self) -> None:
        """Hear no more."""
        for number in self._ids:
            self._conn.domainEventDeregisterAny(number)
