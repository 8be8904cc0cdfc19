"""What QEMU's driver makes of a definition, step by step as it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.fill import addresses, chardevs, controllers, cpu, devices, disks, graphics, pci, usb
from virtkit.fake.fill.nodes import add, child, integer, put_first
from virtkit.fake.fill.platform import defaults

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.fill.draft import Draft


def machine(draft: Draft) -> None:
    """Name the machine in full, and fill in what it brings."""
    if not draft.machine:
        draft.machine = draft.emulator.default_machine
    _nvram(draft)
    _add_defaults(draft)
    draft.machine = draft.emulator.aliases.get(draft.machine, draft.machine)
    system = draft.tree.find("os/type")
    if system is not None and draft.machine:
        system.set("machine", draft.machine)
    cpu.fill_qemu(draft)
    _gic(draft)
    cpu.fill_numa(draft)


def _nvram(draft: Draft) -> None:
    """UEFI from a read-only file has its variables in one of the domain's own."""
    loader = draft.tree.find("os/loader")
    if loader is None or loader.get("type") != "pflash" or loader.get("readonly") != "yes":
        return
    system = draft.tree.find("os")
    if system is None or loader.get("stateless") == "yes" or draft.tree.get("firmware") is not None:
        return
    if system.get("firmware"):
        return
    nvram = child(system, "nvram")
    if not (nvram.text or "").strip() and nvram.find("source") is None and nvram.get("type") is None:
        nvram.text = f"/var/lib/libvirt/qemu/nvram/{draft.tree.findtext('name')}_VARS.fd"


def _add_defaults(draft: Draft) -> None:
    """Add the devices that the machine always has, and those that libvirt always gave it."""
    wanted = defaults(draft)
    if wanted.ps2:
        for kind in ("mouse", "keyboard"):
            _require_input(draft, kind, "ps2")
    if wanted.usb is not None and draft.controller("usb") is None:
        _add_usb(draft, wanted.usb)
    if wanted.sata:
        controllers.require(draft, "sata", 0)
    if wanted.root:
        _root(draft, wanted.root)
    if wanted.balloon and draft.devices.find("memballoon") is None:
        draft.add("memballoon", model="virtio")
    if wanted.usb_inputs and draft.devices.find("graphics") is not None:
        tablet = any(each.get("type") == "tablet" and each.get("bus") == "usb" for each in draft.all("input"))
        _require_input(draft, "keyboard", "usb")
        if not tablet:
            _require_input(draft, "mouse", "usb")
    if wanted.panic and not any(each.get("model") in {None, wanted.panic} for each in draft.all("panic")):
        draft.add("panic")
    graphics.add_audio(draft)


def _require_input(draft: Draft, kind: str, bus: str) -> None:
    if not any(each.get("type") == kind and each.get("bus") == bus for each in draft.all("input")):
        draft.add("input", type=kind, bus=bus)


def _add_usb(draft: Draft, model: str) -> None:
    controllers.add_controller(draft, "usb", 0, model)
    if model == "ich9-ehci1":
        for companion in ("ich9-uhci1", "ich9-uhci2", "ich9-uhci3"):
            controllers.add_controller(draft, "usb", 0, companion)


def _root(draft: Draft, model: str) -> None:
    root = draft.controller("pci")
    if root is None:
        controllers.add_controller(draft, "pci", 0, model)
    elif root.get("model") != model:
        message = (
            f"The PCI controller with index='0' must be model='{model}' for this machine type, "
            f"but model='{root.get('model', '')}' was found instead"
        )
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_QEMU, message)


def _gic(draft: Draft) -> None:
    """The virt machine of ARM always has a GIC."""
    features = draft.tree.find("features")
    gic = None if features is None else features.find("gic")
    if gic is None and not draft.arm_virt:
        return
    if gic is not None and gic.get("version"):
        return
    version = "2"
    if draft.kind == "kvm":
        version = max(draft.emulator.gic, default="2")
    if gic is None:
        gic = add(child(draft.tree, "features"), "gic")
    gic.set("version", version)


def complete_devices(draft: Draft) -> None:
    """Fill in the devices that the document has."""
    for controller in draft.all("controller"):
        complete_controller(draft, controller)
    for disk in draft.all("disk"):
        disks.fill_qemu(disk)
    for serial in draft.all("serial"):
        chardevs.default_type(draft, serial)
    devices.fill_qemu(draft)
    _ppc64_memory(draft)


def complete_controller(draft: Draft, controller: etree._Element) -> None:
    """Choose the model of *controller*."""
    kind = controller.get("type")
    if controller.get("model") is None:
        model = (
            _scsi_model(draft) if kind == "scsi" else _usb_model(draft, controller) if kind == "usb" else ""
        )
        if model:
            controller.set("model", model)
    put_first(controller, type="", index="0")
    if controller.get("model"):
        put_first(controller, type="", index="0", model="")


def _scsi_model(draft: Draft) -> str:
    if draft.pseries:
        return "ibmvscsi"
    if draft.s390:
        return "virtio-scsi"
    if draft.emulator.has("lsi"):
        return "lsilogic"
    if draft.emulator.has("virtio-scsi-pci"):
        return "virtio-scsi"
    if draft.builtin_scsi:
        return "ncr53c90"
    message = "Unable to determine model for SCSI controller idx=0"
    return fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_QEMU, message)


def _usb_model(draft: Draft, controller: etree._Element) -> str:
    has = draft.emulator.has
    model = "piix3-uhci" if has("piix3-usb-uhci") else ""
    modern = "qemu-xhci" if has("qemu-xhci") else "nec-xhci" if has("nec-usb-xhci") else ""
    if draft.s390:
        return "none" if controller.find("address") is None else model
    if draft.ppc64:
        if draft.new and modern:
            return modern
        return "pci-ohci" if has("pci-ohci") else ""
    if draft.arch == "aarch64" and modern:
        return modern
    return model


def _ppc64_memory(draft: Draft) -> None:
    """On POWER, memory comes in blocks of 256 MiB."""
    if not (draft.new and draft.ppc64):
        return
    block = 256 * 1024
    for memory in draft.all("memory"):
        size = memory.find("target/size")
        if size is None:
            continue
        number = integer(size.text)
        if memory.get("model") == "nvdimm":
            label = integer(memory.findtext("target/label/size"))
            size.text = str((number - label) // block * block + label)
        else:
            size.text = str(-(-number // block) * block)


def scsi_hostdevs(draft: Draft) -> None:
    """Place the host's SCSI devices behind the guest's own."""
    for hostdev in draft.all("hostdev"):
        if hostdev.get("type") != "scsi" or hostdev.find("address") is not None:
            continue
        taken = disks.scsi_units(draft)
        controller, unit = next(
            (index, unit) for index in range(256) for unit in range(7) if (index, 0, 0, unit) not in taken
        )
        add(hostdev, "address", type="drive", controller=str(controller), bus="0", target="0", unit=str(unit))


def assign_addresses(draft: Draft) -> None:
    """Give every device an address, bus by bus."""
    addresses.assign_virtio_serial(draft)
    addresses.assign_spapr(draft)
    addresses.choose_virtio(draft)
    pci.assign(draft)
    addresses.assign_zpci(draft)
    pci.describe(draft)
    usb.assign(draft)
    addresses.assign_dimm_slots(draft)
