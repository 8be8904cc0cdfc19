"""What a spec refuses: each problem with its path and its remedy, all of them at once."""

import pickle
from typing import Any

import pytest

from virtkit.errors import SpecError
from virtkit.spec import DomainSpec
from virtkit.spec.devices import KINDS

BASE: dict[str, Any] = {"name": "web1", "memory": "2GiB"}
DISK = "/srv/a.qcow2"

# What is written over BASE, the path of the problem, and words of its message.
XEN = {"kernel": "/vmlinuz"}
CASES: list[tuple[dict[str, Any], str, str]] = [
    ({"nmae": 1}, "nmae", 'did you mean "name"'),
    ({"vcpu": 2}, "vcpu", 'did you mean "vcpus"'),
    ({"os": {}}, "os", 'did you mean "boot"'),
    ({"disks": [DISK, {"source": DISK, "cahce": "none"}]}, "disks[1].cahce", 'did you mean "cache"'),
    ({"disks": [{"file": DISK}]}, "disks[0].file", 'did you mean "source"'),
    ({"name": "a/b"}, "name", "'/'"),
    ({"name": "a\nb"}, "name", "line break"),
    ({"name": ""}, "name", "empty"),
    ({"name": 1}, "name", "quotes"),
    ({"name": "a\0"}, "name", "U+0000"),
    ({"description": "a\x1b"}, "description", "U+001B"),
    ({"title": "\ufffe"}, "title", "U+FFFE"),
    ({"description": "\ud800"}, "description", "U+D800"),
    ({"metadata": {"a": "\x01"}}, "metadata.a", "U+0001"),
    ({"memory": 2048}, "memory", 'did you mean "2048MiB"'),
    ({"memory": "2048"}, "memory", 'did you mean "2048MiB"'),
    ({"memory": "2 apples"}, "memory", "unit"),
    ({"memory": True}, "memory", "not a size"),
    ({"current_memory": "4GiB"}, "current_memory", "raise memory"),
    ({"uuid": "x"}, "uuid", "not a UUID"),
    ({"vcpus": "x"}, "vcpus.maximum", "must be a whole number, not 'x'"),
    ({"iothreads": 1.5}, "iothreads", "must be a whole number, not 1.5"),
    ({"agent": "x"}, "agent", "must be true or false, not 'x'"),
    ({"vcpus": 0}, "vcpus.maximum", "greater than or equal to 1"),
    ({"vcpus": {"maximum": 2, "current": 4}}, "vcpus.current", "more than the maximum"),
    ({"vcpus": {"maximum": 3, "topology": {"cores": 2}}}, "vcpus.topology", "makes 2 CPUs"),
    ({"vcpus": {"cpuset": "a-b"}}, "vcpus.cpuset", "set of numbers"),
    ({"vcpus": {"cpuset": "3-1"}}, "vcpus.cpuset", "below its start"),
    ({"cputune": {"vcpupin": {4: "1"}}}, "cputune.vcpupin.4", "vcpus is 1"),
    ({"disks": {"source": DISK, "iothread": 1}}, "disks[0].iothread", "set iothreads to 1"),
    ({"numa": [{"memory": "1GiB"}]}, "numa", "memory is 2GiB"),
    ({"numa": [{"memory": "2GiB", "cpus": "0-1"}]}, "numa[0].cpus", "CPU 1 is not there"),
    ({"cpu": {"mode": "custom"}}, "cpu.model", "required"),
    ({"cpu": {"features": [{"name": "vmx"}]}}, "cpu.features", "mapping"),
    ({"features": [["acpi"]]}, "features", "mapping"),
    ({"boot": {"secure": True}}, "boot.secure", "set firmware: efi"),
    ({"boot": {"firmware": "efi", "secure": True}, "machine": "pc"}, "machine", "q35"),
    ({"boot": {"cmdline": "quiet"}}, "boot.cmdline", "set kernel"),
    ({"boot": {"init": "/bin/sh"}}, "boot.init", "type: lxc"),
    ({"boot": {"kernel": "vmlinuz"}}, "boot.kernel", "absolute path"),
    ({"type": "lxc", "boot": {"kernel": "/vmlinuz"}}, "boot.kernel", "boot.init"),
    ({"type": "lxc", "boot": "efi"}, "boot.firmware", "boot.init"),
    ({"type": "lxc", "disks": DISK}, "disks", "use filesystems"),
    ({"type": "lxc", "graphics": "vnc"}, "graphics", "leave it out"),
    ({"type": "lxc", "machine": "pc"}, "machine", "leave it out"),
    ({"type": "xen", "os_type": "linux", "boot": XEN, "machine": "pc"}, "machine", "leave it out"),
    ({"type": "xen", "os_type": "linux", "boot": XEN, "arch": "aarch64"}, "arch", "x86_64"),
    ({"type": "lxc", "os_type": "hvm"}, "os_type", "containers"),
    ({"type": "kvm", "os_type": "linux"}, "os_type", "Xen"),
    ({"type": "xen", "os_type": "linux"}, "boot.kernel", "bootloader"),
    ({"type": "lcx"}, "type", 'did you mean "lxc"'),
    ({"disks": ["a.qcow2"]}, "disks[0].source", "absolute path"),
    ({"disks": ["/srv/a"]}, "disks[0].format", "qcow2 or raw"),
    ({"disks": [{}]}, "disks[0].source", "required"),
    ({"disks": [{"source": DISK, "target": "vda"}] * 2}, "disks[1].target", "disks[0]"),
    ({"disks": [{"source": DISK, "boot_order": 1}] * 2}, "disks[1].boot_order", "disks[0]"),
    ({"disks": {"source": DISK, "boot_order": 1}, "boot": {"order": "hd"}}, "boot.order", "either"),
    ({"disks": {"source": DISK, "bus": "sata", "target": "vda"}}, "disks[0].target", "begin with sd"),
    ({"disks": {"source": DISK, "device": "cdrom", "bus": "virtio"}}, "disks[0].bus", "use sata"),
    ({"disks": {"source": DISK, "device": "lun"}}, "disks[0].device", "block device"),
    ({"disks": {"pool": "default"}}, "disks[0].volume", "required"),
    ({"disks": {"source": DISK, "pool": "default", "volume": "a.raw"}}, "disks[0].pool", "one of them"),
    ({"disks": {"protocol": "rbd"}}, "disks[0].name", "required"),
    ({"interfaces": {}}, "interfaces[0].network", "bridge"),
    ({"interfaces": {"network": "a", "bridge": "b"}}, "interfaces[0].bridge", "type network"),
    ({"interfaces": {"network": "a", "mac": "52:54:00:00:00"}}, "interfaces[0].mac", "MAC"),
    ({"interfaces": {"network": "a", "mac": "53:54:00:00:00:01"}}, "interfaces[0].mac", "multicast"),
    (
        {"interfaces": [{"network": "a", "mac": "52:54:00:00:00:01"}] * 2},
        "interfaces[1].mac",
        "interfaces[0]",
    ),
    ({"graphics": {"type": "vnc", "password": "123456789"}}, "graphics[0].password", "8 characters"),
    ({"graphics": "vcn"}, "graphics[0].type", 'did you mean "vnc"'),
    ({"serial": {"type": "file"}}, "serial[0].path", "required"),
    ({"filesystems": {"target": "a"}}, "filesystems[0].source", "required"),
    (
        {"filesystems": {"source": "/a", "target": "a"}, "memory_backing": {"access": "private"}},
        "memory_backing.access",
        "shared",
    ),
    ({"features": {"hyperv": {"stimer": True}}}, "features.hyperv.stimer", "set synic"),
    ({"clock": {"offset": "timezone"}}, "clock.timezone", "required"),
    ({"hostdevs": "6:0"}, "hostdevs[0].pci", "PCI address"),
    ({"shmem": {"name": "a", "size": "3MiB"}}, "shmem[0].size", "power of two"),
    ({"xml": "<domain>"}, "xml", "overlay"),
    ({"xml": "<disk/>"}, "xml", "<domain>"),
]


