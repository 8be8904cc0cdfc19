"""What QEMU cannot do, and says on define."""

from __future__ import annotations

from tests.contract.fault import Fault

HYPERVISOR = [
    Fault(
        "root elsewhere",
        (27, 10, "XML error: pci-root and pcie-root controllers should have index 0"),
        devices="<controller type='pci' index='1' model='pcie-root'/>",
        arch=" arch='x86_64' machine='q35'",
        by_qemu=True,
    ),
    Fault(
        "disk usb pci",
        (1, 10, "internal error: unexpected address type for usb disk"),
        devices=(
            "<disk type='file' device='disk'><source file='/x'></source>"
            "<target dev='sda' bus='usb'/><address type='pci' slot='5'/></disk>"
        ),
        by_qemu=True,
    ),
    Fault(
        "firmware features alone",
        (35, 20, ("cannot use feature-based firmware autoselection when firmware autoselection is disabled")),
        system="<firmware><feature enabled='yes' name='secure-boot'/></firmware>",
        by_qemu=True,
    ),
    Fault(
        "memory hotplug without nodes",
        (
            67,
            10,
            (
                "unsupported configuration: At least one numa node has to be configured when enabling "
                "memory hotplug"
            ),
        ),
        inner="<maxMemory slots='2' unit='KiB'>1048576</maxMemory>",
        by_qemu=True,
    ),
    Fault(
        "hpt",
        (
            67,
            10,
            (
                "unsupported configuration: The 'hpt' feature is not supported for architecture "
                "'x86_64' or machine type 'pc-i440fx-7.2'"
            ),
        ),
        inner="<features><hpt resizing='required'/></features>",
        by_qemu=True,
    ),
    Fault(
        "gic",
        (
            67,
            10,
            (
                "unsupported configuration: The 'gic' feature is not supported for architecture "
                "'x86_64' or machine type 'pc-i440fx-7.2'"
            ),
        ),
        inner="<features><gic version='2'/></features>",
        by_qemu=True,
    ),
    Fault(
        "tseg on pc",
        (67, 10, "unsupported configuration: SMM TSEG is only supported with q35 machine type"),
        inner="<features><smm state='on'><tseg unit='MiB'>48</tseg></smm></features>",
        by_qemu=True,
    ),
    Fault(
        "tseg odd",
        (67, 10, "unsupported configuration: SMM TSEG size must be divisible by 1 MiB"),
        inner="<features><smm state='on'><tseg unit='KiB'>12345</tseg></smm></features>",
        arch=" arch='x86_64' machine='q35'",
        by_qemu=True,
    ),
    Fault(
        "cpu cache level",
        (67, 10, ("unsupported configuration: CPU cache mode 'emulate' can only be used with level='3'")),
        inner="<cpu><cache level='2' mode='emulate'/></cpu>",
        by_qemu=True,
    ),
    Fault(
        "cpu cache of another",
        (
            67,
            10,
            (
                "unsupported configuration: CPU cache mode 'passthrough' can only be used with "
                "'host-passthrough' / 'maximum' CPUs"
            ),
        ),
        inner="<cpu mode='host-model'><cache mode='passthrough'/></cpu>",
        by_qemu=True,
    ),
    Fault(
        "cpu bits missing",
        (
            67,
            10,
            (
                "unsupported configuration: if using CPU maximum physical address mode='emulate', "
                "bits= must be specified too"
            ),
        ),
        inner="<cpu mode='host-passthrough'><maxphysaddr mode='emulate'/></cpu>",
        by_qemu=True,
    ),
    Fault(
        "cpu bits given",
        (
            67,
            10,
            (
                "unsupported configuration: CPU maximum physical address bits number specification "
                "cannot be used with mode='passthrough'"
            ),
        ),
        inner="<cpu mode='host-passthrough'><maxphysaddr mode='passthrough' bits='42'/></cpu>",
        by_qemu=True,
    ),
    Fault(
        "xhci ports",
        (67, 10, ("unsupported configuration: 'qemu-xhci' controller only supports up to '15' ports")),
        devices="<controller type='usb' index='0' model='qemu-xhci' ports='16'/>",
        by_qemu=True,
    ),
    Fault(
        "disk cow",
        (67, 10, "unsupported configuration: 'cow' storage format is not supported"),
        devices=(
            "<disk type='file' device='disk'><driver name='qemu' type='cow'/><source file='/x'>"
            "</source><target dev='vda' bus='virtio'/></disk>"
        ),
        by_qemu=True,
    ),
    Fault(
        "disk iso",
        (
            67,
            10,
            (
                "unsupported configuration: storage format 'iso' is not directly supported by QEMU, "
                "use 'raw' instead"
            ),
        ),
        devices=(
            "<disk type='file' device='disk'><driver name='qemu' type='iso'/><source file='/x'>"
            "</source><target dev='vda' bus='virtio'/></disk>"
        ),
        by_qemu=True,
    ),
    Fault(
        "disk vendor",
        (67, 10, "unsupported configuration: Only scsi disk supports vendor and product"),
        devices=(
            "<disk type='file' device='disk'><source file='/x'></source>"
            "<target dev='vda' bus='virtio'/><vendor>V</vendor></disk>"
        ),
        by_qemu=True,
    ),
    Fault(
        "disk shared qcow2",
        (
            67,
            10,
            (
                "unsupported configuration: shared access for disk 'vda' requires use of supported "
                "storage format"
            ),
        ),
        devices=(
            "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/x'>"
            "</source><target dev='vda' bus='virtio'/><shareable/></disk>"
        ),
        by_qemu=True,
    ),
    Fault(
        "disk partition",
        (
            67,
            10,
            (
                "unsupported configuration: invalid disk target 'vda1', partitions can't appear in "
                "disk targets"
            ),
        ),
        devices=(
            "<disk type='file' device='disk'><source file='/x'></source>"
            "<target dev='vda1' bus='virtio'/></disk>"
        ),
        by_qemu=True,
    ),
    Fault(
        "queue size",
        (67, 10, "unsupported configuration: rx_queue_size has to be a power of two"),
        devices=("<interface type='user'><model type='virtio'/><driver rx_queue_size='300'/></interface>"),
        by_qemu=True,
    ),
    Fault(
        "headless with sdl",
        (
            67,
            10,
            (
                "unsupported configuration: graphics type 'egl-headless' is only supported with one "
                "of: 'vnc', 'spice' graphics types"
            ),
        ),
        devices="<graphics type='sdl'/><graphics type='egl-headless'/>",
        by_qemu=True,
    ),
    Fault(
        "headless with gl",
        (67, 10, "unsupported configuration: multiple OpenGL displays are not supported by QEMU"),
        devices=("<graphics type='egl-headless'/><graphics type='spice'><gl enable='yes'/></graphics>"),
        by_qemu=True,
    ),
    Fault(
        "spice tls",
        (
            67,
            10,
            (
                "unsupported configuration: spice TLS port set in XML configuration, but TLS is "
                "disabled in qemu.conf"
            ),
        ),
        devices="<graphics type='spice' port='5903' tlsPort='5904'/>",
        by_qemu=True,
    ),
    Fault(
        "virtiofs read-only",
        (67, 10, "unsupported configuration: virtiofs does not yet support read-only mode"),
        devices=(
            "<filesystem type='mount'><driver type='virtiofs'/><source dir='/x'/>"
            "<target dir='t'/><readonly/></filesystem>"
        ),
        inner="<memoryBacking><access mode='shared'/></memoryBacking>",
        by_qemu=True,
    ),
    Fault(
        "serial of another machine",
        (
            67,
            10,
            (
                "unsupported configuration: Serial device with target type 'spapr-vio-serial' and "
                "target model 'spapr-vty' not compatible with guest architecture or machine type"
            ),
        ),
        devices="<serial type='pty'><target type='spapr-vio-serial'/></serial>",
        by_qemu=True,
    ),
    Fault(
        "intel iommu on pc",
        (67, 10, ("unsupported configuration: IOMMU device: 'intel' is only supported with Q35 machines")),
        devices="<iommu model='intel'/>",
        by_qemu=True,
    ),
    Fault(
        "virtio iommu on pc",
        (
            67,
            10,
            (
                "unsupported configuration: IOMMU device: 'virtio' is only supported with Q35 and ARM "
                "Virt machines"
            ),
        ),
        devices="<iommu model='virtio'/>",
        by_qemu=True,
    ),
    Fault(
        "virtio iommu without acpi",
        (67, 10, "unsupported configuration: IOMMU device: 'virtio' requires ACPI"),
        devices="<iommu model='virtio'/>",
        arch=" arch='x86_64' machine='q35'",
        by_qemu=True,
    ),
]
