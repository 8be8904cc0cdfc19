"""Other faulty devices, and what libvirt says of them."""

from __future__ import annotations

from tests.contract.fault import Fault

DEVICES = [
    Fault(
        "ctrl type",
        (27, 5, ("XML error: Invalid value for attribute 'type' in element 'controller': 'bogus'.")),
        "<controller type='bogus'/>",
    ),
    Fault(
        "ctrl model",
        (67, 20, "unsupported configuration: Unknown model type 'bogus'"),
        "<controller type='usb' model='bogus'/>",
    ),
    Fault(
        "ctrl idx",
        (
            27,
            5,
            (
                "XML error: Invalid value for attribute 'index' in element "
                "'controller': 'x'. Expected integer value"
            ),
        ),
        "<controller type='usb' index='x'/>",
    ),
    Fault(
        "ctrl idx large",
        (
            27,
            5,
            (
                "XML error: Invalid value for attribute 'index' in element "
                "'controller': '3000000000'. Expected integer value"
            ),
        ),
        "<controller type='usb' index='3000000000'/>",
    ),
    Fault(
        "ctrl bus large",
        (67, 20, "unsupported configuration: PCI controller index 256 too high, maximum is 255"),
        "<controller type='pci' index='256' model='pci-bridge'/>",
    ),
    Fault(
        "ctrl idx neg",
        (
            27,
            5,
            (
                "XML error: Invalid value for attribute 'index' in element "
                "'controller': '-1'. Expected non-negative value"
            ),
        ),
        "<controller type='usb' index='-1'/>",
    ),
    Fault(
        "ctrl dup",
        (27, 20, "XML error: Multiple 'scsi' controllers with index '0'"),
        "<controller type='scsi' index='0'/><controller type='scsi' index='0'/>",
    ),
    Fault(
        "ctrl usb none and other",
        (35, 20, "Can't add another USB controller: USB is disabled for this domain"),
        ("<controller type='usb' model='none'/><controller type='usb' index='1' model='ehci'/>"),
    ),
    Fault(
        "ctrl usb none and usb input",
        (67, 20, ("unsupported configuration: Can't add USB input device. USB bus is disabled")),
        "<controller type='usb' model='none'/><input type='tablet' bus='usb'/>",
    ),
    Fault(
        "ctrl pci root model",
        (
            27,
            10,
            (
                "XML error: The PCI controller with index='0' must be model='pci-root' "
                "for this machine type, but model='pcie-root' was found instead"
            ),
        ),
        "<controller type='pci' index='0' model='pcie-root'/>",
        by_qemu=True,
    ),
    Fault(
        "ctrl pcie-root-port on pc",
        (
            1,
            20,
            (
                "internal error: a PCI slot is needed to connect a PCI controller "
                "model='pcie-root-port', but none is available, and it cannot be "
                "automatically added"
            ),
        ),
        "<controller type='pci' index='1' model='pcie-root-port'/>",
        by_qemu=True,
    ),
    Fault(
        "ctrl pci model missing",
        (1, 20, "internal error: PCI controller model was not set correctly"),
        "<controller type='pci' index='1'/>",
        by_qemu=True,
    ),
    Fault(
        "input type",
        (67, 20, "unsupported configuration: unknown input device type 'bogus'"),
        "<input type='bogus'/>",
    ),
    Fault(
        "input bus",
        (67, 20, "unsupported configuration: unknown input bus type 'bogus'"),
        "<input type='mouse' bus='bogus'/>",
    ),
    Fault("input none", (1, 20, "internal error: missing input device type"), "<input/>"),
    Fault(
        "graphics type",
        (27, 5, ("XML error: Invalid value for attribute 'type' in element 'graphics': 'bogus'.")),
        "<graphics type='bogus'/>",
    ),
    Fault(
        "graphics none",
        (27, 5, "XML error: Missing required attribute 'type' in element 'graphics'"),
        "<graphics/>",
    ),
    Fault(
        "graphics port", (1, 20, "internal error: cannot parse vnc port x"), "<graphics type='vnc' port='x'/>"
    ),
    Fault(
        "graphics listen mismatch",
        (
            67,
            20,
            (
                "unsupported configuration: graphics 'listen' attribute '1.1.1.1' must "
                "match 'address' attribute of first listen element (found '2.2.2.2')"
            ),
        ),
        ("<graphics type='vnc' listen='1.1.1.1'><listen type='address' address='2.2.2.2'/></graphics>"),
    ),
    Fault(
        "graphics keep",
        (67, 20, "unsupported configuration: unknown connected value bogus"),
        "<graphics type='vnc' passwd='x' connected='bogus'/>",
    ),
    Fault(
        "graphics validto",
        (1, 20, ("internal error: cannot parse password validity time 'bogus', expect YYYY-MM-DDTHH:MM:SS")),
        "<graphics type='vnc' passwd='x' passwdValidTo='bogus'/>",
    ),
    Fault(
        "graphics listen type",
        (27, 5, ("XML error: Invalid value for attribute 'type' in element 'listen': 'bogus'.")),
        "<graphics type='vnc'><listen type='bogus'/></graphics>",
    ),
    Fault(
        "graphics rdp",
        (67, 10, ("unsupported configuration: rdp graphics are not supported with this QEMU")),
        "<graphics type='rdp'/>",
        by_qemu=True,
    ),
    Fault(
        "video model",
        (67, 20, "unsupported configuration: unknown video model 'bogus'"),
        "<video><model type='bogus'/></video>",
    ),
    Fault(
        "video vram",
        (27, 20, "XML error: cannot parse video vram 'x'"),
        "<video><model type='vga' vram='x'/></video>",
    ),
    Fault(
        "video heads",
        (1, 20, "internal error: cannot parse video heads 'x'"),
        "<video><model type='vga' heads='x'/></video>",
    ),
    Fault(
        "video 2 cirrus",
        (67, 10, ("unsupported configuration: video type 'cirrus' is only valid as primary video device")),
        "<video><model type='vga'/></video><video><model type='cirrus'/></video>",
        by_qemu=True,
    ),
    Fault(
        "sound model",
        (27, 5, ("XML error: Invalid value for attribute 'model' in element 'sound': 'bogus'.")),
        "<sound model='bogus'/>",
    ),
    Fault(
        "sound none", (27, 5, "XML error: Missing required attribute 'model' in element 'sound'"), "<sound/>"
    ),
    Fault(
        "watchdog model",
        (67, 20, "unsupported configuration: unknown watchdog model 'bogus'"),
        "<watchdog model='bogus'/>",
    ),
    Fault(
        "watchdog action",
        (67, 20, "unsupported configuration: unknown watchdog action 'bogus'"),
        "<watchdog model='i6300esb' action='bogus'/>",
    ),
    Fault(
        "watchdog two",
        (1, 20, "internal error: only a single watchdog device is supported"),
        "<watchdog model='i6300esb'/><watchdog model='ib700'/>",
    ),
    Fault(
        "balloon model",
        (27, 5, ("XML error: Invalid value for attribute 'model' in element 'memballoon': 'bogus'.")),
        "<memballoon model='bogus'/>",
    ),
    Fault(
        "balloon none",
        (27, 5, ("XML error: Missing required attribute 'model' in element 'memballoon'")),
        "<memballoon/>",
    ),
    Fault(
        "balloon two",
        (1, 20, "internal error: only a single memory balloon device is supported"),
        "<memballoon model='virtio'/><memballoon model='virtio'/>",
    ),
    Fault(
        "rng model",
        (67, 20, "unsupported configuration: unknown RNG model 'bogus'"),
        "<rng model='bogus'><backend model='random'/></rng>",
    ),
    Fault(
        "rng no backend", (27, 20, "XML error: only one RNG backend is supported"), "<rng model='virtio'/>"
    ),
    Fault(
        "rng backend",
        (67, 20, "unsupported configuration: unknown RNG backend model 'bogus'"),
        "<rng model='virtio'><backend model='bogus'/></rng>",
    ),
    Fault(
        "tpm model",
        (27, 5, ("XML error: Invalid value for attribute 'model' in element 'tpm': 'bogus'.")),
        "<tpm model='bogus'><backend type='passthrough'/></tpm>",
    ),
    Fault("tpm no backend", (27, 20, "XML error: missing TPM device backend"), "<tpm/>"),
    Fault(
        "tpm backend",
        (27, 5, ("XML error: Invalid value for attribute 'type' in element 'backend': 'bogus'.")),
        "<tpm><backend type='bogus'/></tpm>",
    ),
    Fault(
        "panic model",
        (67, 20, "unsupported configuration: unknown panic model 'bogus'"),
        "<panic model='bogus'/>",
    ),
    Fault(
        "panic two",
        (27, 20, "XML error: Multiple panic devices with model 'isa'"),
        "<panic model='isa'/><panic model='isa'/>",
    ),
    Fault(
        "hostdev type",
        (67, 20, ("unsupported configuration: unknown host device source address type 'bogus'")),
        "<hostdev mode='subsystem' type='bogus'/>",
    ),
    Fault(
        "hostdev mode",
        (67, 20, "unsupported configuration: unknown hostdev mode 'bogus'"),
        "<hostdev mode='bogus' type='usb'/>",
    ),
    Fault(
        "hostdev no type", (27, 20, "XML error: missing source address type"), "<hostdev mode='subsystem'/>"
    ),
    Fault(
        "hostdev usb no source",
        (27, 20, "XML error: Missing <source> element in hostdev device"),
        "<hostdev mode='subsystem' type='usb'/>",
    ),
    Fault(
        "fs type",
        (27, 5, ("XML error: Invalid value for attribute 'type' in element 'filesystem': 'bogus'.")),
        "<filesystem type='bogus'><source dir='/a'/><target dir='b'/></filesystem>",
    ),
    Fault(
        "fs access",
        (27, 5, ("XML error: Invalid value for attribute 'accessmode' in element 'filesystem': 'bogus'.")),
        "<filesystem accessmode='bogus'><source dir='/a'/><target dir='b'/></filesystem>",
    ),
    Fault(
        "fs no source",
        (19, 20, "missing source information for device b"),
        "<filesystem><target dir='b'/></filesystem>",
    ),
    Fault(
        "fs no target",
        (20, 20, "missing target information for device /a"),
        "<filesystem><source dir='/a'/></filesystem>",
    ),
    Fault(
        "serial type",
        (67, 20, ("unsupported configuration: unknown type presented to host for character device: bogus")),
        "<serial type='bogus'/>",
    ),
    Fault(
        "serial target",
        (67, 20, ("unsupported configuration: unknown target type 'bogus' specified for character device")),
        "<serial type='pty'><target type='bogus'/></serial>",
    ),
    Fault(
        "serial port",
        (27, 20, "XML error: Invalid port number: x"),
        "<serial type='pty'><target port='x'/></serial>",
    ),
    Fault(
        "serial file no path",
        (1, 20, "internal error: Missing source path attribute for char device"),
        "<serial type='file'/>",
    ),
    Fault(
        "serial tcp no host",
        (1, 20, "internal error: Missing source host attribute for char device"),
        "<serial type='tcp'><source mode='connect'/></serial>",
    ),
    Fault(
        "serial unix no path",
        (1, 20, "internal error: Missing source path attribute for char device"),
        "<serial type='unix'/>",
    ),
    Fault(
        "console two serial",
        (67, 20, ("unsupported configuration: Only the first console can be a serial port")),
        "<console type='pty'/><console type='pty'><target type='serial'/></console>",
    ),
    Fault(
        "console target",
        (67, 20, ("unsupported configuration: unknown target type 'bogus' specified for character device")),
        "<console type='pty'><target type='bogus'/></console>",
    ),
    Fault(
        "channel no target",
        (27, 20, "XML error: target type must be specified for channel device"),
        "<channel type='unix'/>",
    ),
    Fault(
        "channel target",
        (67, 20, ("unsupported configuration: unknown target type 'bogus' specified for character device")),
        "<channel type='unix'><target type='bogus'/></channel>",
    ),
    Fault(
        "channel port dup",
        (27, 20, "XML error: virtio serial port 1 on controller 0 is already occupied"),
        (
            "<channel type='unix'><target type='virtio' name='a'/><address type='virtio-serial' "
            "controller='0' bus='0' port='1'/></channel><channel type='unix'><target "
            "type='virtio' name='b'/><address type='virtio-serial' controller='0' bus='0' "
            "port='1'/></channel>"
        ),
        by_qemu=True,
    ),
    Fault(
        "channel guestfwd",
        (27, 20, "XML error: guestfwd channel does not define a target address"),
        "<channel type='unix'><target type='guestfwd'/></channel>",
    ),
    Fault(
        "redirdev bus",
        (67, 20, "unsupported configuration: unknown redirdev bus 'bogus'"),
        "<redirdev bus='bogus' type='spicevmc'/>",
    ),
    Fault("redirdev notype", (1, 20, "internal error: missing type in redirdev"), "<redirdev bus='usb'/>"),
    Fault(
        "hub type",
        (67, 20, "unsupported configuration: unknown hub device type 'bogus'"),
        "<hub type='bogus'/>",
    ),
    Fault(
        "smartcard mode",
        (27, 5, ("XML error: Invalid value for attribute 'mode' in element 'smartcard': 'bogus'.")),
        "<smartcard mode='bogus'/>",
    ),
    Fault("shmem no name", (27, 20, "XML error: shmem element must contain 'name' attribute"), "<shmem/>"),
    Fault(
        "memory dev no max",
        (
            67,
            10,
            (
                "unsupported configuration: cannot use/hotplug a memory device when "
                "domain 'maxMemory' is not defined"
            ),
        ),
        "<memory model='dimm'><target><size>1024</size></target></memory>",
        by_qemu=True,
    ),
    Fault(
        "memory model",
        (27, 5, ("XML error: Invalid value for attribute 'model' in element 'memory': 'bogus'.")),
        "<memory model='bogus'><target><size>1024</size></target></memory>",
    ),
    Fault(
        "iommu",
        (27, 5, ("XML error: Invalid value for attribute 'model' in element 'iommu': 'bogus'.")),
        "<iommu model='bogus'/>",
    ),
    Fault(
        "vsock",
        (27, 5, ("XML error: Invalid value for attribute 'model' in element 'vsock': 'bogus'.")),
        "<vsock model='bogus'/>",
    ),
    Fault(
        "vsock cid",
        (67, 20, "unsupported configuration: guest CIDs must be >= 3"),
        "<vsock><cid address='1'/></vsock>",
    ),
    Fault(
        "iotune both",
        (27, 20, ("XML error: total and read/write bytes_sec cannot be set at the same time")),
        (
            "<disk type='file' device='disk'><source file='/x'/><target dev='hda' bus='ide'/>"
            "<iotune><total_bytes_sec>1</total_bytes_sec><read_bytes_sec>1</read_bytes_sec>"
            "</iotune></disk>"
        ),
    ),
    Fault(
        "iotune junk",
        (27, 20, "XML error: disk iotune field 'total_bytes_sec' must be an integer"),
        (
            "<disk type='file' device='disk'><source file='/x'/><target dev='hda' bus='ide'/>"
            "<iotune><total_bytes_sec>x</total_bytes_sec></iotune></disk>"
        ),
    ),
    Fault(
        "geometry",
        (
            27,
            5,
            (
                "XML error: Invalid value for attribute 'cyls' in element 'geometry': "
                "'x'. Expected non-negative integer value"
            ),
        ),
        (
            "<disk type='file' device='disk'><source file='/x'/><target dev='hda' bus='ide'/>"
            "<geometry cyls='x' heads='1' secs='1'/></disk>"
        ),
    ),
    Fault(
        "usb addr",
        (27, 20, "XML error: requested USB port 9 not present on USB bus 0"),
        "<input type='tablet' bus='usb'><address type='usb' bus='0' port='9'/></input>",
        by_qemu=True,
    ),
    Fault(
        "usb addr dup",
        (27, 20, "XML error: Duplicate USB address bus 0 port 1"),
        (
            "<input type='tablet' bus='usb'><address type='usb' bus='0' port='1'/></input><input "
            "type='mouse' bus='usb'><address type='usb' bus='0' port='1'/></input>"
        ),
        by_qemu=True,
    ),
]