@pytest.mark.parametrize(
    ("fields", "path", "words"), CASES, ids=[f"{path}: {words}" for _, path, words in CASES]
)
def test_a_problem_has_its_path_and_its_remedy(fields: dict[str, Any], path: str, words: str) -> None:
    """One wrong thing is one problem, and its message says what to do."""
    with pytest.raises(SpecError) as caught:
        DomainSpec(**(BASE | fields))
    assert [problem.path for problem in caught.value.problems] == [path]
    assert words in caught.value.problems[0].message


def test_all_problems_at_once() -> None:
    """Wrong types, unknown keys, and what does not go together, in one error."""
    with pytest.raises(SpecError) as caught:
        DomainSpec(
            name="a/b", memory=2048, vcpu=2, disks={"bus": "virito"}, boot={"secure": True}, graphics=[1]
        )
    assert {problem.path for problem in caught.value.problems} >= {
        "name",
        "memory",
        "vcpu",
        "disks[0].bus",
        "boot.secure",
        "graphics[0].type",
    }
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems


def test_a_yaml_problem_has_its_line() -> None:
    """Of the key that is wrong, or of the place where YAML ends."""
    with pytest.raises(SpecError) as caught:
        DomainSpec.from_yaml("name: web1\nmemory: 2GiB\ndisks:\n  - source: /a.qcow2\n    cache: nonne\n")
    assert [(problem.path, problem.line) for problem in caught.value.problems] == [("disks[0].cache", 5)]
    for text in (
        "name: [",
        "a: b: c",
        "\0",
        "- a",
        "",
        "name: web1\nname: web2\nmemory: 1GiB",
        "!!python/name:os.system x",
    ):
        with pytest.raises(SpecError):
            DomainSpec.from_yaml(text)


