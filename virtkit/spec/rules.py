"""What must hold between the parts of a domain, so that libvirt can take it."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from virtkit.errors import ParseError
from virtkit.spec.completion import surroundings
from virtkit.spec.devices.base import Device
from virtkit.spec.devices.disk import PREFIXES
from virtkit.spec.surroundings import WITH_DRIVERS, Surroundings
from virtkit.units import format_size

if TYPE_CHECKING:
    from virtkit.spec.domain import DomainSpec

Found = Iterator[tuple[str, str]]


def domain_rules(spec: "DomainSpec") -> Found:
    """Yield the path and message of everything about *spec* that does not go together."""
    around = surroundings(spec)
    yield from _kind(spec, around)
    yield from _container(spec) if around.container else _machine(spec, around)
    yield from _memory(spec)
    yield from _numa(spec)
    yield from _targets(spec)
    yield from _cpus(spec)
    yield from _twice(spec, "disks", "target", "target")
    yield from _formats(spec)
    yield from _boot_orders(spec)
    yield from _twice(spec, "interfaces", "mac", "MAC")
    yield from _overlay(spec)


def _kind(spec: "DomainSpec", around: Surroundings) -> Found:
    if spec.os_type == "exe" and spec.type not in {"lxc", "openvz", "auto", "test"}:
        yield "os_type", f"exe is a container, which {spec.type} does not run: use type: lxc"
    if around.container and around.os_type != "exe":
        yield "os_type", f"{spec.type} runs containers, not {spec.os_type}: leave os_type out"
    if around.os_type in {"linux", "xen", "xenpvh"}:
        boot = spec.boot
        if spec.machine not in {None, "xenpv", "xenpvh", "xenfv"}:
            yield "machine", f"a guest of os_type {spec.os_type} is no {spec.machine}: leave it out"
        if not around.x86:
            yield "arch", f"a guest of os_type {spec.os_type} is x86_64 or i686: leave it out"
        if spec.type not in {"xen", "auto", "test"}:  # then a kernel is not what is missing
            yield "os_type", f"{spec.os_type} is a paravirtual guest of Xen, not of {spec.type}: use hvm"
        elif boot is None or (boot.kernel is None and boot.bootloader is None):
            yield (
                "boot.kernel",
                f"a guest of os_type {spec.os_type} needs a kernel, or a bootloader such as pygrub",
            )
        elif boot.firmware or boot.order or boot.loader:
            yield (
                "boot",
                f"a guest of os_type {spec.os_type} has no firmware: it boots its kernel or bootloader",
            )


def _container(spec: "DomainSpec") -> Found:
    boot = spec.boot
    for name in ("firmware", "loader", "kernel", "initrd", "cmdline", "dtb", "order", "nvram", "bootloader"):
        if boot is not None and getattr(boot, name):
            remedy = "a container has no boot of its own: it runs boot.init (/sbin/init if none)"
            yield f"boot.{name}", remedy
    for name, value in spec.__dict__.items():
        devices = value if isinstance(value, list) else [value]
        if any(isinstance(device, Device) and not device.in_containers for device in devices):
            remedy = "use filesystems" if name == "disks" else "leave it out"
            yield name, f"a container has no {name}: {remedy}"
    if spec.machine is not None:
        yield "machine", "a container is no machine: leave it out"
    if spec.cpu is not None:
        yield "cpu", "a container sees the host's CPU: leave it out"
    if spec.agent:
        yield "agent", "a container has no channel for a guest agent: leave it out"
    for index, filesystem in enumerate(spec.filesystems):
        if filesystem.driver == "virtiofs":
            yield (
                f"filesystems[{index}].driver",
                "a container does not need virtiofs: it mounts the folder itself",
            )
        if not filesystem.target.startswith("/"):
            yield (
                f"filesystems[{index}].target",
                f"{filesystem.target!r} must be an absolute path in the container",
            )


def _machine(spec: "DomainSpec", around: Surroundings) -> Found:
    boot = spec.boot
    if boot is not None:
        for name in ("init", "init_args", "init_env", "init_dir", "init_user", "init_group"):
            if getattr(boot, name):
                yield (
                    f"boot.{name}",
                    "only containers have it: use type: lxc, or boot.kernel and boot.cmdline",
                )
        if boot.secure and around.x86 and spec.machine is not None and not around.q35:
            yield "machine", f"secure boot needs q35, not {spec.machine}"
    for index, interface in enumerate(spec.interfaces):
        if interface.guest_dev is not None:
            yield f"interfaces[{index}].guest_dev", "only containers have it"
    backing = spec.memory_backing
    for index, filesystem in enumerate(spec.filesystems):
        driver = filesystem.complete(around).driver
        if driver == "virtiofs" and backing is not None and backing.access == "private":
            yield (
                "memory_backing.access",
                f"filesystems[{index}] is virtiofs, which needs shared memory: leave access out",
            )


def _memory(spec: "DomainSpec") -> Found:
    if spec.current_memory is not None and spec.current_memory > spec.memory:
        now, most = format_size(spec.current_memory), format_size(spec.memory)
        yield "current_memory", f"{now} is more than memory, which is {most}: raise memory"


def _numa(spec: "DomainSpec") -> Found:
    if not spec.numa:
        return
    total = sum(cell.memory for cell in spec.numa)
    plugged = sum(module.size for module in spec.memory_modules)
    if spec.defaults and spec.memory not in {
        total,
        total + plugged,
    }:  # libvirt counts the modules in, when it shows the domain
        yield (
            "numa",
            f"the cells' memory is {format_size(total)} in all, but memory is {format_size(spec.memory)}",
        )
    ids = [index if cell.id is None else cell.id for index, cell in enumerate(spec.numa)]
    if sorted(ids) != list(range(len(ids))):
        yield "numa", f"the cells' ids are {', '.join(map(str, ids))}: number them from 0 without a gap"
    used: Counter[int] = Counter()
    for index, cell in enumerate(spec.numa):
        cpus = numbers(cell.cpus or "")
        used.update(cpus)
        if cpus and max(cpus) >= spec.vcpus.count:
            yield f"numa[{index}].cpus", f"CPU {max(cpus)} is not there: vcpus is {spec.vcpus.count}"
    twice = sorted(cpu for cpu, times in used.items() if times > 1)
    if twice:
        yield "numa", f"CPU {twice[0]} is in two cells"


def numbers(text: str) -> set[int]:
    """Return the numbers of a set such as ``0-3,8,^2``."""
    found: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.lstrip("^").partition("-")
        span = range(int(first), min(int(last or first), int(first) + 65536) + 1)
        found = found - set(span) if part.startswith("^") else found | set(span)
    return found


def _cpus(spec: "DomainSpec") -> Found:
    vcpus, tune = spec.vcpus, spec.cputune
    if tune is not None:
        for cpu in tune.vcpupin:
            if cpu >= vcpus.count:
                yield f"cputune.vcpupin.{cpu}", f"virtual CPU {cpu} is not there: vcpus is {vcpus.count}"
        for thread in tune.iothreadpin:
            if thread > (spec.iothreads or 0):
                yield f"cputune.iothreadpin.{thread}", _no_thread(thread, spec)
    for index, disk in enumerate(spec.disks):
        if disk.iothread is not None and disk.iothread > (spec.iothreads or 0):
            yield f"disks[{index}].iothread", _no_thread(disk.iothread, spec)
    for index, controller in enumerate(spec.controllers):
        if controller.iothread is not None and controller.iothread > (spec.iothreads or 0):
            yield f"controllers[{index}].iothread", _no_thread(controller.iothread, spec)


def _no_thread(thread: int, spec: "DomainSpec") -> str:
    return (
        f"I/O thread {thread} is not there: set iothreads to {thread} or more (it is {spec.iothreads or 0})"
    )


def _twice(spec: "DomainSpec", field: str, key: str, what: str) -> Found:
    """Yield the devices of *field* whose *key* another one has already."""
    first: dict[str, int] = {}
    for index, device in enumerate(getattr(spec, field)):
        value = getattr(device, key)
        if value in first:
            yield f"{field}[{index}].{key}", f"{value} is the {what} of {field}[{first[value]}] already"
        elif value is not None:
            first[value] = index


def _formats(spec: "DomainSpec") -> Found:
    if spec.type not in WITH_DRIVERS:
        return
    for index, disk in enumerate(spec.disks):
        named = disk.source or disk.volume or disk.name
        if named and disk.known_format is None:
            yield f"disks[{index}].format", f"the name of {named!r} does not tell it: state qcow2 or raw"


def _targets(spec: "DomainSpec") -> Found:
    """A name of another bus is refused, but where all is left to libvirt, which does not mind."""
    for index, disk in enumerate(spec.disks if spec.defaults else ()):
        target, bus = disk.target, disk.bus
        if bus and target and not target.startswith((PREFIXES[bus], "ioemu:")):
            message = f"{target} is not on bus {bus}, whose targets begin with {PREFIXES[bus]}"
            yield f"disks[{index}].target", message


def _boot_orders(spec: "DomainSpec") -> Found:
    first: dict[int, str] = {}
    for field in ("disks", "interfaces", "hostdevs"):
        for index, device in enumerate(getattr(spec, field)):
            order = device.boot_order
            if order in first:
                yield f"{field}[{index}].boot_order", f"{order} is the boot_order of {first[order]} already"
            elif order is not None:
                first[order] = f"{field}[{index}]"
    if first and spec.boot is not None and spec.boot.order:
        yield "boot.order", f"{next(iter(first.values()))} has a boot_order: give either that or boot.order"


def _overlay(spec: "DomainSpec") -> Found:
    if spec.xml is None:
        return
    from virtkit.tree import parse

    try:
        root = parse(spec.xml, "the overlay")
    except ParseError as error:
        yield "xml", str(error)
    else:
        if root.tag != "domain":
            yield (
                "xml",
                f"its root is <{root.tag!s}>: put what is merged into <domain>...</domain>",
            )
