"""Domains of QEMU: a host of the lab beside the fake, guests without anything to boot."""

from __future__ import annotations

import contextlib
import itertools
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.machine.domains import lifecycle_events
from tests.machine.kinds import CONNECTION, Family, Kind, Step, calls, flags, some
from tests.machine.side import TMP, UUIDS, Maker, Side

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMES = ("mq-a", "mq-b")
_MARKER = "mq-marker"
_MARKER_UUID = "99999999-aaaa-bbbb-cccc-999999999999"
_UUID_OF = dict(zip(NAMES, UUIDS[1:], strict=False))
_QUIET = 0.1  # seconds without an event after which no more is awaited
_PATIENCE = 10.0
_MADE_UP = (
    (re.compile(r"/dev/pts/\d+"), "PTS"),
    (re.compile(r"\bvnet\d+"), "VNET"),
    (re.compile(r"port='59\d\d'"), "port='PORT'"),
    (re.compile(r"/domain-\d+-"), "/domain-N-"),
    (re.compile(r" *<seclabel .*?(/>|</seclabel>)\s*", re.DOTALL), ""),
)
_ID = re.compile(r"(?<=<domain type='qemu' id=')\d+")


class QemuSide(Side):
    """A host that stays: what sequences leave is removed, ids are counted from 1 again."""

    def __init__(self, module: Any, uri: str, families: Iterable[Family]) -> None:
        self._ids: dict[int, int] = {}
        self._marks = itertools.count()
        super().__init__(module, uri, families)
        Path(self.folder, "disk.img").write_bytes(bytes(1 << 20))
        self._marker = self.conn.defineXML(document(_MARKER, "", _MARKER_UUID))
        self.pump()

    def clear(self) -> None:
        """Remove the domains of sequences."""
        for domain in self.conn.listAllDomains():
            if domain.name().startswith("mq-"):
                with contextlib.suppress(self.module.libvirtError):
                    domain.destroy()
                with contextlib.suppress(self.module.libvirtError):
                    domain.undefineFlags(1 | 2 | 4 | 16)

    def close(self) -> None:
        """Leave nothing behind."""
        self.clear()
        super().close()

    def pump(self) -> list[Any]:
        """Return the events since the last time, once they have all come."""
        if not hasattr(self, "_marker"):
            return super().pump()
        uri = f"urn:mark:{next(self._marks)}"
        with contextlib.suppress(self.module.libvirtError):
            self._marker.setMetadata(2, "<m/>", "m", uri, 2)
            self._await(uri)
        told = [event for event in self.events if event[1][1] != _MARKER]
        self.events.clear()
        return told

    def _await(self, uri: str) -> None:
        """Run the loop until the marker's event has come, and then until nothing more comes."""
        end, quiet, seen = time.monotonic() + _PATIENCE, 0.0, 0
        while time.monotonic() < end:
            self.module.virEventRunDefaultImpl()
            marked = any(event[2] == (2, uri) for event in self.events)
            if not marked or len(self.events) != seen:
                quiet, seen = time.monotonic() + _QUIET, len(self.events)
            elif time.monotonic() > quiet or self.module.__name__ != "libvirt":
                return
            time.sleep(0.002)

    def see(self, value: Any, *, keep: bool = True) -> Any:
        """Return *value* as plain data, ids by their order."""
        seen = super().see(value, keep=keep)
        if isinstance(seen, tuple) and len(seen) == 4 and seen[0] == "domain":
            return (*seen[:3], self.number(seen[3]))
        return seen

    def number(self, domain_id: int) -> int:
        """Return which id it is, in the order in which they were seen."""
        return domain_id if domain_id < 0 else self._ids.setdefault(domain_id, len(self._ids) + 1)

    def _text(self, text: str) -> str:
        text = super()._text(text)
        for pattern, word in _MADE_UP:
            text = pattern.sub(word, text)
        return _ID.sub(lambda match: str(self.number(int(match[0]))), text)


def document(name: str, body: str, uuid: str | None = None) -> str:
    """Return a small domain's document."""
    system = "<memory>16384</memory><os><type arch='x86_64' machine='pc'>hvm</type></os>"
    if "<memory>" in body:
        system = "<os><type arch='x86_64' machine='pc'>hvm</type></os>"
    if "<os>" in body:
        system = "<memory>16384</memory>"
    identity = f"<name>{name}</name><uuid>{uuid or _UUID_OF[name]}</uuid>"
    return f"<domain type='qemu'>{identity}{system}{body}</domain>"