@pytest.mark.parametrize(
    ("text", "what"), [("", "empty"), ("# nothing\n", "empty"), ("- a", "a list"), ("web1", "text")]
)
def test_a_document_that_is_no_mapping(text: str, what: str) -> None:
    """It is said what it is, in words, and what a spec looks like."""
    with pytest.raises(SpecError, match=f"^the document is {what}: a spec is a mapping .*'name: web1'"):
        DomainSpec.from_yaml(text)


def test_yaml_is_of_version_1_2() -> None:
    """So that on, off, yes and no are words, and an octal number is none."""
    spec = DomainSpec.from_yaml("name: 'off'\nmemory: 2GiB\nmetadata: {state: on}\nagent: off\n")
    assert (spec.name, spec.metadata, spec.agent) == ("off", {"state": "on"}, False)


def test_an_assignment_is_checked_like_an_argument() -> None:
    """It parses sizes and refuses nonsense, and the old value stays."""
    spec = DomainSpec(**BASE)
    spec.memory = "4GiB"  # what people write
    assert spec.memory == 4 * 2**30
    with pytest.raises(SpecError, match="2048MiB"):
        spec.memory = 2048
    with pytest.raises(SpecError, match="did you mean"):
        spec.memroy = 1
    assert spec.memory == 4 * 2**30
    spec.current_memory = 8 * 2**30
    with pytest.raises(SpecError, match="raise memory"):
        spec.verify()


def test_a_password_is_not_shown() -> None:
    """Neither in repr nor in a message; to_dict and YAML have it, as they must."""
    spec = DomainSpec(**BASE, graphics={"type": "spice", "password": "topsecret"})
    assert "topsecret" not in repr(spec)
    assert "********" in repr(spec)
    assert "topsecret" in spec.to_yaml()
    with pytest.raises(SpecError) as caught:
        DomainSpec(**BASE, graphics={"type": "vnc", "password": "topsecret"})
    assert "topsecret" not in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_device_alone_is_checked_too(kind: str) -> None:
    """With a SpecError that names the kind of device."""
    with pytest.raises(SpecError, match="unknown key"):
        KINDS[kind](nonsense=1)


def test_yaml_without_a_bottom() -> None:
    """A SpecError, whatever its depth does to the parser."""
    with pytest.raises(SpecError, match="nested too deeply"):
        DomainSpec.from_yaml("[" * 5000)
