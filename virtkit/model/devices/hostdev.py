"""Devices of the host that a guest has for itself."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Children, Choice, Flag, Integer, OnOff, Text, YesNo
from virtkit.model.shared import (
    Adapter,
    Address,
    Authentication,
    Bootable,
    CharacterDevice,
    Device,
    GuestIp,
    Host,
    Rom,
    Route,
    Teaming,
)
from virtkit.model.views import View


class HostdevSource(View):
    """Which device it is; which fields count depends on the ``type``."""

    TAG = "source"
    startup_policy = Choice[Literal["mandatory", "requisite", "optional"]]("@startupPolicy")
    guest_reset = Choice[Literal["on", "off", "uninitialized"]]("@guestReset")
    write_filtering = YesNo("@writeFiltering")
    protocol = Choice[Literal["iscsi", "vhost", "adapter"]]("@protocol")
    name = Text("@name")
    wwpn = Text("@wwpn")
    missing = YesNo("@missing")
    vendor_id = Integer("vendor/@id")
    product_id = Integer("product/@id")
    adapter = Child(Adapter)
    address = Child(Address)
    hosts = Children(Host)
    initiator = Text("initiator/iqn/@name")
    auth = Child(Authentication)
    interface = Text("interface")
    block = Text("block")
    char = Text("char")


class Hostdev(Bootable):
    """A PCI, USB, SCSI or mediated device of the host; for containers a network card, disk or other."""

    TAG = "hostdev"
    mode = Choice[Literal["subsystem", "capabilities"]]("@mode")
    type = Choice[Literal["usb", "pci", "scsi", "scsi_host", "mdev", "storage", "misc", "net"]]("@type")
    managed = YesNo("@managed")
    sgio = Choice[Literal["filtered", "unfiltered"]]("@sgio")
    rawio = YesNo("@rawio")
    model = Text("@model")
    display = OnOff("@display")
    ramfb = OnOff("@ramfb")
    driver = Choice[Literal["kvm", "vfio", "xen"]]("driver/@name")
    driver_model = Text("driver/@model")
    driver_iommufd = Choice[Literal["yes", "no"]]("driver/@iommufd")
    source = Child(HostdevSource)
    teaming = Child(Teaming)
    ips = Children(GuestIp)
    routes = Children(Route)
    readonly = Flag("readonly")
    shareable = Flag("shareable")
    rom = Child(Rom)


class Redirdev(CharacterDevice):
    """A USB device of whoever looks at the guest's screen."""

    TAG = "redirdev"
    bus = Choice[Literal["usb"]]("@bus")
    boot_order = Integer("boot/@order")
    boot_loadparm = Text("boot/@loadparm")


class UsbFilter(View):
    """One rule of which USB devices may be redirected."""

    TAG = "usbdev"
    usb_class = Text("@class")
    vendor = Text("@vendor")
    product = Text("@product")
    version = Text("@version")
    allow = YesNo("@allow")


class Redirfilter(View):
    """Which USB devices may be redirected."""

    TAG = "redirfilter"
    usbdevs = Children(UsbFilter)


class Hub(Device):
    """A USB hub."""

    TAG = "hub"
    type = Choice[Literal["usb"]]("@type")
