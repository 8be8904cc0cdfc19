"""QEMU's command line for a domain document, for the devices that most have."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

from virtkit.fake.node.hypervisor import cpu_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from virtkit.fake.host import Host

_PLACES = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_RAM = {"virt": "mach-virt.ram", "malta": "mips_malta.ram"}
_CONTROLLERS = {
    "piix3-uhci": "piix3-usb-uhci",
    "piix4-uhci": "piix4-usb-uhci",
    "ehci": "usb-ehci",
    "nec-xhci": "nec-usb-xhci",
    "ich9-ehci1": "ich9-usb-ehci1",
    "ich9-uhci1": "ich9-usb-uhci1",
    "ich9-uhci2": "ich9-usb-uhci2",
    "ich9-uhci3": "ich9-usb-uhci3",
    "lsilogic": "lsi",
    "virtio-scsi": "virtio-scsi-pci",
    "pcie-to-pci-bridge": "pcie-pci-bridge",
}
_ORDER = ["pci", "usb", "scsi", "virtio-serial"]
_BUILT_IN = {("pci", "pci-root"), ("pci", "pcie-root")}
_CACHES = {"none": (True, False), "writethrough": (False, False), "writeback": (False, False),
           "directsync": (True, False), "unsafe": (False, True)}  # fmt: skip
_VIDEO: dict[str, tuple[str, dict[str, Any]]] = {
    "virtio": ("virtio-vga", {"max_outputs": 1}),
    "cirrus": ("cirrus-vga", {}),
    "vga": ("VGA", {"vgamem_mb": 16}),
    "bochs": ("bochs-display", {}),
    "qxl": (
        "qxl-vga",
        {"max_outputs": 1, "ram_size": 1 << 26, "vram_size": 1 << 26, "vram64_size_mb": 0, "vgamem_mb": 16},
    ),
}
_STATES = {"require": "on", "force": "on", "disable": "off", "forbid": "off"}
_TAP = 28  # the file descriptor that the first network card would have
_NIC = {"virtio": "virtio-net-pci"}


def _json(option: str, **values: Any) -> list[str]:
    made = {name.replace("__", "-"): value for name, value in values.items() if value is not None}
    return [option, json.dumps(made, separators=(",", ":"))]


class CommandLine:
    """The words of one domain's command line, from its document with aliases."""

    def __init__(self, host: Host, tree: etree._Element, cpu: etree._Element | None) -> None:
        self._host, self._tree, self._model = host, tree, cpu
        self._binary = tree.findtext("devices/emulator") or ""
        self._name = tree.findtext("name") or ""
        kind = tree.find("os/type")
        self._machine = "" if kind is None else kind.get("machine", "")
        self._express = "q35" in self._machine or self._machine.startswith("virt")
        self._home = f"/var/lib/libvirt/qemu/domain--1-{self._name}"[:60]

    def text(self) -> str:
        """Return the whole line, its environment first."""
        env = ["LC_ALL=C", f"PATH={_PLACES}", f"HOME={self._home}"]
        for name, folder in (("DATA", "local/share"), ("CACHE", "cache"), ("CONFIG", "config")):
            env.append(f"XDG_{name}_HOME={self._home}/.{folder}")
        words = [self._binary, *self._machinery(), *self._devices(), *self._end()]
        return " ".join([*(shlex.quote(word) for word in env), *(shlex.quote(word) for word in words)])

    # the machine

    def _machinery(self) -> Iterator[str]:
        tree = self._tree
        memory = int(tree.findtext("memory") or "0") // 1024
        ram = next((name for start, name in _RAM.items() if self._machine.startswith(start)), "pc.ram")
        yield from ("-name", f"guest={self._name},debug-threads=on", "-S")
        key = f"{self._home}/master-key.aes"
        yield from _json("-object", qom__type="secret", id="masterKey0", format="raw", file=key)
        gic = "gic-version=2," if self._machine.startswith("virt") else ""
        yield from ("-machine", f"{self._machine},usb=off,{gic}dump-guest-core=off,memory-backend={ram}")
        yield from ("-accel", "kvm" if tree.get("type") == "kvm" else "tcg")
        yield from self._cpu()
        yield from ("-m", str(memory))
        yield from _json("-object", qom__type="memory-backend-ram", id=ram, size=memory << 20)
        yield from ("-overcommit", "mem-lock=off", "-smp", self._smp(), "-uuid", tree.findtext("uuid") or "")
        if tree.find("devices/graphics") is None:
            yield from ("-display", "none")
        yield from ("-no-user-config", "-nodefaults", "-chardev")
        yield f"socket,id=charmonitor,path={self._home}/monitor.sock,server=on,wait=off"
        yield from ("-mon", "chardev=charmonitor,id=monitor,mode=control")
        clock = tree.find("clock")
        local = clock is not None and clock.get("offset") == "localtime"
        yield from ("-rtc", f"base={'localtime' if local else 'utc'}", "-no-shutdown")
        if tree.find("features/acpi") is None and "malta" not in self._machine:
            yield "-no-acpi"
        yield from ("-boot", "strict=on")
        for tag, option in (("kernel", "-kernel"), ("initrd", "-initrd"), ("cmdline", "-append")):
            given = tree.findtext(f"os/{tag}")
            if given is not None:
                yield from (option, given)

    def _cpu(self) -> Iterator[str]:
        cpu = self._model
        if cpu is None:
            return
        name: str | None
        if cpu.get("mode") == "host-model":
            kind = self._tree.find("os/type")
            arch = None if kind is None else kind.get("arch")
            own = cpu_of(self._host, self._binary, arch, self._machine, self._tree.get("type"))
            name, features = own.model, own.features
        else:
            own_name = {"host-passthrough": "host", "maximum": "max"}.get(cpu.get("mode", ""))
            name = own_name or cpu.findtext("model")
            features = [
                (each.get("name", ""), each.get("policy", "require")) for each in cpu.findall("feature")
            ]
        if name:
            states = [f"{each.replace('_', '-')}={_STATES[how]}" for each, how in features if how in _STATES]
            yield from ("-cpu", ",".join([name, *states]))

    def _smp(self) -> str:
        vcpu, topology = self._tree.find("vcpu"), self._tree.find("cpu/topology")
        most = "1" if vcpu is None else vcpu.text or "1"
        now = most if vcpu is None else vcpu.get("current", most)
        head = now if now == most else f"{now},maxcpus={most}"
        if topology is None:
            return f"{head},sockets={most},cores=1,threads=1"
        parts = ",".join(
            f"{name}={topology.get(name, '1')}" for name in ("sockets", "dies", "cores", "threads")
        )
        return f"{head},{parts}"

    # its devices

    def _devices(self) -> Iterator[str]:
        found = self._tree.findall
        controllers = [each for each in found("devices/controller") if each.get("type") in _ORDER]
        for controller in sorted(controllers, key=lambda each: _ORDER.index(each.get("type", ""))):
            yield from self._controller(controller)
        disks = found("devices/disk")
        for number, disk in enumerate(disks):
            yield from self._disk(disk, len(disks) - number)
        for number, card in enumerate(found("devices/interface")):
            yield from self._card(card, number)
        for serial in found("devices/serial"):
            yield from self._serial(serial)
        for channel in found("devices/channel[@type='unix']"):
            yield from self._channel(channel)
        for device in found("devices/input[@bus='usb']"):
            kind = {"keyboard": "kbd"}.get(device.get("type", ""), device.get("type", ""))
            yield from _json(
                "-device", driver=f"usb-{kind}", id=_alias(device), bus="usb.0", port=_port(device)
            )
        for audio in found("devices/audio"):
            yield from _json("-audiodev", id=f"audio{audio.get('id')}", driver=audio.get("type"))
        for graphics in found("devices/graphics"):
            yield from self._graphics(graphics)
        for video in found("devices/video"):
            yield from self._video(video)
        for balloon in found("devices/memballoon[@model='virtio']"):
            yield from self._pci(balloon, "virtio-balloon-pci")
        for rng in found("devices/rng"):
            alias, source = _alias(rng), rng.findtext("backend")
            yield from _json("-object", qom__type="rng-random", id=f"obj{alias}", filename=source)
            yield from self._pci(rng, "virtio-rng-pci", rng=f"obj{alias}", id=alias)

    def _graphics(self, graphics: etree._Element) -> Iterator[str]:
        where, port = graphics.get("listen", "127.0.0.1"), max(int(graphics.get("port", "-1")), 5900)
        if graphics.get("type") == "vnc":
            yield from ("-vnc", f"{where}:{port - 5900},audiodev=audio1")
        elif graphics.get("type") == "spice":
            yield from ("-spice", f"port={port},addr={where},disable-ticketing=on,seamless-migration=on")

    def _end(self) -> Iterator[str]:
        yield from ("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny")
        yield from ("-msg", "timestamp=on")

    def _place(self, device: etree._Element) -> dict[str, Any]:
        """Return where on the PCI buses a device is."""
        address = device.find("address[@type='pci']")
        if address is None:
            return {}
        bus, slot, function = (int(address.get(part, "0"), 0) for part in ("bus", "slot", "function"))
        root = "pcie.0" if self._express else "pci" if "malta" in self._machine else "pci.0"
        many = True if address.get("multifunction") == "on" else None
        at = f"0x{slot:x}" + (f".0x{function:x}" if function else "")
        return {"bus": f"pci.{bus}" if bus else root, "multifunction": many, "addr": at}

    def _pci(self, device: etree._Element, driver: str, **values: Any) -> list[str]:
        values.setdefault("id", _alias(device))
        return _json("-device", driver=driver, **values, **self._place(device))

    def _controller(self, controller: etree._Element) -> Iterator[str]:
        kind, model = controller.get("type", ""), controller.get("model", "")
        target = controller.find("target")
        if (kind, model) in _BUILT_IN:
            return
        if kind == "virtio-serial":
            yield from self._pci(controller, "virtio-serial-pci")
        elif model == "pcie-root-port" and target is not None:
            numbers = {name: int(target.get(name, "0"), 0) for name in ("port", "chassis")}
            yield from self._pci(controller, model, **numbers, id=_alias(controller))
        else:
            yield from self._pci(controller, _CONTROLLERS.get(model, model))

    def _disk(self, disk: etree._Element, number: int) -> Iterator[str]:
        source, target, driver = disk.find("source"), disk.find("target"), disk.find("driver")
        drive = None
        cache = None if driver is None else _CACHES.get(driver.get("cache", ""))
        how = None if cache is None else {"direct": cache[0], "no-flush": cache[1]}
        path = None if source is None else source.get("file") or source.get("dev")
        if path is not None:
            drive, store = f"libvirt-{number}-format", f"libvirt-{number}-storage"
            protocol = "host_device" if disk.get("type") == "block" else "file"
            named: dict[str, Any] = {"driver": protocol, "filename": path, "node__name": store, "cache": how}
            yield from _json("-blockdev", **named, auto__read__only=True, discard="unmap")
            readonly = disk.find("readonly") is not None
            form = "raw" if driver is None else driver.get("type", "raw")
            named = {"node__name": drive, "read__only": readonly, "cache": how, "driver": form, "file": store}
            yield from _json("-blockdev", **named)
        bus = "" if target is None else target.get("bus", "")
        kind = "cd" if disk.get("device") == "cdrom" else "hd"
        boot = self._boot_index(disk)
        writes = None if driver is None or cache is None else _writes(driver.get("cache", ""))
        if bus == "virtio":
            place = self._place(disk)
            last = {"drive": drive, "id": _alias(disk), "bootindex": boot, "write__cache": writes}
            yield from _json("-device", driver="virtio-blk-pci", **place, **last)
        elif bus in {"ide", "sata", "scsi"}:
            where = _drive_place(disk, bus, self._adapter(disk))
            last = {"drive": drive, "id": _alias(disk), "bootindex": boot, "write__cache": writes}
            yield from _json(
                "-device", driver=f"{'scsi' if bus == 'scsi' else 'ide'}-{kind}", **where, **last
            )

    def _adapter(self, disk: etree._Element) -> str:
        """Return the model of the SCSI controller that *disk* is on."""
        address = disk.find("address")
        index = "0" if address is None else address.get("controller")
        found = self._tree.find(f"devices/controller[@type='scsi'][@index='{index}']")
        return "" if found is None else found.get("model", "")

    def _boot_index(self, disk: etree._Element) -> int | None:
        """Return the place of *disk* in the order of boot, if the first of its kind boots."""
        kind = {"disk": "hd", "cdrom": "cdrom"}.get(disk.get("device", "disk"))
        order = [each.get("dev") for each in self._tree.findall("os/boot")]
        alike = [
            each for each in self._tree.findall("devices/disk") if each.get("device") == disk.get("device")
        ]
        return order.index(kind) + 1 if kind in order and alike[0] is disk else None

    def _card(self, card: etree._Element, number: int) -> Iterator[str]:
        model, mac = card.find("model"), card.find("mac")
        name = "rtl8139" if model is None else model.get("type", "rtl8139")
        host = f"host{_alias(card)}"
        yield from _json("-netdev", type="tap", fd=str(_TAP + 3 * number), id=host)
        address = None if mac is None else mac.get("address")
        yield from self._pci(card, _NIC.get(name, name), netdev=host, id=_alias(card), mac=address)

    def _serial(self, serial: etree._Element) -> Iterator[str]:
        alias, target, source = _alias(serial), serial.find("target"), serial.find("source")
        kind = serial.get("type", "pty")
        path = "" if kind == "pty" or source is None else f",path={source.get('path')}"
        yield from ("-chardev", f"{kind},id=char{alias}{path}")
        if self._machine.startswith("virt"):
            yield from ("-serial", f"chardev:char{alias}")
        else:
            index = 0 if target is None else int(target.get("port", "0"))
            yield from _json("-device", driver="isa-serial", chardev=f"char{alias}", id=alias, index=index)

    def _channel(self, channel: etree._Element) -> Iterator[str]:
        alias, target, address = _alias(channel), channel.find("target"), channel.find("address")
        name = "" if target is None else target.get("name", "")
        path = f"/var/lib/libvirt/qemu/channel/target/domain--1-{self._name}/{name}"
        yield from ("-chardev", f"socket,id=char{alias},path={path},server=on,wait=off")
        controller, port = ("0", "1") if address is None else (address.get("controller"), address.get("port"))
        where = {"bus": f"virtio-serial{controller}.0", "nr": int(port or "1"), "chardev": f"char{alias}"}
        yield from _json("-device", driver="virtserialport", **where, id=alias, name=name)

    def _video(self, video: etree._Element) -> Iterator[str]:
        model = video.find("model")
        name = "none" if model is None else model.get("type", "none")
        if name in _VIDEO:
            driver, values = _VIDEO[name]
            yield from self._pci(video, driver, id=_alias(video), **values)


