"""The host: what it is made of, what guests it can have, and CPUs compared with its own."""

from __future__ import annotations

import json
import shlex
import socket
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.driver import Driver

NONE, DOMAIN, QEMU, TEST, CPU = 0, 20, 10, 12, 31
_BINARY = "/usr/bin/qemu-system-x86_64"
INTERNAL, UNSUPPORTED, ARGUMENT, FAILED = 1, 3, 8, 9


@pytest.fixture
def conn(driver: Driver) -> Iterator[Any]:
    """A connection; a fake host is of the lab's kind here: one cell, no KVM, no IOMMU."""
    if driver.name not in {"fake", "fake-file"}:
        yield driver.conn
        return
    host = driver.module.host(driver.conn.getURI())
    host.kvm = host.iommu = False
    yield driver.conn
    host.kvm = host.iommu = True


@pytest.fixture
def qemu(driver: Driver, conn: Any) -> Any:
    """The same, of QEMU's driver."""
    if driver.family == "test":
        pytest.skip("the test driver does not have it")
    return conn


def test_info_and_capabilities_agree(driver: Driver, conn: Any) -> None:
    """The same cells, CPUs, memory and architecture."""
    arch, megabytes, cpus, _mhz, nodes, sockets, cores, threads = conn.getInfo()
    host = ET.fromstring(conn.getCapabilities()).find("host")
    assert host is not None
    cells = host.findall("topology/cells/cell")
    assert (host.findtext("cpu/arch"), len(cells)) == (arch, nodes)
    assert nodes * sockets * cores * threads == cpus
    assert sum(len(cell.findall("cpus/cpu")) for cell in cells) == cpus
    if driver.family == "qemu":
        assert sum(int(cell.findtext("memory") or 0) for cell in cells) // 1024 == megabytes
        assert conn.getCPUMap() == (cpus, [True] * cpus, cpus)


def test_host_name(driver: Driver, conn: Any) -> None:
    """The test driver's host is the machine that it runs on."""
    assert conn.getHostname()
    if driver.family == "test":
        assert conn.getHostname() == socket.gethostname()


def test_security_model(driver: Driver, conn: Any) -> None:
    """A name and a number."""
    assert conn.getSecurityModel() == (["none", "0"] if driver.family == "qemu" else ["testSecurity", ""])


def test_cpu_statistics(driver: Driver, conn: Any) -> None:
    """All CPUs have been busy at least as long as one; there are not more of them."""
    whole, one = conn.getCPUStats(-1), conn.getCPUStats(0)
    assert set(whole) == set(one) == {"kernel", "user", "idle", "iowait"}
    assert sum(whole.values()) >= sum(one.values())
    if driver.family == "qemu":
        error = (ARGUMENT, NONE, "Invalid cpuNum in virHostCPUGetStatsLinux")
        assert outcome(driver, lambda: conn.getCPUStats(conn.getInfo()[2])) == error


@pytest.mark.parametrize(
    ("method", "argument", "function"),
    [("getCPUStats", "cpuNum", "virNodeGetCPUStats"), ("getMemoryStats", "cellNum", "virNodeGetMemoryStats")],
)
def test_one_or_all(driver: Driver, conn: Any, method: str, argument: str, function: str) -> None:
    """A number below -1 means nothing."""
    message = f"{argument} in {function} only accepts -1 as a negative value"
    assert outcome(driver, lambda: getattr(conn, method)(-2)) == (ARGUMENT, DOMAIN, message)


def test_memory_statistics(driver: Driver, qemu: Any) -> None:
    """Of the host in four numbers, of a cell in two."""
    whole, cell = qemu.getMemoryStats(-1), qemu.getMemoryStats(0)
    assert set(whole) == {"total", "free", "buffers", "cached"}
    assert set(cell) == {"total", "free"}
    assert 0 < whole["free"] <= whole["total"] == cell["total"]
    message = "cellNum in virHostMemGetStats must be less than or equal to 0"
    assert outcome(driver, lambda: qemu.getMemoryStats(1)) == (ARGUMENT, NONE, message)


def test_cells(driver: Driver, conn: Any) -> None:
    """The free memory of each, from one on; there must be one to start with."""
    free = conn.getCellsFreeMemory(0, 99)
    assert len(free) == conn.getInfo()[4]
    assert conn.getCellsFreeMemory(0, 1) == free[:1] or driver.family == "qemu"
    error = (
        (INTERNAL, NONE, "internal error: start cell 9 out of range (0-0)")
        if driver.family == "qemu"
        else (ARGUMENT, TEST, "invalid argument: Range exceeds available cells")
    )
    assert outcome(driver, lambda: conn.getCellsFreeMemory(9, 1)) == error


