"""The other devices: what each lacks. Tables of defaults by kind, first every driver's, then QEMU's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.fill.draft import ARM
from virtkit.fake.fill.nodes import add, child, default, drop, integer, put_first, remove, value
from virtkit.fake.fill.sizes import kib

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from virtkit.fake.fill.draft import Draft

_VIDEO_RAM = {
    "vga": 16384, "cirrus": 16384, "vmvga": 16384, "bochs": 16384, "xen": 4096, "qxl": 65536,
}  # fmt: skip


# what every driver does


def _interface(draft: Draft, device: etree._Element) -> None:
    mac = device.find("mac")
    if mac is not None and mac.get("address"):
        mac.set("address", mac.get("address", "").lower())
    model = device.find("model")
    if model is not None and not model.get("type"):
        remove(model)
    if device.get("type") == "hostdev" and device.get("managed") == "no":
        drop(device, "managed")
    target = device.find("target")
    if target is not None and target.get("dev", "").startswith(("vnet", "macvtap", "macvlan")):
        drop(target, "dev")
        if not target.attrib:
            remove(target)


def _input(draft: Draft, device: etree._Element) -> None:
    if device.get("bus") is None:
        bus = "usb"
        kind = device.get("type")
        if kind in {"mouse", "keyboard"} and draft.x86:
            bus = "ps2"
        elif draft.s390 or kind == "passthrough":
            bus = "virtio"
        elif kind == "evdev":
            return
        put_first(device, type="mouse", bus=bus)


def _video(draft: Draft, device: etree._Element) -> None:
    model = child(device, "model")
    kind = model.get("type", "")
    ram = _VIDEO_RAM.get(kind)
    if ram is not None:
        if kind == "qxl" and not integer(model.get("ram")):
            model.set("ram", str(ram))
        if not integer(model.get("vram")):
            model.set("vram", str(ram))
    for name in ("ram", "vram"):
        number = integer(model.get(name))
        if number:
            model.set(name, str(1 << (number - 1).bit_length()))
        else:
            drop(model, name)
    default(model, heads="1")
    if not integer(model.get("heads")):
        drop(model, "heads")
    if model.get("primary") == "no":
        drop(model, "primary")


def _rng(draft: Draft, device: etree._Element) -> None:
    backend = device.find("backend")
    if backend is not None and backend.get("model") == "random" and not (backend.text or "").strip():
        backend.text = "/dev/random"


def _filesystem(draft: Draft, device: etree._Element) -> None:
    put_first(device, type="mount")
    if device.get("accessmode") is None and value(device.find("source"), "socket") == "":
        put_first(device, type="mount", accessmode="passthrough")
    if device.get("multidevs") == "default":
        drop(device, "multidevs")


def _vsock(draft: Draft, device: etree._Element) -> None:
    cid = child(device, "cid")
    default(cid, auto="no" if integer(cid.get("address")) else "yes")


def _memory(draft: Draft, device: etree._Element) -> None:
    if device.get("model") == "virtio-pmem":
        default(device, access="shared")
    for place in ("target/size", "target/block", "target/requested", "target/current", "target/label/size",
                  "source/pagesize", "source/alignsize"):  # fmt: skip
        size = device.find(place)
        if size is not None and (size.text or "").strip().isdigit():
            size.text = str(kib(size.text or "0", size.get("unit", "KiB")))
            size.set("unit", "KiB")


def _hostdev(draft: Draft, device: etree._Element) -> None:
    mode = device.get("mode", "subsystem")
    put_first(device, mode=mode)
    if mode != "subsystem":
        return
    default(device, managed="no")
    source = device.find("source")
    if source is not None and source.get("protocol") == "iscsi" and "/" not in source.get("name", "/"):
        source.set("name", f"{source.get('name')}/0")


def _redirdev(draft: Draft, device: etree._Element) -> None:
    put_first(device, bus="usb")


def _watchdog(draft: Draft, device: etree._Element) -> None:
    default(device, action="reset")


def _tpm(draft: Draft, device: etree._Element) -> None:
    backend = device.find("backend")
    if backend is not None and backend.get("type") == "passthrough":
        default(child(backend, "device"), path="/dev/tpm0")


_COMMON: dict[str, Callable[[Draft, etree._Element], None]] = {
    "interface": _interface,
    "input": _input,
    "rng": _rng,
    "filesystem": _filesystem,
    "vsock": _vsock,
    "memory": _memory,
    "hostdev": _hostdev,
    "redirdev": _redirdev,
    "watchdog": _watchdog,
    "tpm": _tpm,
}


def fill(draft: Draft) -> None:
    """Fill in what every driver fills in of these devices."""
    for tag, complete in _COMMON.items():
        for device in draft.all(tag):
            complete(draft, device)


# what QEMU's driver does


def default_net_model(draft: Draft) -> str:
    """Return the network card of a guest that does not say."""
    if draft.s390 or draft.riscv_virt:
        return "virtio"
    if draft.arch in ARM:
        if draft.machine == "versatilepb":
            return "smc91c111"
        return "virtio" if draft.arm_virt else "lan9118"
    for flag, model in (("rtl8139", "rtl8139"), ("e1000", "e1000"), ("virtio-net", "virtio")):
        if draft.emulator.has(flag):
            return model
    return "rtl8139"


def _qemu_interface(draft: Draft, device: etree._Element) -> None:
    if device.find("model") is None and device.get("type") != "hostdev":
        model = "virtio" if device.get("type") == "vdpa" else default_net_model(draft)
        add(device, "model", type=model)


def _qemu_video(draft: Draft, device: etree._Element) -> None:
    model = child(device, "model")
    if model.get("type", "default") == "default":
        model.set("type", _default_video(draft))
    if model.get("type") == "qxl" and not integer(model.get("vgamem")):
        model.set("vgamem", "16384")


def _default_video(draft: Draft) -> str:
    if draft.ppc64:
        return "vga"
    if draft.arm_virt or draft.riscv_virt or draft.s390:
        return "virtio"
    if draft.emulator.has("cirrus-vga"):
        return "cirrus"
    return "vga" if draft.emulator.has("VGA") else "default"


def _qemu_panic(draft: Draft, device: etree._Element) -> None:
    if device.get("model") is None:
        device.set("model", "pseries" if draft.pseries else "s390" if draft.s390 else "isa")


def _qemu_tpm(draft: Draft, device: etree._Element) -> None:
    default(device, model="tpm-spapr" if draft.ppc64 else "tpm-tis")
    backend = device.find("backend")
    if backend is not None and backend.get("type") == "emulator" and backend.get("version") is None:
        newer = device.get("model") in {"tpm-spapr", "tpm-crb"} or draft.arm_virt
        backend.set("version", "2.0" if newer else "1.2")


def _qemu_shmem(draft: Draft, device: etree._Element) -> None:
    default(child(device, "model"), type="ivshmem")
    model = value(device.find("model"), "type")
    if model != "ivshmem-doorbell" and device.find("size") is None:
        add(device, "size", "4", unit="M")
    if model != "ivshmem" and device.find("server") is not None:
        default(child(device, "msi"), ioeventfd="on")


def _qemu_vsock(draft: Draft, device: etree._Element) -> None:
    default(device, model="virtio")


def _qemu_hostdev(draft: Draft, device: etree._Element) -> None:
    mediated = device.get("type") == "mdev" and device.get("model") == "vfio-pci"
    if mediated and draft.emulator.has("vfio-pci.display"):
        default(device, display="off")


_QEMU: dict[str, Callable[[Draft, etree._Element], None]] = {
    "interface": _qemu_interface,
    "video": _qemu_video,
    "panic": _qemu_panic,
    "tpm": _qemu_tpm,
    "shmem": _qemu_shmem,
    "vsock": _qemu_vsock,
    "hostdev": _qemu_hostdev,
}


def fill_qemu(draft: Draft) -> None:
    """Fill in what QEMU's driver fills in of these devices."""
    for tag, complete in _QEMU.items():
        for device in draft.all(tag):
            complete(draft, device)


def first_video(draft: Draft, *, qemu: bool, otherwise: str = "") -> None:
    """Add a video card for the displays, and make the first card the primary one."""
    if draft.devices.find("video") is None and draft.devices.find("graphics") is not None:
        draft.add("video")
    videos = draft.all("video")
    for video in videos[1:]:
        if value(video.find("model"), "primary") == "yes":
            videos[0].addprevious(video)
            videos = draft.all("video")
    for video in videos:
        if qemu:
            _qemu_video(draft, video)
        elif otherwise:
            default(child(video, "model"), type=otherwise)
        _video(draft, video)
    if videos:
        model = child(videos[0], "model")
        if model.get("type") == "none":
            model.attrib.clear()
            model.set("type", "none")
        else:
            model.set("primary", "yes")
