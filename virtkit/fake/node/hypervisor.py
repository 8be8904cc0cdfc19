"""The CPU that QEMU would give a guest: the host's with KVM, its own without."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.node import cpu, emulators, models
from virtkit.fake.node.domaincaps import target

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.node.cpu import Cpu
    from virtkit.fake.node.domaincaps import Target

_X86 = ("i686", "x86_64")


def _refuse(message: str) -> NoReturn:
    fail(c.VIR_ERR_OPERATION_UNSUPPORTED, c.VIR_FROM_QEMU, message)


def cpu_of(host: Host, *which: str | None) -> Cpu:
    """Return the CPU of guests that emulator, architecture, machine and domain type say."""
    wanted = target(host, *which)
    found = _cpu(host, wanted)
    if found is None:
        _refuse(f"QEMU '{wanted.binary}' does not support reporting CPU model for virttype '{wanted.kind}'")
    return found


class Ability(NamedTuple):
    """What QEMU can do about CPUs: its features (None: whatever), its models and what each lacks."""

    features: frozenset[str] | None
    models: dict[str, frozenset[str]]


def ability(host: Host, *which: str | None) -> Ability:
    """Return what QEMU has for those guests."""
    wanted = target(host, *which)
    if wanted.arch not in _X86:
        _refuse(f"computing baseline hypervisor CPU is not supported for arch {wanted.arch}")
    own = _cpu(host, wanted)
    has = frozenset[str]() if own is None else cpu.features_of(own)
    lacks = {
        name: frozenset[str]() if whole else models.models()[name].features - has
        for name, whole in _names(wanted)
        if name in models.models()
    }
    return Ability(has if wanted.kind == "kvm" else None, lacks)


def _names(wanted: Target) -> list[tuple[str, bool]]:
    """Return the models, and whether a guest without KVM can have all of each."""
    from lxml import etree

    known = emulators.parts()
    elements = (etree.fromstring(known[place]) for place in wanted.machine.parts)
    found = [model for each in elements for model in each.iterfind("mode[@name='custom']/model")]
    return [(str(model.text), wanted.kind != "kvm" and model.get("usable") == "yes") for model in found]


def _cpu(host: Host, wanted: Target) -> Cpu | None:
    if wanted.kind == "kvm":
        own = cpu.of_host(host)
        features = [each for each in own.features if each[0] not in models.unmigratable()]
        return own._replace(features=features)
    from lxml import etree

    known = emulators.parts()
    for place in wanted.machine.parts:
        element = etree.fromstring(known[place])
        mode = element.find("mode[@name='host-model']")
        if mode is not None and mode.get("supported") == "yes":
            features = [(f.get("name", ""), f.get("policy", "")) for f in mode.findall("feature")]
            model, vendor = mode.findtext("model"), mode.findtext("vendor")
            return cpu.Cpu(False, None, model, vendor, features)
    return None