def test_free_pages(driver: Driver, qemu: Any) -> None:
    """By cell and size in KiB; -1 is the whole host."""
    found = qemu.getFreePages([4, 2048], 0, 1)
    assert set(found) == {0}
    assert set(found[0]) == {4, 2048}
    assert found[0][4] * 4096 <= qemu.getInfo()[1] << 20
    assert set(qemu.getFreePages([4], -1, 1)) == {-1}
    error = (FAILED, NONE, "operation failed: page size 5 is not available on node 0")
    assert outcome(driver, lambda: qemu.getFreePages([5], 0, 1)) == error
    with pytest.raises(LookupError, match="cellCount must not be zero"):
        qemu.getFreePages([4], 0, 0)


@pytest.mark.parametrize(
    ("pages", "error"),
    [
        ({4: 1}, (84, NONE, "Operation not supported: system pages pool can't be modified")),
        ({5: 1}, (FAILED, NONE, "operation failed: page size 5 is not available on node 0")),
    ],
)
def test_pages_that_cannot_be_set_aside(
    driver: Driver, qemu: Any, pages: dict[int, int], error: tuple[int, int, str]
) -> None:
    """Ordinary ones, and those that the CPU does not have."""
    assert outcome(driver, lambda: qemu.allocPages(pages, 0, 1, 0)) == error


def test_memory_parameters(driver: Driver, qemu: Any) -> None:
    """Three can be set, the others are counts."""
    assert qemu.getMemoryParameters()["shm_pages_shared"] == 0
    assert qemu.setMemoryParameters({"shm_pages_to_scan": 100}) == 0
    assert qemu.getMemoryParameters()["shm_pages_to_scan"] == 100
    message = "argument unsupported: parameter 'shm_pages_shared' not supported"
    error = (74, NONE, message)
    assert outcome(driver, lambda: qemu.setMemoryParameters({"shm_pages_shared": 1})) == error
    with pytest.raises(LookupError, match='Attribute name "bogus" could not be recognized'):
        qemu.setMemoryParameters({"bogus": 1})


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (("suspendForDuration", 0, 60), (74, NONE, "argument unsupported: Suspend-to-RAM")),
        (("suspendForDuration", 1, 60), (74, NONE, "argument unsupported: Suspend-to-Disk")),
        (("suspendForDuration", 2, 60), (74, NONE, "argument unsupported: Hybrid-Suspend")),
        (("suspendForDuration", 7, 60), (ARGUMENT, NONE, "invalid argument: Invalid suspend target")),
        (("getSEVInfo",), (84, QEMU, "Operation not supported: QEMU does not support SEV guest")),
        (("getSysinfo",), (67, QEMU, "unsupported configuration: Host SMBIOS information is not available")),
        (("getMaxVcpus", "lxc"), (ARGUMENT, QEMU, "invalid argument: unknown type 'lxc'")),
        (
            ("setIdentity", {"bogus": "x"}),
            (74, NONE, "argument unsupported: parameter 'bogus' not supported"),
        ),
    ],
    ids=str,
)
def test_what_the_host_lacks(
    driver: Driver, qemu: Any, call: tuple[Any, ...], error: tuple[int, int, str]
) -> None:
    """The lab's host can neither sleep nor encrypt, and has no SMBIOS."""
    method, *arguments = call
    assert outcome(driver, lambda: getattr(qemu, method)(*arguments)) == error


@pytest.mark.parametrize("kind", [None, "qemu", "QEMU"])
def test_most_vcpus(driver: Driver, conn: Any, kind: str | None) -> None:
    """QEMU without KVM has 16, the test driver 32 of whatever."""
    assert conn.getMaxVcpus(kind) == (16 if driver.family == "qemu" else 32)


@pytest.mark.parametrize(
    ("arch", "first", "last", "number"),
    [
        ("x86_64", "486", "Dhyana", 58),
        ("i686", "486", "Dhyana", 58),
        ("ppc64", "POWER6", "POWERPC_e6500", 7),
        ("aarch64", None, None, 0),
        ("s390x", None, None, 0),
    ],
)
def test_model_names(conn: Any, arch: str, first: str | None, last: str | None, number: int) -> None:
    """libvirt's models, older ones first; none where QEMU's own are used."""
    names = conn.getCPUModelNames(arch)
    assert (len(names), *names[:1], *names[-1:]) == (number, *([first, last] if number else []))


