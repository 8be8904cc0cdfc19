"""What one hypervisor takes and no other, each in an XML namespace of its own."""

from __future__ import annotations

from typing import Literal

from virtkit.model import nodes
from virtkit.model.fields import Child, Children, Choice, Text
from virtkit.model.views import View

_QEMU = f"{{{nodes.PREFIXES['qemu']}}}"
_LXC = f"{{{nodes.PREFIXES['lxc']}}}"
_BHYVE = f"{{{nodes.PREFIXES['bhyve']}}}"
_XEN = f"{{{nodes.PREFIXES['xen']}}}"


class Argument(View):
    """An argument of the hypervisor's program."""

    value = Text("@value")


class Variable(View):
    """A variable of the hypervisor's environment."""

    name = Text("@name")
    value = Text("@value")


class QemuCommandline(View):
    """What is handed to QEMU past libvirt."""

    TAG = f"{_QEMU}commandline"
    args = Children(Argument, f"{_QEMU}arg")
    envs = Children(Variable, f"{_QEMU}env")


class QemuCapability(View):
    """A capability of QEMU, by libvirt's name."""

    capability = Text("@capability")


class QemuCapabilities(View):
    """Capabilities that libvirt is to believe or not to believe of QEMU."""

    TAG = f"{_QEMU}capabilities"
    added = Children(QemuCapability, f"{_QEMU}add")
    removed = Children(QemuCapability, f"{_QEMU}del")


class QemuProperty(View):
    """A property of a QEMU device."""

    TAG = f"{_QEMU}property"
    name = Text("@name")
    type = Choice[Literal["string", "signed", "unsigned", "bool", "remove"]]("@type")
    value = Text("@value")


class QemuFrontend(View):
    """The guest's side of a device."""

    TAG = f"{_QEMU}frontend"
    properties = Children(QemuProperty)


class QemuDevice(View):
    """A device whose properties are set past libvirt, by its alias."""

    TAG = f"{_QEMU}device"
    alias = Text("@alias")
    frontend = Child(QemuFrontend)


class QemuOverride(View):
    """Properties of devices that are set past libvirt."""

    TAG = f"{_QEMU}override"
    devices = Children(QemuDevice)


class QemuDeprecation(View):
    """What QEMU does when something deprecated is used."""

    TAG = f"{_QEMU}deprecation"
    behavior = Choice[Literal["none", "omit", "reject", "crash"]]("@behavior")


class SharedNamespace(View):
    """A Linux namespace that a container has in common with something else."""

    KEEP = True
    type = Choice[Literal["none", "name", "pid", "netns"]]("@type")
    value = Text("@value")


class LxcNamespace(View):
    """The Linux namespaces that a container shares."""

    TAG = f"{_LXC}namespace"
    network = Child(SharedNamespace, f"{_LXC}sharenet")
    ipc = Child(SharedNamespace, f"{_LXC}shareipc")
    uts = Child(SharedNamespace, f"{_LXC}shareuts")


class BhyveCommandline(View):
    """What is handed to bhyve past libvirt."""

    TAG = f"{_BHYVE}commandline"
    args = Children(Argument, f"{_BHYVE}arg")
    envs = Children(Variable, f"{_BHYVE}env")


class XenCommandline(View):
    """What is handed to QEMU below Xen past libvirt."""

    TAG = f"{_XEN}commandline"
    args = Children(Argument, f"{_XEN}arg")
    envs = Children(Variable, f"{_XEN}env")


class VmwareDatacenterPath(View):
    """Where a domain is in a vCenter."""

    TAG = f"{{{nodes.PREFIXES['vmware']}}}datacenterpath"
    path = Text(".")
