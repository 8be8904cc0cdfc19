"""What of a document does not agree with the rest of it."""

from __future__ import annotations

from tests.contract.fault import Fault

AGREEMENT = [
    Fault(
        "boot menu timeout",
        (
            67,
            20,
            ("unsupported configuration: invalid value for boot menu timeout, must be in range [0,65535]"),
        ),
        system="<bootmenu enable='yes' timeout='65536'/>",
    ),
    Fault(
        "bios date",
        (35, 20, "Invalid BIOS 'date' format"),
        inner=("<sysinfo type='smbios'><bios><entry name='date'>13/1/2020</entry></bios></sysinfo>"),
    ),
    Fault(
        "label twice",
        (35, 20, "seclabel for model selinux is already provided"),
        inner=("<seclabel type='dynamic' model='selinux'/><seclabel type='dynamic' model='selinux'/>"),
    ),
    Fault(
        "labels without model",
        (27, 20, "XML error: missing security model when using multiple labels"),
        inner="<seclabel type='dynamic' model='selinux'/><seclabel type='dynamic'/>",
    ),
    Fault(
        "schedules overlap",
        (35, 20, "'vcpusched' attributes 'vcpus' must not overlap"),
        inner=(
            "<vcpu>2</vcpu><cputune><vcpusched vcpus='0-1' scheduler='batch'/>"
            "<vcpusched vcpus='1' scheduler='batch'/></cputune>"
        ),
    ),
    Fault(
        "schedule of no thread",
        (67, 20, "unsupported configuration: Cannot find 'iothread' : 2"),
        inner=("<iothreads>1</iothreads><cputune><iothreadsched iothreads='2' scheduler='batch'/></cputune>"),
    ),
    Fault(
        "two sizes of huge pages",
        (35, 20, "two master hugepages detected: 1048576 and 2048"),
        inner=(
            "<memoryBacking><hugepages><page size='2' unit='M'/><page size='1' unit='G'/>"
            "</hugepages></memoryBacking>"
        ),
    ),
    Fault(
        "huge pages of no node",
        (35, 20, "hugepages: node 1 not found"),
        inner=(
            "<vcpu>1</vcpu><cpu><numa><cell id='0' cpus='0' memory='8192'/></numa></cpu>"
            "<memoryBacking><hugepages><page size='2' unit='M' nodeset='1'/></hugepages>"
            "</memoryBacking>"
        ),
    ),
    Fault(
        "huge pages intersect",
        (35, 20, "nodeset attribute of hugepages of sizes 1048576 and 2048 intersect"),
        inner=(
            "<vcpu>1</vcpu><cpu><numa><cell id='0' cpus='0' memory='8192'/></numa></cpu>"
            "<memoryBacking><hugepages><page size='2' unit='M' nodeset='0'/>"
            "<page size='1' unit='G' nodeset='0'/></hugepages></memoryBacking>"
        ),
    ),
    Fault(
        "numatune empty set",
        (67, 20, "unsupported configuration: Invalid value of 'nodeset': 0,^0"),
        inner="<numatune><memory mode='strict' nodeset='0,^0'/></numatune>",
    ),
    Fault(
        "numatune no set",
        (
            67,
            20,
            (
                "unsupported configuration: nodeset for NUMA memory tuning must be set if 'placement' "
                "is 'static'"
            ),
        ),
        inner="<numatune><memory mode='strict' placement='static'/></numatune>",
    ),
    Fault(
        "memnode without cells",
        (27, 20, "XML error: Element 'memnode' is invalid without any guest NUMA cells"),
        inner="<numatune><memnode cellid='0' mode='strict' nodeset='0'/></numatune>",
    ),
    Fault(
        "memnode of no cell",
        (
            27,
            20,
            ("XML error: Argument 'cellid' in memnode element must correspond to existing guest's NUMA cell"),
        ),
        inner=(
            "<vcpu>1</vcpu><cpu><numa><cell id='0' cpus='0' memory='8192'/></numa></cpu>"
            "<numatune><memnode cellid='1' mode='strict' nodeset='0'/></numatune>"
        ),
    ),
    Fault(
        "memnode less restrictive",
        (
            27,
            20,
            (
                "XML error: 'restrictive' mode is required in memnode element when mode is "
                "'restrictive' in memory element"
            ),
        ),
        inner=(
            "<vcpu>1</vcpu><cpu><numa><cell id='0' cpus='0' memory='8192'/></numa></cpu>"
            "<numatune><memory mode='restrictive' nodeset='0'/>"
            "<memnode cellid='0' mode='strict' nodeset='0'/></numatune>"
        ),
    ),
    Fault(
        "memnode and automatic",
        (
            67,
            20,
            ("unsupported configuration: Per-node binding is not compatible with automatic NUMA placement."),
        ),
        inner=(
            "<vcpu placement='auto'>1</vcpu><cpu><numa><cell id='0' cpus='0' memory='8192'/>"
            "</numa></cpu><numatune><memory mode='strict' placement='auto'/>"
            "<memnode cellid='0' mode='strict' nodeset='0'/></numatune>"
        ),
    ),
    Fault(
        "root with address",
        (
            67,
            20,
            ("unsupported configuration: pci-root and pcie-root controllers should not have an address"),
        ),
        devices=(
            "<controller type='pci' index='0' model='pci-root'><address type='pci' slot='9'/></controller>"
        ),
    ),
    Fault(
        "disk ide pci",
        (
            67,
            20,
            (
                "unsupported configuration: Invalid address type 'pci' for the disk 'hda' with the "
                "bus type 'ide'"
            ),
        ),
        devices=(
            "<disk type='file' device='disk'><source file='/x'></source>"
            "<target dev='hda' bus='ide'/><address type='pci' slot='5'/></disk>"
        ),
    ),
    Fault(
        "disk scsi pci",
        (
            67,
            20,
            (
                "unsupported configuration: Invalid address type 'pci' for the disk 'sda' with the "
                "bus type 'scsi'"
            ),
        ),
        devices=(
            "<disk type='file' device='disk'><source file='/x'></source>"
            "<target dev='sda' bus='scsi'/><address type='pci' slot='5'/></disk>"
        ),
    ),
    Fault(
        "drives at one place",
        (
            67,
            20,
            (
                "unsupported configuration: Found duplicate drive address for disk with target name "
                "'sda' controller='0' bus='0' target='0' unit='0'"
            ),
        ),
        devices=(
            "<disk type='file' device='disk'><source file='/x'></source>"
            "<target dev='sda' bus='scsi'/><address type='drive' unit='0'/></disk>"
            "<disk type='file' device='disk'><source file='/x'></source>"
            "<target dev='sdb' bus='scsi'/><address type='drive' unit='0'/></disk>"
        ),
    ),
    Fault(
        "given and chosen place",
        (
            67,
            20,
            (
                "unsupported configuration: Found duplicate drive address for disk with target name "
                "'sda' controller='0' bus='0' target='0' unit='0'"
            ),
        ),
        devices=(
            "<disk type='file' device='disk'><source file='/x'></source>"
            "<target dev='sda' bus='scsi'/></disk><disk type='file' device='disk'>"
            "<source file='/x'></source><target dev='sdb' bus='scsi'/>"
            "<address type='drive' unit='0'/></disk>"
        ),
    ),
    Fault(
        "auth twice",
        (67, 20, "unsupported configuration: an <auth> definition already found for disk source"),
        devices=(
            "<disk type='network' device='disk'><auth username='u'>"
            "<secret type='ceph' usage='s'/></auth><source protocol='rbd' name='p/i'>"
            "<auth username='u'><secret type='ceph' usage='s'/></auth></source>"
            "<target dev='vda' bus='virtio'/></disk>"
        ),
    ),
    Fault(
        "auth of another kind",
        (67, 20, "unsupported configuration: invalid secret type 'iscsi'"),
        devices=(
            "<disk type='network' device='disk'><source protocol='rbd' name='p/i'>"
            "<auth username='u'><secret type='iscsi' usage='s'/></auth></source>"
            "<target dev='vda' bus='virtio'/></disk>"
        ),
    ),
    Fault(
        "auth of no kind",
        (67, 20, "unsupported configuration: unknown secret type 'bogus'"),
        devices=(
            "<disk type='network' device='disk'><source protocol='rbd' name='p/i'>"
            "<auth username='u'><secret type='bogus' usage='s'/></auth></source>"
            "<target dev='vda' bus='virtio'/></disk>"
        ),
    ),
    Fault(
        "virtualport of a user",
        (
            67,
            20,
            ("unsupported configuration: <virtualport> element unsupported for <interface type='user'>"),
        ),
        devices=(
            "<interface type='user'><virtualport type='802.1Qbh'><parameters profileid='x'/>"
            "</virtualport></interface>"
        ),
    ),
    Fault(
        "hostdev twice",
        (27, 20, "XML error: Hostdev already exists in the domain configuration"),
        devices=(
            "<hostdev mode='subsystem' type='pci' managed='yes'><source>"
            "<address domain='0' bus='6' slot='18' function='5'/></source></hostdev>"
            "<hostdev mode='subsystem' type='pci' managed='yes'><source>"
            "<address domain='0' bus='6' slot='18' function='5'/></source></hostdev>"
        ),
    ),
    Fault(
        "scsi at one place",
        (
            67,
            20,
            (
                "unsupported configuration: SCSI host address controller='0' bus='0' target='0' "
                "unit='4' in use by another SCSI host device"
            ),
        ),
        devices=(
            "<hostdev mode='subsystem' type='scsi'><source><adapter name='scsi_host0'/>"
            "<address bus='0' target='0' unit='0'/></source>"
            "<address type='drive' controller='0' bus='0' target='0' unit='4'/></hostdev>"
            "<hostdev mode='subsystem' type='scsi'><source><adapter name='scsi_host1'/>"
            "<address bus='0' target='0' unit='0'/></source>"
            "<address type='drive' controller='0' bus='0' target='0' unit='4'/></hostdev>"
        ),
    ),
    Fault(
        "no video and a video",
        (
            67,
            20,
            (
                "unsupported configuration: a 'none' video type must be the only video device defined "
                "for the domain"
            ),
        ),
        devices="<video><model type='none'/></video><video><model type='qxl'/></video>",
    ),
    Fault(
        "two primary videos",
        (67, 20, "unsupported configuration: Only one primary video device is supported"),
        devices=(
            "<video><model type='vga' primary='yes'/></video><video><model type='qxl' primary='yes'/></video>"
        ),
    ),
    Fault(
        "memory without nodes",
        (27, 20, "XML error: Total size of memory devices exceeds the total memory size"),
        devices=(
            "<memory model='dimm'><target><size unit='KiB'>524288</size><node>0</node></target></memory>"
        ),
        inner="<maxMemory slots='2' unit='KiB'>1048576</maxMemory>",
    ),
    Fault(
        "shmem msi",
        (27, 20, "XML error: msi option is only supported with a server"),
        devices="<shmem name='s'><size unit='M'>4</size><msi enabled='on'/></shmem>",
    ),
    Fault(
        "usb port path",
        (1, 49, "internal error: Cannot parse <address> 'port' attribute"),
        devices=("<input type='tablet' bus='usb'><address type='usb' bus='0' port='1.2.3.4.5'/></input>"),
    ),
    Fault(
        "usb hub without usb",
        (67, 20, "unsupported configuration: Can't add USB hub: USB is disabled for this domain"),
        devices="<controller type='usb' index='0' model='none'/><hub type='usb'/>",
    ),
    Fault(
        "pci bus number",
        (27, 0, "XML error: Invalid PCI address bus='0x100', must be <= 0xFF"),
        devices="<sound model='ac97'><address type='pci' bus='0x100' slot='1'/></sound>",
    ),
]