def test_no_model_names(driver: Driver, conn: Any) -> None:
    """Of an architecture that there is not, or that libvirt knows no CPUs of."""
    error = (ARGUMENT, driver.source, "invalid argument: cannot find architecture bogus")
    assert outcome(driver, lambda: conn.getCPUModelNames("bogus")) == error
    message = (
        "this function is not supported by the connection driver: "
        "'mips' architecture is not supported by CPU driver"
    )
    assert outcome(driver, lambda: conn.getCPUModelNames("mips")) == (UNSUPPORTED, CPU, message)


# guests


@pytest.mark.parametrize("arch", ["x86_64", "i686", "aarch64", "mipsel"])
def test_every_machine_has_capabilities(qemu: Any, arch: str) -> None:
    """The document names what was asked for, a short name in full."""
    guests = ET.fromstring(qemu.getCapabilities()).findall("guest/arch")
    guest = next(each for each in guests if each.get("name") == arch)
    for machine in guest.findall("machine"):
        found = ET.fromstring(qemu.getDomainCapabilities(None, arch, machine.text, "qemu"))
        shown = [found.findtext(tag) for tag in ("path", "domain", "machine", "arch")]
        full = machine.get("canonical", machine.text)
        assert shown == [guest.findtext("emulator"), "qemu", full, arch]
        vcpu = found.find("vcpu")
        assert vcpu is not None
        assert vcpu.get("max") == machine.get("maxCpus")


def test_what_a_pc_can_have(qemu: Any) -> None:
    """All of it, in libvirt's order."""
    found = ET.fromstring(qemu.getDomainCapabilities(None, "x86_64", "pc", "qemu"))
    assert [each.tag for each in found] == (
        [
            "path",
            "domain",
            "machine",
            "arch",
            "vcpu",
            "iothreads",
            "os",
            "cpu",
            "memoryBacking",
            "devices",
            "features",
        ]
    )
    devices = found.find("devices")
    assert devices is not None
    assert [each.tag for each in devices] == (
        ["disk", "graphics", "video", "hostdev", "rng", "filesystem", "tpm", "redirdev", "channel"]
    )
    buses = devices.findall("disk/enum[@name='bus']/value")
    assert [each.text for each in buses] == ["ide", "fdc", "scsi", "virtio", "usb", "sata"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (
            (None, "x86_64", "bogus", "qemu"),
            (
                ARGUMENT,
                f"invalid argument: the machine 'bogus' is not supported by emulator '{_BINARY}'",
            ),
        ),
        ((None, "bogus", None, None), (ARGUMENT, "invalid argument: unknown architecture: bogus")),
        ((None, "x86_64", None, "bogus"), (ARGUMENT, "invalid argument: unknown virttype: bogus")),
        (
            (None, "x86_64", "pc", "kvm"),
            (
                ARGUMENT,
                f"invalid argument: the accel 'kvm' is not supported by '{_BINARY}' on this host",
            ),
        ),
        (
            (None, "ppc64", None, None),
            (67, "unsupported configuration: unable to find any emulator to serve 'ppc64' architecture"),
        ),
        (
            ("/nonexistent", None, None, None),
            (38, "Cannot check QEMU binary /nonexistent: No such file or directory"),
        ),
        (
            ("/usr/bin/qemu-system-mipsel", None, None, None),
            (
                ARGUMENT,
                "invalid argument: architecture from emulator 'mipsel' doesn't match given "  # noqa: ISC004
                "architecture 'x86_64'",
            ),
        ),
    ],
)
def test_no_such_guest(
    driver: Driver, qemu: Any, arguments: tuple[str | None, ...], error: tuple[int, str]
) -> None:
    """Each part is looked at."""
    code, message = error
    assert outcome(driver, lambda: qemu.getDomainCapabilities(*arguments)) == (code, QEMU, message)


# CPUs


def model(name: str, *features: str, arch: str = "x86_64", vendor: str = "") -> str:
    """Return the document of a host's CPU."""
    shown = f"<vendor>{vendor}</vendor>" if vendor else ""
    inner = "".join(f"<feature name='{feature}'/>" for feature in features)
    return f"<cpu><arch>{arch}</arch><model>{name}</model>{shown}{inner}</cpu>"


