"""What a fake host says it can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake.state.printing import quote

if TYPE_CHECKING:
    from virtkit.fake.host import Host

_X86_MACHINES = (
    "pc-i440fx-7.2", "pc-i440fx-7.1", "pc-i440fx-6.2", "pc-q35-7.2", "pc-q35-7.1", "pc-q35-6.2", "microvm",
    "isapc",
)  # fmt: skip
# os type, arch, word size, emulator, domain types, machines with their canonical names
_GUESTS = (
    ("hvm", "x86_64", 64, "/usr/bin/qemu-system-x86_64", ("qemu", "kvm"), _X86_MACHINES),
    ("hvm", "i686", 32, "/usr/bin/qemu-system-i386", ("qemu", "kvm"), _X86_MACHINES),
    ("hvm", "aarch64", 64, "/usr/bin/qemu-system-aarch64", ("qemu",), ("virt-7.2", "virt-7.1", "raspi3b")),
    ("hvm", "mipsel", 32, "/usr/bin/qemu-system-mipsel", ("qemu",), ("malta", "mipssim")),
    ("exe", "x86_64", 64, "/usr/lib/libvirt/libvirt_lxc", ("lxc",), ()),
)
_ALIASES = {"pc": "pc-i440fx-7.2", "q35": "pc-q35-7.2", "virt": "virt-7.2"}
_HEAD = """\
<capabilities>

  <host>
    <uuid>{uuid}</uuid>
    <cpu>
      <arch>x86_64</arch>
      <model>Skylake-Client-IBRS</model>
      <vendor>Intel</vendor>
      <topology sockets='1' dies='1' cores='{cores}' threads='{threads}'/>
      <feature name='vmx'/>
      <feature name='hypervisor'/>
      <feature name='invtsc'/>
      <pages unit='KiB' size='4'/>
      <pages unit='KiB' size='2048'/>
      <pages unit='KiB' size='1048576'/>
    </cpu>
    <power_management>
      <suspend_mem/>
    </power_management>
    <iommu support='no'/>
    <migration_features>
      <live/>
      <uri_transports>
        <uri_transport>tcp</uri_transport>
        <uri_transport>rdma</uri_transport>
      </uri_transports>
    </migration_features>
    <topology>
      <cells num='1'>
        <cell id='0'>
          <memory unit='KiB'>{memory}</memory>
          <pages unit='KiB' size='4'>{pages}</pages>
          <pages unit='KiB' size='2048'>0</pages>
          <pages unit='KiB' size='1048576'>0</pages>
          <cpus num='{cpus}'>
{each_cpu}
          </cpus>
        </cell>
      </cells>
    </topology>
    <secmodel>
      <model>none</model>
      <doi>0</doi>
    </secmodel>
  </host>

