"""Controllers: what other devices are plugged into."""

from __future__ import annotations

from typing import Literal

from virtkit.model.fields import Child, Choice, Integer, OnOff, Size, Text
from virtkit.model.shared import Device, DriverThreads, VirtioOptions
from virtkit.model.views import View


class ControllerDriver(VirtioOptions):
    """How the host does a controller's work."""

    queues = Integer("@queues")
    cmd_per_lun = Integer("@cmd_per_lun")
    max_sectors = Integer("@max_sectors")
    ioeventfd = OnOff("@ioeventfd")
    iothread = Integer("@iothread")
    iothreads = Child(DriverThreads)


class ControllerTarget(View):
    """What the guest sees of a PCI controller."""

    TAG = "target"
    chassis_nr = Integer("@chassisNr")
    chassis = Integer("@chassis")
    port = Integer("@port")
    bus_nr = Integer("@busNr")
    index = Integer("@index")
    hotplug = OnOff("@hotplug")
    memory_reserve = Text("@memReserve")
    node = Integer("node")


class Controller(Device):
    """A controller of disks, USB, PCI, virtio-serial or smart cards."""

    TAG = "controller"
    type = Choice[
        Literal["pci", "usb", "scsi", "ide", "fdc", "sata", "virtio-serial", "ccid", "xenbus", "isa", "nvme"]
    ]("@type")
    index = Integer("@index")
    model = Text("@model")
    ports = Integer("@ports")
    vectors = Integer("@vectors")
    max_grant_frames = Integer("@maxGrantFrames")
    max_event_channels = Integer("@maxEventChannels")
    driver = Child(ControllerDriver)
    pci_model = Text("model/@name")
    target = Child(ControllerTarget)
    serial = Text("serial")
    pcihole64 = Size("pcihole64")
    master_startport = Integer("master/@startport")
