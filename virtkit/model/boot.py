"""What a domain boots: firmware, kernel, the order of devices, a container's init; and what SMBIOS tells."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Children, Choice, Integer, Text, YesNo
from virtkit.model.sources import DiskType, StorageSource
from virtkit.model.views import View


class OsType(View):
    """The kind of guest, the architecture and the machine type."""

    TAG = "type"
    value = Choice[Literal["hvm", "exe", "linux", "xen", "xenpvh", "uml"]](".")
    arch = Text("@arch")
    machine = Text("@machine")


class FirmwareFeature(View):
    """What the firmware must have, or must not have."""

    TAG = "feature"
    name = Choice[Literal["enrolled-keys", "secure-boot"]]("@name")
    enabled = YesNo("@enabled")


class Firmware(View):
    """What kind of firmware libvirt is to choose."""

    TAG = "firmware"
    type = Choice[Literal["bios", "efi"]]("@type")
    features = Children(FirmwareFeature)


class Loader(View):
    """The firmware's file."""

    TAG = "loader"
    path = Text(".")
    readonly = YesNo("@readonly")
    secure = YesNo("@secure")
    type = Choice[Literal["rom", "pflash"]]("@type")
    stateless = YesNo("@stateless")
    format = Choice[Literal["raw", "qcow2"]]("@format")


class Nvram(View):
    """Where the firmware's variables are kept."""

    TAG = "nvram"
    path = Text(".")
    template = Text("@template")
    template_format = Choice[Literal["raw", "qcow2"]]("@templateFormat")
    format = Choice[Literal["raw", "qcow2"]]("@format")
    type = Choice[DiskType]("@type")
    source = Child(StorageSource)


class Varstore(View):
    """Where the firmware's variables are kept, where they are no flash memory."""

    TAG = "varstore"
    KEEP = True
    path = Text("@path")
    template = Text("@template")


class Boot(View):
    """A kind of device to boot from."""

    TAG = "boot"
    dev = Choice[Literal["hd", "fd", "cdrom", "network"]]("@dev")


class BootMenu(View):
    """Whether the firmware asks what to boot, and for how many milliseconds."""

    TAG = "bootmenu"
    enable = YesNo("@enable")
    timeout = Integer("@timeout")


class Bios(View):
    """What a BIOS does."""

    TAG = "bios"
    useserial = YesNo("@useserial")
    reboot_timeout = Integer("@rebootTimeout")


class Argument(View):
    """One argument of a container's init."""

    TAG = "initarg"
    value = Text(".")


class Variable(View):
    """One variable of a container's init."""

    TAG = "initenv"
    name = Text("@name")
    value = Text(".")


class AcpiTable(View):
    """A file with an ACPI table that the guest sees."""

    TAG = "table"
    type = Choice[Literal["slic", "raw", "rawset", "msdm"]]("@type")
    path = Text(".")


class Os(View):
    """What a domain boots."""

    TAG = "os"
    KEEP = True
    firmware = Choice[Literal["bios", "efi"]]("@firmware")
    type = Child(OsType)
    firmware_features = Child(Firmware)
    loader = Child(Loader)
    nvram = Child(Nvram)
    varstore = Child(Varstore)
    init = Text("init")
    initargs = Children(Argument)
    initenvs = Children(Variable)
    initdir = Text("initdir")
    inituser = Text("inituser")
    initgroup = Text("initgroup")
    kernel = Text("kernel")
    initrd = Text("initrd")
    shim = Text("shim")
    cmdline = Text("cmdline")
    dtb = Text("dtb")
    root = Text("root")
    acpi_tables = Children(AcpiTable, "acpi/table")
    smbios_mode = Choice[Literal["emulate", "host", "sysinfo"]]("smbios/@mode")
    boots = Children(Boot)
    bootmenu = Child(BootMenu)
    bios = Child(Bios)


class Entry(View):
    """One value that SMBIOS tells the guest, or one entry of fw_cfg."""

    TAG = "entry"
    name = Text("@name")
    file = Text("@file")
    value = Text(".")


class SysinfoGroup(View):
    """A group of SMBIOS values."""

    entries = Children(Entry)


class Sysinfo(View):
    """What the guest reads from SMBIOS or fw_cfg."""

    TAG = "sysinfo"
    KEEP = True
    type = Choice[Literal["smbios", "fwcfg"]]("@type")
    bios = Child(SysinfoGroup, "bios")
    system = Child(SysinfoGroup, "system")
    base_boards = Children(SysinfoGroup, "baseBoard")
    chassis = Child(SysinfoGroup, "chassis")
    oem_strings = Child(SysinfoGroup, "oemStrings")
    entries = Children(Entry)
