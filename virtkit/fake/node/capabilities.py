"""The capabilities document of a fake host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.node import emulators, models
from virtkit.fake.state.printing import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from virtkit.fake.host import Host
    from virtkit.fake.node.emulators import Guest, Machine

_PAGES = (4, 2048, 1048576)
_ACCELERATED = {"x86_64": ("x86_64", "i686"), "aarch64": ("aarch64", "armv7l")}
_MIGRATION = """\
<migration_features>
  <live/>
  <uri_transports>
    <uri_transport>tcp</uri_transport>
    <uri_transport>rdma</uri_transport>
  </uri_transports>
</migration_features>"""
_SECURITY = """\
<secmodel>
  <model>none</model>
  <doi>0</doi>
</secmodel>
<secmodel>
  <model>dac</model>
  <doi>0</doi>
  <baselabel type='kvm'>+0:+0</baselabel>
  <baselabel type='qemu'>+0:+0</baselabel>
</secmodel>"""
_CONTAINERS = """
  <guest>
    <os_type>exe</os_type>
    <arch name='x86_64'>
      <wordsize>64</wordsize>
      <emulator>/usr/lib/libvirt/libvirt_lxc</emulator>
      <domain type='lxc'/>
    </arch>
  </guest>
"""


def capabilities(host: Host) -> str:
    """Return the capabilities of *host*."""
    if host.personality.name == "test":
        from virtkit.fake.testcapabilities import CAPABILITIES

        if host.test_node is None:
            return CAPABILITIES
        start, end = CAPABILITIES.index("<cells"), CAPABILITIES.index("</cells>")
        return f"{CAPABILITIES[:start]}<cells num='0'>\n      {CAPABILITIES[end:]}"
    lines = ["<capabilities>", "", "  <host>", *_indented(_host(host), 4), "  </host>", ""]
    for guest in emulators.guests().values():
        kinds = ["qemu", "kvm"] if accelerated(host, guest.arch) else ["qemu"]
        lines += ["  <guest>", *_indented(_guest(guest, kinds), 4), "  </guest>", ""]
    return "\n".join(lines) + _CONTAINERS + "\n</capabilities>\n"


def accelerated(host: Host, arch: str) -> bool:
    """Return whether guests of *arch* can use KVM on *host*."""
    return host.kvm and arch in _ACCELERATED.get(host.arch, ())


def _indented(lines: Iterable[str], by: int) -> list[str]:
    return [" " * by + line for line in lines]


def _host(host: Host) -> Iterator[str]:
    yield f"<uuid>{host.uuid}</uuid>"
    yield "<cpu>"
    yield from _indented(_cpu(host), 2)
    yield "</cpu>"
    if host.suspends:
        yield from ("<power_management>", *(f"  <{each}/>" for each in host.suspends), "</power_management>")
    else:
        yield "<power_management/>"
    yield f"<iommu support='{'yes' if host.iommu else 'no'}'/>"
    yield from _MIGRATION.splitlines()
    yield "<topology>"
    cells = host.numa_cells()
    yield f"  <cells num='{len(cells)}'>"
    for number, cell in enumerate(cells):
        yield f"    <cell id='{number}'>"
        yield from _indented(_cell(host, cell.memory, cell.cpus, cell.distances, number), 6)
        yield "    </cell>"
    yield from ("  </cells>", "</topology>")
    yield from _SECURITY.splitlines()


def _cpu(host: Host) -> Iterator[str]:
    sockets, cores, threads = host.topology()
    model = models.models().get(host.cpu_model)
    vendor = host.cpu_vendor or (None if model is None else model.vendor)
    yield f"<arch>{host.arch}</arch>"
    yield f"<model>{quote(host.cpu_model)}</model>"
    if vendor is not None:
        yield f"<vendor>{quote(vendor)}</vendor>"
    yield f"<topology sockets='{sockets}' dies='1' cores='{cores}' threads='{threads}'/>"
    yield from (f"<feature name='{quote(name)}'/>" for name in host.cpu_features)
    yield from (f"<pages unit='KiB' size='{size}'/>" for size in _PAGES)


def _cell(host: Host, memory: int, cpus: list[int], distances: list[int], number: int) -> Iterator[str]:
    yield f"<memory unit='KiB'>{memory}</memory>"
    count = len(host.numa_cells())
    pools = {size: host.pages.get(size, 0) // count for size in _PAGES[1:]}
    small = (memory - sum(size * pages for size, pages in pools.items())) // _PAGES[0]
    for size, pages in {_PAGES[0]: small, **pools}.items():
        yield f"<pages unit='KiB' size='{size}'>{pages}</pages>"
    yield "<distances>"
    yield from (f"  <sibling id='{other}' value='{far}'/>" for other, far in enumerate(distances))
    yield "</distances>"
    yield f"<cpus num='{len(cpus)}'>"
    yield from (f"  {_thread(host, cpu)}" for cpu in cpus)
    yield "</cpus>"


def _thread(host: Host, cpu: int) -> str:
    _, cores, threads = host.topology()
    core = cpu // threads
    siblings = str(cpu) if threads == 1 else f"{core * threads}-{core * threads + threads - 1}"
    place = f"socket_id='{core // cores}' die_id='0' core_id='{core % cores}'"
    return f"<cpu id='{cpu}' {place} siblings='{siblings}'/>"


def _guest(guest: Guest, kinds: list[str]) -> Iterator[str]:
    yield "<os_type>hvm</os_type>"
    yield f"<arch name='{guest.arch}'>"
    yield f"  <wordsize>{guest.wordsize}</wordsize>"
    yield f"  <emulator>{guest.emulator}</emulator>"
    yield from (f"  {_machine(each)}" for each in guest.machines)
    yield from (f"  <domain type='{kind}'/>" for kind in kinds)
    yield "</arch>"
    yield from ("<features>", *(f"  {each}" for each in guest.features), "</features>")


def _machine(machine: Machine) -> str:
    full = f" canonical='{machine.canonical}'" if machine.canonical else ""
    old = " deprecated='yes'" if machine.deprecated else ""
    return f"<machine{full} maxCpus='{machine.cpus}'{old}>{machine.name}</machine>"