@pytest.mark.parametrize(
    ("cpus", "wanted", "fallback", "features"),
    [
        ([model("Nehalem")], "Nehalem", "forbid", []),
        ([model("Nehalem"), model("Penryn")], "Penryn", "allow", []),
        ([model("Nehalem", "aes")], "Nehalem", "forbid", [("require", "aes")]),
        ([model("Haswell"), model("IvyBridge", "fma")], "IvyBridge", "allow", None),
        ([model("EPYC"), model("Opteron_G3")], "Opteron_G2", "allow", None),
        ([model("qemu64"), model("kvm64")], "kvm64", "allow", None),
    ],
)
def test_baseline(
    conn: Any, cpus: list[str], wanted: str, fallback: str, features: list[tuple[str, str]] | None
) -> None:
    """The model that all can be, with what they share beyond it."""
    found = ET.fromstring(conn.baselineCPU(cpus, 0))
    shown = found.find("model")
    assert shown is not None
    assert (found.get("mode"), found.get("match")) == ("custom", "exact")
    if features is not None:
        assert (shown.text, shown.get("fallback")) == (wanted, fallback)
        assert [(each.get("policy"), each.get("name")) for each in found.findall("feature")] == features


def test_expanded_baseline(driver: Driver, conn: Any) -> None:
    """With all features of the model, in the alphabet's order."""
    flag = driver.constant("CONNECT_BASELINE_CPU_EXPAND_FEATURES")
    found = ET.fromstring(conn.baselineCPU([model("Penryn", "aes", vendor="Intel")], flag))
    names = [str(each.get("name")) for each in found.findall("feature")]
    assert names == sorted(names)
    assert {"aes", "ssse3", "lm"} <= set(names)
    assert found.findtext("vendor") == "Intel"


@pytest.mark.parametrize(
    ("cpus", "error"),
    [
        (["<foo/>"], (27, "XML error: XML does not contain expected 'cpu' element")),
        (["<cpu/>"], (27, "XML error: Missing CPU architecture")),
        (["<cpu><arch>x86_64</arch></cpu>"], (27, "XML error: Missing CPU model name")),
        ([model("bogus")], (INTERNAL, "internal error: Unknown CPU model bogus")),
        ([model("Nehalem", "bogus")], (INTERNAL, "internal error: Unknown CPU feature bogus")),
        ([model("Nehalem", "aes", "aes")], (27, "XML error: CPU feature 'aes' specified more than once")),
        (
            [model("Nehalem", arch="bogus")],
            (67, "unsupported configuration: Unknown architecture bogus"),
        ),
        ([model("Nehalem", vendor="Bogus")], (FAILED, "operation failed: Unknown CPU vendor Bogus")),
        (
            [model("Nehalem", vendor="Intel"), model("EPYC", vendor="AMD")],
            (FAILED, "operation failed: CPU vendors do not match"),
        ),
    ],
)
def test_faulty_baseline(driver: Driver, conn: Any, cpus: list[str], error: tuple[int, str]) -> None:
    """Refused by libvirt's CPU driver."""
    code, message = error
    assert outcome(driver, lambda: conn.baselineCPU(cpus, 0)) == (code, CPU, message)


def test_compare_with_itself(driver: Driver, qemu: Any) -> None:
    """A host's own CPU is identical; without a feature it is less; another vendor's does not fit."""
    host = ET.fromstring(qemu.getCapabilities()).find("host/cpu")
    assert host is not None
    own = ET.tostring(host, encoding="unicode")
    assert qemu.compareCPU(own) == driver.constant("CPU_COMPARE_IDENTICAL")
    plain = model(str(host.findtext("model")))
    assert qemu.compareCPU(plain) == driver.constant("CPU_COMPARE_SUPERSET")
    other = model(str(host.findtext("model")), vendor="Bogus")
    assert qemu.compareCPU(other) == driver.constant("CPU_COMPARE_INCOMPATIBLE")
    flag = driver.constant("CONNECT_COMPARE_CPU_FAIL_INCOMPATIBLE")
    message = (
        "the CPU is incompatible with host CPU: host CPU vendor does not match required CPU vendor Bogus"
    )
    assert outcome(driver, lambda: qemu.compareCPU(other, flag)) == (91, CPU, message)


