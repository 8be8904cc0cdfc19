"""Faulty disks, addresses and interfaces, and what libvirt says of them."""

from __future__ import annotations

from tests.contract.fault import Fault

DISKS = [
    Fault(
        "no disk target",
        (20, 20, "missing target information for device /x"),
        "<disk type='file' device='disk'><source file='/x'/></disk>",
    ),
    Fault(
        "disk type",
        (27, 5, ("XML error: Invalid value for attribute 'type' in element 'disk': 'bogus'.")),
        "<disk type='bogus'><source file='/x'/><target dev='hda' bus='ide'/></disk>",
    ),
    Fault(
        "disk device",
        (27, 5, ("XML error: Invalid value for attribute 'device' in element 'disk': 'bogus'.")),
        "<disk device='bogus'><source file='/x'/><target dev='hda' bus='ide'/></disk>",
    ),
    Fault(
        "disk bus",
        (27, 5, ("XML error: Invalid value for attribute 'bus' in element 'target': 'bogus'.")),
        ("<disk type='file' device='disk'><source file='/x'/><target dev='hda' bus='bogus'/></disk>"),
    ),
    Fault(
        "disk snapshot",
        (27, 5, ("XML error: Invalid value for attribute 'snapshot' in element 'disk': 'bogus'.")),
        ("<disk type='file' snapshot='bogus'><source file='/x'/><target dev='hda' bus='ide'/></disk>"),
    ),
    Fault(
        "disk sgio",
        (27, 5, ("XML error: Invalid value for attribute 'sgio' in element 'disk': 'x'.")),
        "<disk type='file' sgio='x'><source file='/x'/><target dev='hda' bus='ide'/></disk>",
    ),
    Fault(
        "disk dup target",
        (27, 20, "XML error: target 'hda' duplicated for disk sources '/x' and '/x'"),
        (
            "<disk type='file' device='disk'><source file='/x'/><target dev='hda' bus='ide'/>"
            "</disk><disk type='file' device='disk'><source file='/x'/><target dev='hda' "
            "bus='ide'/></disk>"
        ),
    ),
    Fault(
        "disk dup target other bus",
        (27, 20, "XML error: target 'sda' duplicated for disk sources '/x' and '/x'"),
        (
            "<disk type='file' device='disk'><source file='/x'/><target dev='sda' bus='scsi'/>"
            "</disk><disk type='file' device='disk'><source file='/x'/><target dev='sda' "
            "bus='sata'/></disk>"
        ),
    ),
    Fault(
        "disk bad name",
        (27, 20, "XML error: Unknown disk name 'zzz' and no address specified"),
        ("<disk type='file' device='disk'><source file='/x'/><target dev='zzz' bus='ide'/></disk>"),
    ),
    Fault(
        "disk bad name virtio",
        (27, 20, "XML error: Unknown disk name 'zzz' and no address specified"),
        ("<disk type='file' device='disk'><source file='/x'/><target dev='zzz' bus='virtio'/></disk>"),
    ),
    Fault(
        "disk empty target",
        (27, 20, "XML error: Unknown disk name '' and no address specified"),
        ("<disk type='file' device='disk'><source file='/x'/><target dev='' bus='virtio'/></disk>"),
    ),
    Fault(
        "disk target no dev",
        (20, 20, "missing target information for device /x"),
        "<disk type='file' device='disk'><source file='/x'/><target bus='virtio'/></disk>",
    ),
    Fault(
        "disk no source",
        (19, 20, "missing source information for device hda"),
        "<disk type='file' device='disk'><target dev='hda' bus='ide'/></disk>",
    ),
    Fault(
        "disk block no source",
        (19, 20, "missing source information for device hda"),
        "<disk type='block' device='disk'><target dev='hda' bus='ide'/></disk>",
    ),
    Fault(
        "disk same address",
        (
            67,
            20,
            (
                "unsupported configuration: Found duplicate drive address for disk "
                "with target name 'hda' controller='0' bus='0' target='0' unit='0'"
            ),
        ),
        (
            "<disk type='file' device='disk'><source file='/x'/><target dev='hda' bus='ide'/>"
            "<address type='drive' controller='0' bus='0' target='0' unit='0'/></disk><disk "
            "type='file' device='disk'><source file='/x'/><target dev='hdb' bus='ide'/><address "
            "type='drive' controller='0' bus='0' target='0' unit='0'/></disk>"
        ),
    ),
    Fault(
        "disk cache",
        (27, 5, ("XML error: Invalid value for attribute 'cache' in element 'driver': 'fast'.")),
        (
            "<disk type='file' device='disk'><source file='/x'/><target dev='hda' bus='ide'/>"
            "<driver name='qemu' type='raw' cache='fast'/></disk>"
        ),
    ),
    Fault(
        "disk format",
        (67, 20, "unsupported configuration: unknown driver format value 'bogus'"),
        (
            "<disk type='file' device='disk'><source file='/x'/><target dev='hda' bus='ide'/>"
            "<driver name='qemu' type='bogus'/></disk>"
        ),
    ),
    Fault(
        "disk drv",
        (67, 10, ("unsupported configuration: unsupported driver name 'tap' for disk 'hda'")),
        (
            "<disk type='file' device='disk'><source file='/x'/><target dev='hda' bus='ide'/>"
            "<driver name='tap'/></disk>"
        ),
        by_qemu=True,
    ),
    Fault(
        "disk tray",
        (27, 5, ("XML error: Invalid value for attribute 'tray' in element 'target': 'bogus'.")),
        ("<disk type='file' device='disk'><source file='/x'/><target dev='hda' tray='bogus'/></disk>"),
    ),
    Fault(
        "disk startup",
        (27, 5, ("XML error: Invalid value for attribute 'startupPolicy' in element 'source': 'bogus'.")),
        (
            "<disk type='file' device='disk'><source file='/x' startupPolicy='bogus'/><target "
            "dev='hda' bus='ide'/></disk>"
        ),
    ),
    Fault(
        "disk lun file",
        (67, 20, ("unsupported configuration: disk device='lun' is only valid for block type disk source")),
        ("<disk type='file' device='lun'><source file='/x'/><target dev='sda' bus='scsi'/></disk>"),
    ),
    Fault(
        "disk floppy ide",
        (1, 20, "internal error: Invalid bus type 'ide' for floppy disk"),
        ("<disk type='file' device='floppy'><source file='/x'/><target dev='hda' bus='ide'/></disk>"),
    ),
    Fault(
        "disk cdrom virtio",
        (67, 10, ("unsupported configuration: disk type of 'vda' does not support ejectable media")),
        ("<disk type='file' device='cdrom'><source file='/x'/><target dev='vda' bus='virtio'/></disk>"),
        by_qemu=True,
    ),
    Fault(
        "disk fdc",
        (1, 20, "internal error: Invalid bus type 'fdc' for disk"),
        ("<disk type='file' device='disk'><source file='/x'/><target dev='fda' bus='fdc'/></disk>"),
    ),
    Fault(
        "disk ide on q35",
        (
            67,
            10,
            (
                "unsupported configuration: IDE controllers are unsupported for this "
                "QEMU binary or machine type"
            ),
        ),
        ("<disk type='file' device='disk'><source file='/x'/><target dev='hda' bus='ide'/></disk>"),
        arch=" arch='x86_64' machine='q35'",
        by_qemu=True,
    ),
    Fault(
        "disk network no proto",
        (27, 5, "XML error: Missing required attribute 'protocol' in element 'source'"),
        "<disk type='network'><source name='x'/><target dev='hda' bus='ide'/></disk>",
    ),
    Fault(
        "disk network bad proto",
        (27, 5, ("XML error: Invalid value for attribute 'protocol' in element 'source': 'bogus'.")),
        ("<disk type='network'><source protocol='bogus' name='x'/><target dev='hda' bus='ide'/></disk>"),
    ),
    Fault(
        "disk volume no pool",
        (27, 20, ("XML error: 'pool' and 'volume' must be specified together for 'pool' type source")),
        "<disk type='volume'><source volume='x'/><target dev='hda' bus='ide'/></disk>",
    ),
    Fault(
        "disk serial bad",
        (1, 10, "internal error: driver serial 'a,b' contains unsafe characters"),
        (
            "<disk type='file' device='disk'><source file='/x'/><target dev='hda' bus='ide'/>"
            "<serial>a,b</serial></disk>"
        ),
        by_qemu=True,
    ),
    Fault(
        "disk wwn bad",
        (1, 0, "internal error: Malformed wwn: xyz"),
        (
            "<disk type='file' device='disk'><source file='/x'/><target dev='hda' bus='ide'/>"
            "<wwn>xyz</wwn></disk>"
        ),
    ),
    Fault(
        "disk boot order dup",
        (67, 20, ("unsupported configuration: boot order '1' used for more than one device")),
        (
            "<disk type='file' device='disk'><source file='/x'/><target dev='hda' bus='ide'/>"
            "<boot order='1'/></disk><disk type='file' device='disk'><source file='/x'/><target "
            "dev='hdb' bus='ide'/><boot order='1'/></disk>"
        ),
    ),
    Fault(
        "disk boot order 0",
        (27, 5, ("XML error: Invalid value for attribute 'order' in element 'boot': Zero is not permitted")),
        (
            "<disk type='file' device='disk'><source file='/x'/><target dev='hda' bus='ide'/>"
            "<boot order='0'/></disk>"
        ),
    ),
    Fault(
        "disk boot order x",
        (
            27,
            5,
            (
                "XML error: Invalid value for attribute 'order' in element 'boot': "
                "'x'. Expected non-negative integer value"
            ),
        ),
        (
            "<disk type='file' device='disk'><source file='/x'/><target dev='hda' bus='ide'/>"
            "<boot order='x'/></disk>"
        ),
    ),
    Fault(
        "boot order and os boot",
        (
            67,
            20,
            (
                "unsupported configuration: per-device boot elements cannot be used "
                "together with os/boot elements"
            ),
        ),
        (
            "<disk type='file' device='disk'><source file='/x'/><target dev='hda' bus='ide'/>"
            "<boot order='1'/></disk>"
        ),
        system="<boot dev='hd'/>",
    ),
    Fault(
        "addr type",
        (67, 20, "unsupported configuration: unknown address type 'bogus'"),
        (
            "<disk type='file' device='disk'><source file='/x'/><target dev='hda' bus='ide'/>"
            "<address type='bogus'/></disk>"
        ),
    ),
    Fault(
        "addr no type",
        (1, 20, "internal error: No type specified for device address"),
        (
            "<disk type='file' device='disk'><source file='/x'/><target dev='hda' bus='ide'/>"
            "<address domain='0'/></disk>"
        ),
    ),
    Fault(
        "addr pci slot",
        (27, 0, "XML error: Invalid PCI address slot='0x40', must be <= 0x1F"),
        (
            "<interface type='user'><address type='pci' domain='0' bus='0' slot='0x40' "
            "function='0'/></interface>"
        ),
    ),
    Fault(
        "addr pci func",
        (27, 0, "XML error: Invalid PCI address function=0x9, must be <= 7"),
        ("<interface type='user'><address type='pci' domain='0' bus='0' slot='3' function='9'/></interface>"),
    ),
    Fault(
        "addr pci junk",
        (
            27,
            5,
            (
                "XML error: Invalid value for attribute 'slot' in element 'address': "
                "'zz'. Expected non-negative integer value"
            ),
        ),
        (
            "<interface type='user'><address type='pci' domain='0' bus='0' slot='zz' "
            "function='0'/></interface>"
        ),
    ),
    Fault(
        "addr pci dup",
        (27, 20, "XML error: Attempted double use of PCI Address 0000:00:05.0"),
        (
            "<interface type='user'><address type='pci' domain='0' bus='0' slot='5' "
            "function='0'/></interface><interface type='user'><address type='pci' domain='0' "
            "bus='0' slot='5' function='0'/></interface>"
        ),
        by_qemu=True,
    ),
    Fault(
        "addr pci slot1",
        (27, 20, "XML error: Attempted double use of PCI Address 0000:00:01.0"),
        ("<interface type='user'><address type='pci' domain='0' bus='0' slot='1' function='0'/></interface>"),
        by_qemu=True,
    ),
    Fault(
        "addr domain",
        (27, 20, ("XML error: Invalid PCI address 0001:00:03.0. Only PCI domain 0 is available")),
        ("<interface type='user'><address type='pci' domain='1' bus='0' slot='3' function='0'/></interface>"),
        by_qemu=True,
    ),
    Fault(
        "alias dup",
        (67, 20, "unsupported configuration: non unique alias detected: ua-x"),
        (
            "<interface type='user'><alias name='ua-x'/></interface><interface type='user'>"
            "<alias name='ua-x'/></interface>"
        ),
    ),
    Fault(
        "net type",
        (27, 5, ("XML error: Invalid value for attribute 'type' in element 'interface': 'bogus'.")),
        "<interface type='bogus'/>",
    ),
    Fault(
        "net network no source",
        (27, 20, "XML error: interface type='network' requires a 'source' element"),
        "<interface type='network'/>",
    ),
    Fault(
        "net network source empty",
        (27, 5, "XML error: Missing required attribute 'network' in element 'source'"),
        "<interface type='network'><source/></interface>",
    ),
    Fault(
        "net bridge no source",
        (27, 20, "XML error: interface type='bridge' requires a 'source' element"),
        "<interface type='bridge'/>",
    ),
    Fault(
        "net direct no source",
        (27, 20, "XML error: interface type='direct' requires a 'source' element"),
        "<interface type='direct'/>",
    ),
    Fault(
        "net direct mode",
        (27, 5, ("XML error: Invalid value for attribute 'mode' in element 'source': 'bogus'.")),
        "<interface type='direct'><source dev='eth0' mode='bogus'/></interface>",
    ),
    Fault(
        "net bad mac",
        (27, 20, "XML error: unable to parse mac address '52:54:00:zz'"),
        "<interface type='user'><mac address='52:54:00:zz'/></interface>",
    ),
    Fault(
        "net multicast mac",
        (27, 20, ("XML error: expected unicast mac address, found multicast '53:54:00:11:22:33'")),
        "<interface type='user'><mac address='53:54:00:11:22:33'/></interface>",
    ),
    Fault(
        "net bad model",
        (8, 20, "invalid argument: Model name contains invalid characters"),
        "<interface type='user'><model type='a b'/></interface>",
    ),
    Fault(
        "net link",
        (67, 20, "unsupported configuration: unknown interface link state 'bogus'"),
        "<interface type='user'><link state='bogus'/></interface>",
    ),
    Fault(
        "net mtu",
        (27, 20, "XML error: malformed mtu size"),
        "<interface type='user'><mtu size='x'/></interface>",
    ),
    Fault(
        "net driver",
        (27, 5, ("XML error: Invalid value for attribute 'name' in element 'driver': 'bogus'.")),
        "<interface type='user'><model type='virtio'/><driver name='bogus'/></interface>",
    ),
    Fault(
        "net queues",
        (
            27,
            5,
            (
                "XML error: Invalid value for attribute 'queues' in element 'driver': "
                "'x'. Expected non-negative integer value"
            ),
        ),
        "<interface type='user'><model type='virtio'/><driver queues='x'/></interface>",
    ),
    Fault(
        "net bandwidth",
        (67, 0, ("unsupported configuration: could not convert bandwidth average value 'x'")),
        (
            "<interface type='network'><source network='default'/><bandwidth><inbound "
            "average='x'/></bandwidth></interface>"
        ),
    ),
    Fault(
        "drive controller large",
        (
            27,
            5,
            (
                "XML error: Invalid value for attribute 'controller' in element 'address': "
                "'4294967296'. Expected non-negative integer value"
            ),
        ),
        (
            "<disk type='file' device='disk'><source file='/a'/><target dev='sda' bus='scsi'/>"
            "<address type='drive' controller='4294967296'/></disk>"
        ),
    ),
    Fault(
        "drive controller hexadecimal",
        (
            27,
            5,
            (
                "XML error: Invalid value for attribute 'controller' in element 'address': "
                "'0x1'. Expected non-negative integer value"
            ),
        ),
        (
            "<disk type='file' device='disk'><source file='/a'/><target dev='sda' bus='scsi'/>"
            "<address type='drive' controller='0x1'/></disk>"
        ),
    ),
]