_DISK = (
    f"<disk type='file'><driver type='raw'/><source file='{TMP}/disk.img'/>"
    "<target dev='vda' bus='virtio'/></disk>"
)
_NETWORK = (
    "<interface type='network'><mac address='52:54:00:aa:bb:09'/><source network='default'/></interface>"
)
_USER = "<interface type='user'><mac address='52:54:00:aa:bb:01'/></interface>"
BODIES = {
    "plain": "",
    "more": "<memory>32768</memory>",
    "vcpus": "<vcpu current='1'>2</vcpu>",
    "network": f"<devices>{_NETWORK}</devices>",
    "user network": f"<devices>{_USER}</devices>",
    "q35": "<os><type arch='x86_64' machine='q35'>hvm</type></os>",
    "host": "<cpu mode='host-model'/>",
    "tuned": "<cputune><shares>100</shares><vcpupin vcpu='0' cpuset='0'/></cputune>",
    "iothreads": "<iothreads>1</iothreads>",
    "two vcpus": "<vcpu>2</vcpu>",
    "disk": f"<devices>{_DISK}</devices>",
    "empty drive": "<devices><disk type='file' device='cdrom'><target dev='hda' bus='ide'/></disk></devices>",
    "console": "<devices><console type='pty'/></devices>",
    "vnc": "<devices><graphics type='vnc' passwd='secret' autoport='yes'/></devices>",
    "words": "<title>t</title><description>d</description>",
    "metadata": "<metadata><m:app xmlns:m='urn:m'><m:x a='1'>y</m:x></m:app></metadata>",
    "actions": "<on_poweroff>restart</on_poweroff><on_reboot>destroy</on_reboot>",
    "tablet": "<devices><input type='tablet' bus='usb'/><memballoon model='none'/></devices>",
    "bad action": "<on_poweroff>bogus</on_poweroff>",
    "bad disk": "<devices><disk type='file'><target dev='vdb' bus='bogus'/></disk></devices>",
    # no disk that is not there: the fake does not look for the files of images
    "bad machine": "<devices><emulator>/none/such</emulator></devices>",
}
_good = st.builds(document, some(*NAMES), some(*BODIES.values()))
_clash = st.builds(document, some(*NAMES), st.just(""), some(*UUIDS[1:3]))
_XML = st.one_of(_good, _good, _good, _clash, some("<domain", "<network/>", None))
_AFFECT = flags(1, 2)
_PATH = some(f"{TMP}/one", f"{TMP}/two", f"{TMP}/one", "/none/such/file", None)
_IMAGE = some(f"{TMP}/one", f"{TMP}/two", None)  # a fake host has every folder
_URI = some("urn:m", "urn:n", None)
_DEVICES = (
    "<interface type='user'><mac address='52:54:00:aa:bb:01'/><model type='virtio'/></interface>",
    "<interface type='user'><mac address='52:54:00:aa:bb:02'/><model type='e1000'/></interface>",
    f"<disk type='file'><source file='{TMP}/disk.img'/><target dev='vdb' bus='virtio'/></disk>",
    "<disk type='file' device='cdrom'><target dev='hda' bus='ide'/></disk>",
    "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>",
    "<watchdog model='i6300esb' action='poweroff'/>",
    "<input type='tablet' bus='usb'/>",
    "<controller type='scsi' model='virtio-scsi'/>",
    "<memballoon model='virtio'/>",
    "<graphics type='vnc'/>",
    "<bogus/>",
    "<disk",
    "",
)
_DEVICE = some(*_DEVICES)
_DOMAIN: dict[str, tuple[Any, ...]] = {
    "attachDevice": (_DEVICE,),
    "attachDeviceFlags": (_DEVICE, flags(1, 2)),
    "detachDevice": (_DEVICE,),
    "detachDeviceFlags": (_DEVICE, flags(1, 2)),
    "updateDeviceFlags": (_DEVICE, flags(1, 2, 4)),
    "detachDeviceAlias": (some("net0", "virtio-disk1", "rng0", "bogus"), flags(1, 2)),
    "addIOThread": (some(1, 2), flags(1, 2)),
    "delIOThread": (some(1, 2), flags(1, 2)),
    "setAutostart/wrong": (some(None, "1"),),
    "setBlockIoTune": (some("vda", "bogus"), some({"total_bytes_sec": 1000000}, {"bogus": 1}), flags(1, 2)),
    "blockIoTune": (some("vda", "bogus"), flags(1, 2)),
    "setLifecycleAction": (some(0, 1, 2), some(0, 1, 2, 3), flags(1, 2)),
    "pinEmulator": (some((True, False), ()), flags(1, 2)),
    "emulatorPinInfo": (flags(1, 2),),
    "pinVcpuFlags": (some(0, 1), some((True,), (True, True)), flags(1, 2)),
    "vcpuPinInfo": (flags(1, 2),),
    "blockResize": (some("vda", "bogus"), some(1024, 4096), flags(1)),
    "blockJobInfo": (some("vda", "bogus"), flags(1)),
    "blockPull": (some("vda", "bogus"), some(0), flags()),
    "snapshotNum": (flags(),),
    "sendKey": (some(0), some(0), some([28], []), some(1, 0), flags()),
    "injectNMI": (flags(),),
    "securityLabel": (),
    "diskErrors": (flags(),),
    "create": (),
    "createWithFlags": (flags(1, 4),),
    "destroy": (),
    "destroyFlags": (flags(1),),
    "shutdown": (),
    "shutdownFlags": (flags(1, 2),),
    "reset": (flags(),),
    "suspend": (),
    "resume": (),
    "undefine": (),
    "undefineFlags": (flags(1, 2, 4, 8, 16),),
    "rename": (some("mq-b", "mq-c", "a/b", ""), flags()),
    "setAutostart": (some(0, 1),),
    "managedSave": (flags(2, 4),),
    "managedSaveRemove": (flags(),),
    "hasManagedSaveImage": (flags(),),
    "managedSaveGetXMLDesc": (flags(1),),
    "save": (_IMAGE,),
    "saveFlags": (_IMAGE, st.none(), flags(2, 4)),
    "state": (flags(),),
    "isActive": (),
    "isPersistent": (),
    "isUpdated": (),
    "autostart": (),
    "OSType": (),
    "maxMemory": (),
    "maxVcpus": (),
    "controlInfo": (flags(),),
    "XMLDesc": (flags(1, 2),),
    "blockInfo": (some("vda", "hda", f"{TMP}/disk.img", "bogus"), flags()),
    # not here: schedulers, memory parameters and messages, which tell of the host's cgroups and users
    # nothing in the guests heeds the balloon: only what is refused, and what is kept, can be told
    "setMemory": (some(65536, 1 << 40),),
    "setMemoryFlags": (some(8192, 16384, 32768, 65536), some(2, 4, 6, 2)),
    "setMaxMemory": (some(16384, 65536),),
    "setVcpus": (some(1, 2, 5),),
    "setVcpusFlags": (some(1, 2, 5), flags(1, 2, 4)),
    "vcpusFlags": (flags(1, 2, 4),),
    "setMetadata": (some(0, 1, 2), some("<x/>", "text", None), some("m", None), _URI, _AFFECT),
    "metadata": (some(0, 1, 2), _URI, _AFFECT),
    "setTime": (some({"seconds": 5}), flags()),
    "hostname": (flags(1, 2),),
    "fsInfo": (flags(),),
    "abortJob": (),
    "jobInfo": (),
}
_CONN: dict[str, tuple[Any, ...]] = {
    "defineXML": (_XML,),
    "createXML": (_XML, flags(1, 2)),
    "lookupByName": (some(*NAMES, "mq-none", None),),
    "lookupByUUIDString": (some(*UUIDS[1:3], "x"),),
    "lookupByID": (some(0, 99999, -1),),
    "restore": (_PATH,),
    "restoreFlags": (_PATH, st.none(), flags(2, 4)),
    "saveImageGetXMLDesc": (_PATH, flags(1)),
}