@pytest.mark.parametrize("policy", ["force", "optional", "disable", "require", "forbid"])
def test_policies(driver: Driver, qemu: Any, policy: str) -> None:
    """Of a feature that no host has: it must not be required."""
    xml = f"<cpu match='exact'><model>486</model><feature policy='{policy}' name='cid'/></cpu>"
    fits = driver.constant("CPU_COMPARE_SUPERSET")
    never = driver.constant("CPU_COMPARE_INCOMPATIBLE")
    assert qemu.compareCPU(xml) == (never if policy == "require" else fits)


def test_compare_with_the_hypervisor(driver: Driver, qemu: Any) -> None:
    """QEMU's own CPU where there is no KVM, which lacks what a 486 has; it says only of x86."""
    fewer = "<cpu><model>486</model><feature policy='disable' name='vme'/></cpu>"
    assert qemu.compareHypervisorCPU(None, "x86_64", None, None, fewer) == 2
    assert qemu.compareHypervisorCPU(None, "x86_64", None, None, model("486")) == 0
    message = (
        "Operation not supported: QEMU '/usr/bin/qemu-system-aarch64' does not support reporting CPU model "
        "for virttype 'qemu'"
    )
    error = (84, QEMU, message)
    call = qemu.compareHypervisorCPU
    assert outcome(driver, lambda: call(None, "aarch64", None, None, model("486"))) == error


def test_baseline_of_the_hypervisor(qemu: Any) -> None:
    """A model that QEMU has."""
    found = ET.fromstring(qemu.baselineHypervisorCPU(None, None, None, None, [model("Penryn")]))
    assert found.findtext("model") == "Penryn"


_NATIVE = """<domain type='qemu'><name>vk-native</name><memory unit='MiB'>64</memory><vcpu>2</vcpu>
<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type><boot dev='hd'/></os><features><acpi/></features>
<devices>
<disk type='file' device='disk'><driver name='qemu' type='qcow2' cache='none'/><source file='/none/a.qcow2'/>
<target dev='vda' bus='virtio'/></disk></devices></domain>"""


def test_command_line(driver: Driver, qemu: Any) -> None:
    """What QEMU would be started with; the file need not be there."""
    words = shlex.split(qemu.domainXMLToNative("qemu-argv", _NATIVE))
    assert words[0] == "LC_ALL=C"
    start = words.index("/usr/bin/qemu-system-x86_64")
    assert all("=" in word for word in words[:start])
    options = words[start + 1 :]
    first = {name: options[options.index(name) + 1] for name in ("-name", "-machine", "-m", "-smp", "-cpu")}
    assert first == {
        "-name": "guest=vk-native,debug-threads=on",
        "-machine": "pc-q35-7.2,usb=off,dump-guest-core=off,memory-backend=pc.ram",
        "-m": "64",
        "-smp": "2,sockets=2,cores=1,threads=1",
        "-cpu": "qemu64",
    }
    devices = [json.loads(value) for name, value in pairwise(options) if name == "-device"]
    found = [device for device in devices if device["driver"] == "virtio-blk-pci"]
    assert [(each["drive"], each["id"], each["bootindex"], each["write-cache"]) for each in found] == [
        ("libvirt-1-format", "virtio-disk0", 1, "on")
    ]
    message = "invalid argument: unsupported config type vmx"
    assert outcome(driver, lambda: qemu.domainXMLToNative("vmx", _NATIVE)) == (8, QEMU, message)


@pytest.mark.parametrize(
    ("method", "arguments", "function"),
    [
        ("getDomainCapabilities", (), "virConnectGetDomainCapabilities"),
        ("compareCPU", ("<cpu/>",), "virConnectCompareCPU"),
        ("getMemoryStats", (0,), "virNodeGetMemoryStats"),
        ("getMemoryParameters", (), "virNodeGetMemoryParameters"),
        ("getSEVInfo", (), "virNodeGetSEVInfo"),
        ("domainXMLToNative", ("qemu-argv", "<domain/>"), "virConnectDomainXMLToNative"),
        ("suspendForDuration", (0, 60), "virNodeSuspendForDuration"),
    ],
)
def test_what_the_test_driver_lacks(
    driver: Driver, conn: Any, method: str, arguments: tuple[Any, ...], function: str
) -> None:
    """It says so of each call."""
    if driver.family == "qemu":
        pytest.skip("QEMU's driver has it")
    message = f"this function is not supported by the connection driver: {function}"
    assert outcome(driver, lambda: getattr(conn, method)(*arguments)) == (UNSUPPORTED, DOMAIN, message)