def _alias(device: etree._Element) -> str:
    found = device.find("alias")
    return "" if found is None else found.get("name", "")


def _port(device: etree._Element) -> str | None:
    address = device.find("address[@type='usb']")
    return None if address is None else address.get("port")


def _writes(cache: str) -> str:
    return "off" if cache in {"writethrough", "directsync"} else "on"


def _drive_place(disk: etree._Element, bus: str, adapter: str) -> dict[str, Any]:
    address = disk.find("address")
    numbers = (
        {}
        if address is None
        else {name: int(address.get(name, "0")) for name in ("controller", "bus", "unit")}
    )
    controller, at, unit = (numbers.get(name, 0) for name in ("controller", "bus", "unit"))
    if bus == "scsi" and adapter == "lsilogic":
        serial = f"drive-scsi{controller}-{at}-{unit}"
        return {"bus": f"scsi{controller}.{at}", "scsi__id": unit, "device_id": serial}
    if bus == "scsi":
        serial = f"drive-scsi{controller}-0-{at}-{unit}"
        return {"bus": f"scsi{controller}.0", "channel": 0, "scsi__id": at, "lun": unit, "device_id": serial}
    if bus == "sata":
        return {"bus": f"ide.{unit}"}
    return {"bus": f"ide.{at}", "unit": unit}
