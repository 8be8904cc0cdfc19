"""Domain capabilities: what a guest of one architecture, machine and domain type can have."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail, fail_system
from virtkit.fake.node import cpu, emulators, models
from virtkit.fake.node.capabilities import accelerated

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.node.emulators import Guest, Machine

_KINDS = (
    "none", "qemu", "kqemu", "kvm", "xen", "lxc", "uml", "openvz", "test", "vmware", "hyperv", "vbox", "phyp",
    "parallels", "bhyve", "vz", "hvf",
)  # fmt: skip
_X86 = ("i686", "x86_64")
_HYPERV = (
    "relaxed", "vapic", "spinlocks", "vpindex", "runtime", "synic", "stimer", "reset", "vendor_id",
    "frequencies", "reenlightenment", "tlbflush", "ipi",
)  # fmt: skip
_SECTIONS = ("iothreads", "os", "cpu", "memoryBacking", "features")


class Target(NamedTuple):
    """Which guests are meant."""

    binary: str
    arch: str
    machine: Machine
    kind: str


def _refuse(message: str, code: int = c.VIR_ERR_INVALID_ARG) -> NoReturn:
    fail(code, c.VIR_FROM_QEMU, message)


def target(host: Host, binary: str | None, arch: str | None, machine: str | None, kind: str | None) -> Target:
    """Return which guests the arguments of a call mean.

    Raises:
        libvirtError: the host has no such guests.
    """
    if kind is not None and kind not in _KINDS:
        _refuse(f"unknown virttype: {kind}")
    if arch is not None and (arch not in models.ARCHITECTURES):
        _refuse(f"unknown architecture: {arch}")
    arch = arch or host.arch
    guest = _emulator(binary, arch)
    path = binary or guest.emulator
    found = guest.machine(machine)
    able = accelerated(host, guest.arch)
    kind = kind if kind not in {None, "none"} else "kvm" if able else "qemu"
    if kind != "qemu" and not able:
        accelerator = "kvm" if kind == "kvm" else "tcg"
        _refuse(f"the accel '{accelerator}' is not supported by '{path}' on this host")
    if found is None:
        _refuse(f"the machine '{machine}' is not supported by emulator '{path}'")
    if guest.arch == "i686" and arch == "x86_64":
        _refuse(f"Emulator '{path}' does not support arch '{arch}'")
    return Target(path, arch, found, kind)


def _emulator(binary: str | None, arch: str) -> Guest:
    if binary is None:
        guest = emulators.guests().get(arch)
        if guest is None:
            message = f"unable to find any emulator to serve '{arch}' architecture"
            _refuse(message, c.VIR_ERR_CONFIG_UNSUPPORTED)
        return guest
    found = emulators.of_binary(binary)
    if found is None:
        missing = FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        fail_system(missing, c.VIR_FROM_QEMU, f"Cannot check QEMU binary {binary}")
    both = {found.arch, arch}
    alike = both <= set(_X86) or all(each.startswith(("arm", "aarch")) for each in both)
    if found.arch != arch and not alike:
        _refuse(f"architecture from emulator '{found.arch}' doesn't match given architecture '{arch}'")
    return found


def domain_capabilities(host: Host, wanted: Target) -> str:
    """Return the document for *wanted*."""
    from lxml import etree

    from virtkit.fake.state.printing import print_xml

    root = etree.Element("domainCapabilities")
    for tag, text in (
        ("path", wanted.binary),
        ("domain", wanted.kind),
        ("machine", wanted.machine.name),
        ("arch", wanted.arch),
    ):
        etree.SubElement(root, tag).text = text
    most = emulators.most_cpus(wanted.machine, wanted.kind)
    etree.SubElement(root, "vcpu", max=str(most))
    _assemble(root, wanted)
    if host.iommu:
        _values(root.find("devices/hostdev/enum[@name='pciBackend']"), ("default", "vfio"))
    if wanted.kind == "kvm":
        _with_kvm(host, root)
    return print_xml(root)


def _assemble(root: etree._Element, wanted: Target) -> None:
    from lxml import etree

    known = emulators.parts()
    elements = [etree.fromstring(known[place]) for place in wanted.machine.parts]
    sections = {str(each.tag): each for each in elements if each.tag in _SECTIONS}
    devices = etree.Element("devices")
    devices.extend(each for each in elements if each.tag not in _SECTIONS)
    for tag in ("iothreads", "os", "cpu", "memoryBacking"):
        root.append(sections[tag])
    root.append(devices)
    root.append(sections["features"])


def _values(parent: etree._Element | None, values: tuple[str, ...]) -> None:
    from lxml import etree

    if parent is not None:
        for each in list(parent):
            parent.remove(each)
        for value in values:
            etree.SubElement(parent, "value").text = value


def _with_kvm(host: Host, root: etree._Element) -> None:
    """Change what KVM changes: CPUs are the host's, and Hyper-V's ways are all known."""
    from lxml import etree

    modes = {each.get("name"): each for each in root.iterfind("cpu/mode")}
    passthrough = modes["host-passthrough"]
    passthrough.set("supported", "yes")
    migratable = etree.SubElement(passthrough, "enum", name="hostPassthroughMigratable")
    _values(migratable, ("on", "off"))
    _values(root.find("features/hyperv/enum"), _HYPERV)
    own = cpu.of_host(host)
    model = modes["host-model"]
    for each in list(model):
        model.remove(each)
    model.set("supported", "yes")
    etree.SubElement(model, "model", fallback="forbid").text = own.model
    if own.vendor is not None:
        etree.SubElement(model, "vendor").text = own.vendor
    for name, policy in own.features:
        if name not in models.unmigratable():
            etree.SubElement(model, "feature", policy=policy, name=name)
    has = cpu.features_of(own) if own.model in models.models() else frozenset()
    for each in modes["custom"].iterfind("model"):
        needs = models.models().get(each.text or "")
        each.set("usable", "yes" if needs is None or needs.features <= has else "no")