"""


def capabilities(host: Host) -> str:
    """Return the host's capabilities document."""
    if not host.personality.guest_decides:
        from virtkit.fake.testcapabilities import CAPABILITIES

        return CAPABILITIES
    cores = max(host.cpus // 2, 1)
    threads = max(host.cpus // cores, 1)
    each = "\n".join(
        f"            <cpu id='{n}' socket_id='0' die_id='0' core_id='{n // threads}' siblings='{n}'/>"
        for n in range(host.cpus)
    )
    head = _HEAD.format(
        uuid=host.uuid,
        cores=cores,
        threads=threads,
        memory=host.memory,
        pages=host.memory // 4,
        cpus=host.cpus,
        each_cpu=each,
    )
    return head + "\n".join(_guest(*entry) for entry in _GUESTS) + "\n</capabilities>\n"


def _guest(
    os_type: str, arch: str, bits: int, emulator: str, kinds: tuple[str, ...], machines: tuple[str, ...]
) -> str:
    lines = [
        "  <guest>",
        f"    <os_type>{os_type}</os_type>",
        f"    <arch name='{arch}'>",
        f"      <wordsize>{bits}</wordsize>",
        f"      <emulator>{emulator}</emulator>",
    ]
    lines += [f"      <machine maxCpus='255'>{machine}</machine>" for machine in machines]
    lines += [
        f"      <machine canonical='{full}' maxCpus='255'>{alias}</machine>"
        for alias, full in _ALIASES.items()
        if full in machines
    ]
    lines += [f"      <domain type='{kind}'/>" for kind in kinds]
    lines += ["    </arch>", *_features(os_type, arch), "  </guest>", ""]
    return "\n".join(lines)


def _features(os_type: str, arch: str) -> list[str]:
    if os_type == "exe":
        return []
    inner = ["      <cpuselection/>", "      <deviceboot/>", "      <disksnapshot default='on' toggle='no'/>"]
    if arch in {"x86_64", "i686"}:
        inner = ["      <acpi default='on' toggle='yes'/>", "      <apic default='on' toggle='no'/>", *inner]
    return ["    <features>", *inner, "    </features>"]


_DOMAIN = """\
<domainCapabilities>
  <path>{emulator}</path>
  <domain>{kind}</domain>
  <machine>{machine}</machine>
  <arch>{arch}</arch>
  <vcpu max='255'/>
  <iothreads supported='yes'/>
  <os supported='yes'>
    <enum name='firmware'>
      <value>bios</value>
      <value>efi</value>
    </enum>
    <loader supported='yes'>
      <value>/usr/share/OVMF/OVMF_CODE_4M.fd</value>
      <value>/usr/share/OVMF/OVMF_CODE_4M.secboot.fd</value>
      <enum name='type'>
        <value>rom</value>
        <value>pflash</value>
      </enum>
      <enum name='readonly'>
        <value>yes</value>
        <value>no</value>
      </enum>
      <enum name='secure'>
        <value>no</value>
        <value>yes</value>
      </enum>
    </loader>
  </os>
  <cpu>
    <mode name='host-passthrough' supported='{kvm}'/>
    <mode name='maximum' supported='yes'/>
    <mode name='host-model' supported='{kvm}'/>
    <mode name='custom' supported='yes'>
      <model usable='yes'>qemu64</model>
      <model usable='yes'>Skylake-Client-IBRS</model>
      <model usable='yes'>Nehalem</model>
    </mode>
  </cpu>
  <memoryBacking supported='yes'>
    <enum name='sourceType'>
      <value>file</value>
      <value>anonymous</value>
      <value>memfd</value>
    </enum>
  </memoryBacking>
  <devices>
    <disk supported='yes'>
      <enum name='diskDevice'>
        <value>disk</value>
        <value>cdrom</value>
        <value>floppy</value>
        <value>lun</value>
      </enum>
      <enum name='bus'>
        <value>ide</value>
        <value>fdc</value>
        <value>scsi</value>
        <value>virtio</value>
        <value>usb</value>
        <value>sata</value>
      </enum>
    </disk>
    <graphics supported='yes'>
      <enum name='type'>
        <value>vnc</value>
        <value>spice</value>
      </enum>
    </graphics>
    <rng supported='yes'>
      <enum name='model'>
        <value>virtio</value>
      </enum>
    </rng>
    <filesystem supported='yes'>
      <enum name='driverType'>
        <value>path</value>
        <value>handle</value>
        <value>virtiofs</value>
      </enum>
    </filesystem>
    <tpm supported='yes'>
      <enum name='backendModel'>
        <value>emulator</value>
      </enum>
    </tpm>
  </devices>
  <features>
    <gic supported='no'/>
    <vmcoreinfo supported='yes'/>
    <genid supported='yes'/>
    <backingStoreInput supported='yes'/>
    <backup supported='yes'/>
    <sev supported='no'/>
  </features>
</domainCapabilities>
"""


def domain_capabilities(
    host: Host, emulator: str | None, arch: str | None, machine: str | None, kind: str | None
) -> str:
    """Return what a guest of one architecture, machine and domain type can have on *host*."""
    _ = host
    arch = arch or "x86_64"
    entry = next((guest for guest in _GUESTS if guest[1] == arch), _GUESTS[0])
    machine = machine or (entry[5][0] if entry[5] else "")
    kind = kind or entry[4][-1]
    return _DOMAIN.format(
        emulator=quote(emulator or entry[3]),
        kind=quote(kind),
        machine=quote(_ALIASES.get(machine, machine)),
        arch=quote(arch),
        kvm="yes" if kind == "kvm" else "no",
    )
