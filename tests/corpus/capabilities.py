"""The capabilities that libvirt's tests give each of their domains, read from its source."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from virtkit.fake.fill.emulator import Emulator

if TYPE_CHECKING:
    from pathlib import Path

_FILES, _CHANNELS = "/tmp/lib", "/tmp/channel"  # where the tests' libvirt keeps what it makes
_HEADER = re.compile(r"^\s*(X_)?(QEMU_CAPS_\w+),", re.MULTILINE)
_STRINGS = re.compile(r'"([^"]+)"')
_BINARIES = {"i686": "i386", "armv7l": "arm", "armv6l": "arm", "ppc64le": "ppc64"}
# the machines that the tests make up where they do not read a real QEMU's capabilities
_FAKE_MACHINES = {
    "i686": "pc", "x86_64": "pc q35", "aarch64": "virt virt-2.6 versatilepb", "armv7l": "vexpress-a9 virt",
    "ppc64": "pseries", "ppc": "ppce500", "riscv32": "virt", "riscv64": "virt", "s390x": "s390-ccw-virtio",
    "sparc": "SS-5",
}  # fmt: skip


@lru_cache
def flag_names(source: Path) -> dict[str, str]:
    """Return what each ``QEMU_CAPS_*`` is called in a capabilities file."""
    header = (source / "src/qemu/qemu_capabilities.h").read_text()
    header = header[header.index("grouping marker for syntax-check") :]
    names = [name for _, name in _HEADER.findall(header)]
    code = (source / "src/qemu/qemu_capabilities.c").read_text()
    code = re.sub(r"/\*.*?\*/", "", code[code.index("VIR_ENUM_IMPL(virQEMUCaps,") :], flags=re.DOTALL)
    strings = _STRINGS.findall(code[: code.index(");")])
    return dict(zip(names, strings, strict=False))


def fake(source: Path, arch: str, flags: list[str], gic: frozenset[str]) -> Emulator:
    """Return an emulator that has *flags* (``QEMU_CAPS_*``) and nothing else."""
    names = flag_names(source)
    machines = _FAKE_MACHINES.get(arch, "").split()
    return Emulator(
        flags=frozenset(names[flag] for flag in flags),
        aliases={},
        default_machine=machines[0] if machines else "",
        cpus={},
        gic=gic,
        files=_FILES,
        channels=_CHANNELS,
    )


@lru_cache
def real(source: Path, arch: str, version: str) -> Emulator:
    """Return the emulator that a capabilities file of the tests describes."""
    folder = source / "tests/qemucapabilitiesdata"
    if version == "latest":
        files = folder.glob(f"caps_*.{arch}.xml")
        path = max(files, key=lambda file: [int(each) for each in re.findall(r"\d+", file.name)[:3]])
    else:
        path = folder / f"caps_{version}.{arch}.xml"
    root = etree.parse(path).getroot()
    aliases: dict[str, str] = {}
    cpus: dict[tuple[str, str], str] = {}
    default = ""
    for machine in root.iterfind("machine"):
        name, alias = machine.get("name", ""), machine.get("alias")
        if alias and version != "latest":
            aliases[alias] = name
        if machine.get("default") == "yes":
            default = name
        cpu = _cpu_name(root, machine.get("defaultCPU", ""))
        for each in {name, alias or name}:
            cpus[machine.get("type", ""), each] = cpu
    flags = frozenset(flag.get("name", "") for flag in root.iterfind("flag"))
    gic = frozenset(each.get("version", "") for each in root.iterfind("gic") if each.get("kernel") == "yes")
    return Emulator(flags, aliases, default, cpus, gic, files=_FILES, channels=_CHANNELS)


def _cpu_name(root: etree._Element, kind: str) -> str:
    """Return the model whose QEMU type is *kind*."""
    for cpu in root.iterfind("cpu"):
        if cpu.get("typename") == kind:
            return cpu.get("name", "")
    return ""


def binary(arch: str) -> str:
    """Return where the tests have the emulator of *arch*."""
    return f"/usr/bin/qemu-system-{_BINARIES.get(arch, arch)}"
