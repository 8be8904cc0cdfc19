"""The guests that a host can run."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Children, Choice, Flag, Integer, OnOff, Text, YesNo
from virtkit.model.views import OrderedView


class Machine(OrderedView):
    """A type of machine; ``canonical`` is what the name is short for."""

    TAG = "machine"
    name = Text(".")
    canonical = Text("@canonical")
    max_cpus = Integer("@maxCpus")
    deprecated = YesNo("@deprecated")


class GuestDomain(OrderedView):
    """A type of domain, with its own emulator and machines where they are others."""

    TAG = "domain"
    KEEP = True
    type = Choice[
        Literal[
            "qemu",
            "kvm",
            "hvf",
            "xen",
            "lxc",
            "test",
            "uml",
            "openvz",
            "kqemu",
            "vbox",
            "vmware",
            "hyperv",
            "vz",
            "bhyve",
        ]
    ]("@type")
    emulator = Text("emulator")
    machines = Children(Machine)


class GuestArch(OrderedView):
    """An architecture, and what runs it."""

    TAG = "arch"
    KEEP = True
    name = Text("@name")
    wordsize = Integer("wordsize")
    emulator = Text("emulator")
    loader = Text("loader")
    machines = Children(Machine)
    domains = Children(GuestDomain)


class Toggle(OrderedView):
    """Something that is on or off, and whether a guest may have it otherwise."""

    KEEP = True
    default = OnOff("@default")
    toggle = YesNo("@toggle")


class GuestFeatures(OrderedView):
    """What guests can have."""

    TAG = "features"
    pae = Flag("pae")
    nonpae = Flag("nonpae")
    ia64_be = Flag("ia64_be")
    acpi = Child(Toggle, "acpi")
    apic = Child(Toggle, "apic")
    hap = Child(Toggle, "hap")
    cpuselection = Flag("cpuselection")
    deviceboot = Flag("deviceboot")
    disksnapshot = Child(Toggle, "disksnapshot")
    external_snapshot = Flag("externalSnapshot")


class Guest(OrderedView):
    """The guests of one architecture and kind."""

    TAG = "guest"
    os_type = Choice[Literal["hvm", "exe", "linux", "xen", "xenpvh", "uml"]]("os_type")
    arch = Child(GuestArch)
    features = Child(GuestFeatures)