def _summary(side: Side) -> Any:
    assert isinstance(side, QemuSide)
    found = [domain for domain in side.conn.listAllDomains() if domain.name() in {*NAMES, "mq-c"}]
    return {domain.name(): _of(domain, side) for domain in found}


def _of(domain: Any, side: QemuSide) -> Any:
    return {
        "state": domain.state(),
        "id": side.number(domain.ID()),
        "uuid": domain.UUIDString(),
        "persistent": domain.isPersistent(),
        "autostart": domain.autostart(),
        "managed save": domain.hasManagedSaveImage(),
        "memory": domain.info()[1:4],
        "inactive XML": domain.XMLDesc(1 | 2),
        "XML": domain.XMLDesc(1),
    }


domains = Family(
    "qemu",
    (
        *calls("domain", _DOMAIN),
        *calls(CONNECTION, _CONN),
        Kind("info", "domain", "info", see=lambda answer: answer[:4]),
    ),
    {"domain": NAMES},
    some(
        [Step("conn.defineXML", "", "", (document("mq-a", ""),))],
        [Step("conn.defineXML", "", "", (document("mq-a", ""),)), Step("create", "mq-a", "kept", ())],
        [
            Step("conn.defineXML", "", "", (document("mq-a", ""),)),
            Step("createWithFlags", "mq-a", "kept", (1,)),
        ],
        [Step("conn.createXML", "", "", (document("mq-a", ""), 1))],
    ),
    _summary,
    tuple(event for event in lifecycle_events if event[2] != "reboot"),  # firmware reboots when it likes
)


def makers(real: Any, fake: Any, uri: str) -> tuple[Maker, Maker]:
    """Return what makes the two sides: the host *uri*, and a fake one whose guests heed nothing."""
    here = "fake:///machine"
    host = fake.host("machine")
    with real.open(uri) as conn:
        host.cpus = conn.getInfo()[2]
    guest = host.guest
    guest.acpi, guest.unplug = False, False
    return (lambda families: QemuSide(real, uri, families), lambda families: QemuSide(fake, here, families))
