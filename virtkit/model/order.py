"""Where libvirt puts what: the order of children in the documents that it writes.

libvirt reads most children in any order. A new child still goes where libvirt itself would write it,
so that documents stay easy to read and an edit touches only its own lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.model import nodes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

_ORDER: dict[str, str] = {
    "domain": "name uuid genid title description metadata maxMemory memory currentMemory blkiotune memtune"
    " memoryBacking vcpu vcpus iothreads iothreadids defaultiothread cputune numatune iommufd throttlegroups"
    " resource sysinfo bootloader bootloader_args os idmap features cpu clock on_poweroff on_reboot on_crash"
    " on_lockfailure pm perf devices seclabel keywrap launchSecurity",
    "os": "type firmware loader nvram varstore init initarg initenv initdir inituser initgroup kernel initrd"
    " shim cmdline dtb acpi boot bootmenu bios smbios",
    "sysinfo": "bios system baseBoard chassis oemStrings entry",
    "cpu": "model vendor topology cache maxphysaddr feature numa",
    "numa": "cell interconnects",
    "numatune": "memory memnode",
    "memtune": "hard_limit soft_limit min_guarantee swap_hard_limit",
    "memoryBacking": "hugepages nosharepages locked source access allocation discard",
    "cputune": "shares period quota global_period global_quota emulator_period emulator_quota"
    " iothread_period iothread_quota vcpupin emulatorpin iothreadpin vcpusched iothreadsched emulatorsched"
    " cachetune memorytune energytune",
    "features": "acpi apic pae hap viridian privnet hyperv kvm xen pvspinlock gic pmu vmport smm ioapic hpt"
    " htm nested-hv msrs vmcoreinfo capabilities ccf-assist tcg cfpc sbbc ibs async-teardown"
    " ras ps2 aia virtualization",
    "hyperv": "relaxed vapic spinlocks vpindex runtime synic stimer reset vendor_id frequencies"
    " reenlightenment tlbflush ipi evmcs avic emsr_bitmap xmm_input vsm",
    "kvm": "hidden hint-dedicated poll-control pv-ipi dirty-ring",
    "clock": "timer",
    "pm": "suspend-to-mem suspend-to-disk",
    "devices": "emulator disk controller lease filesystem interface smartcard serial parallel console channel"
    " input tpm graphics sound audio video hostdev redirdev redirfilter hub watchdog memballoon rng nvram"
    " panic pstore shmem memory iommu vsock crypto",
    "disk": "driver auth source backingStore backenddomain mirror target geometry blockio iotune"
    " throttlefilters readonly shareable transient serial wwn vendor product encryption"
    " boot acpi alias address",
    "dataStore": "format source",
    "pstore": "path size acpi alias address",
    "throttlegroup": "group_name",
    "mirror": "format source backingStore",
    "backingStore": "format source backingStore",
    "iotune": "total_bytes_sec read_bytes_sec write_bytes_sec total_iops_sec read_iops_sec write_iops_sec"
    " total_bytes_sec_max read_bytes_sec_max write_bytes_sec_max total_iops_sec_max read_iops_sec_max"
    " write_iops_sec_max size_iops_sec group_name total_bytes_sec_max_length read_bytes_sec_max_length"
    " write_bytes_sec_max_length total_iops_sec_max_length read_iops_sec_max_length"
    " write_iops_sec_max_length",
    "source": "adapter host initiator snapshot config address identity slices auth encryption reservations"
    " ssl cookies readahead timeout reconnect nodemask pagesize alignsize pmem path route clipboard mouse"
    " interface block char ip local seclabel",
    "controller": "driver model target pcihole64 master acpi alias address",
    "filesystem": "driver binary source target readonly space_hard_limit space_soft_limit boot acpi alias"
    " address",
    "interface": "mac source vlan virtualport bandwidth port ip route portForward script downscript"
    " backenddomain target guest model driver backend filterref tune teaming link mtu coalesce boot rom acpi"
    " alias address",
    "bandwidth": "inbound outbound",
    "binary": "cache sandbox lock thread_pool openfiles",
    "serial": "source log protocol target boot acpi alias address",
    "parallel": "source log protocol target boot acpi alias address",
    "console": "source log protocol target boot acpi alias address",
    "channel": "source log protocol target boot acpi alias address",
    "redirdev": "source log protocol boot acpi alias address",
    "smartcard": "certificate database source log protocol acpi alias address",
    "input": "driver source acpi alias address",
    "tpm": "backend acpi alias address",
    "backend": "source protocol encryption device active_pcr_banks",
    "graphics": "listen channel image jpeg zlib playback streaming mouse clipboard filetransfer gl audio",
    "sound": "codec audio boot acpi alias address",
    "audio": "input output",
    "video": "driver model acpi alias address",
    "model": "acceleration resolution",
    "hostdev": "driver source teaming ip route readonly shareable boot rom acpi alias address",
    "watchdog": "acpi alias address",
    "memballoon": "stats acpi alias address driver",
    "rng": "rate backend driver acpi alias address",
    "panic": "acpi alias address",
    "shmem": "model size server msi acpi alias address",
    "memory": "uuid source target acpi alias address",
    "target": "model size node label readonly block requested current address",
    "iommu": "driver acpi alias address",
    "vsock": "cid acpi alias address driver",
    "seclabel": "label baselabel imagelabel",
}

RANKS: dict[str, dict[str, int]] = {
    parent: {tag: rank for rank, tag in enumerate(tags.split())} for parent, tags in _ORDER.items()
}


def place(parent: etree._Element, child: etree._Element, ranks: Mapping[str, int] | None = None) -> None:
    """Put *child* below *parent*: after its like, or else where libvirt would write it.

    *ranks* says what comes first below this parent, where its name alone does not.
    """
    before = next(parent.iterchildren(nodes.tag(child), reversed=True), None)
    if before is None:
        before = _before(ranks or RANKS.get(nodes.tag(parent), {}), nodes.children(parent), nodes.tag(child))
    _insert(parent, child, before)


def _before(ranks: Mapping[str, int], siblings: list[etree._Element], tag: str) -> etree._Element | None:
    """The sibling after which a *tag* belongs: what libvirt does not order goes to the end."""
    rank = ranks.get(tag, len(ranks))
    before = None
    for sibling in siblings:
        if ranks.get(nodes.tag(sibling), len(ranks)) <= rank:
            before = sibling
    return before


def _insert(parent: etree._Element, child: etree._Element, before: etree._Element | None) -> None:
    """Put *child* behind *before*, or first, with the line breaks and blanks that its new neighbours have."""
    blanks = parent.text if nodes.is_blank(parent.text) else None
    if before is not None:
        tail, before.tail = before.tail, None
        before.addnext(child)
        before.tail, child.tail = (blanks, tail) if nodes.is_blank(tail) else (tail, blanks)
        return
    if len(parent):
        child.tail = blanks
    else:
        child.tail = _margin(parent) if nodes.is_blank(parent.text) else None
        if child.tail is not None:
            parent.text = f"{child.tail}  "
    parent.insert(0, child)


def _margin(element: etree._Element) -> str | None:
    """The line break and blanks before *element*, if it stands on a line of its own."""
    previous = element.getprevious()
    parent = element.getparent()
    if previous is not None:
        margin = previous.tail
    elif parent is not None:
        margin = parent.text
    else:
        margin = "\n"
    return margin if margin and "\n" in margin and nodes.is_blank(margin) else None


def remove(child: etree._Element) -> None:
    """Take *child* out, with the line that it stood on; text that followed it stays."""
    parent = child.getparent()
    if parent is None:
        raise ValueError(f"<{nodes.tag(child)}> is the root of its document: it cannot be removed")
    previous, tail = child.getprevious(), child.tail
    is_last = child.getnext() is None
    parent.remove(child)
    if tail and not nodes.is_blank(tail):
        if previous is not None:
            previous.tail = (previous.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    elif is_last and previous is not None:
        previous.tail = tail if nodes.is_blank(previous.tail) else previous.tail
    elif is_last and not len(parent) and nodes.is_blank(parent.text):
        parent.text = None
