"""What attributes may say: tables by the place of an element, ``device/child`` or ``domain/...``.

``WORDS`` are reported in libvirt's general words, ``OLD_WORDS`` in their own ones; ``NUMBERS`` says how
libvirt reads a number; ``REQUIRED`` may not be missing.
"""

from __future__ import annotations

_BOOLEAN, _SWITCH = "yes no", "on off"
_VIRTIO = "virtio virtio-transitional virtio-non-transitional"
_PLACE = "domain bus slot function controller target unit cssid ssid devno iobase irq reg base"
_ADDRESS_NUMBERS = dict.fromkeys(_PLACE.split(), "uint")

WORDS: dict[str, dict[str, str]] = {
    "disk": {
        "type": "file block dir network volume nvme vhostuser none",
        "device": "disk cdrom floppy lun",
        "model": f"default {_VIRTIO}",
        "snapshot": "no internal external manual",
        "sgio": "filtered unfiltered",
        "rawio": _BOOLEAN,
    },
    "disk/target": {
        "bus": "ide fdc scsi virtio xen usb uml sata sd",
        "tray": "closed open",
        "removable": _SWITCH,
    },
    "disk/source": {
        "startupPolicy": "mandatory requisite optional",
        "protocol": "nbd rbd sheepdog gluster iscsi http https ftp ftps tftp ssh vxhs nfs",
        "managed": _BOOLEAN,
        "tls": _BOOLEAN,
    },
    "disk/driver": {
        "cache": "default none writethrough writeback directsync unsafe",
        "error_policy": "stop report ignore enospace",
        "rerror_policy": "stop report ignore enospace",
        "io": "native threads io_uring",
        "ioeventfd": _SWITCH,
        "event_idx": _SWITCH,
        "copy_on_read": _SWITCH,
        "discard": "default unmap ignore",
        "detect_zeroes": "default off on unmap",
        "iommu": _SWITCH,
        "ats": _SWITCH,
        "packed": _SWITCH,
    },
    "interface": {
        "type": "user ethernet vhostuser server client mcast network bridge internal direct hostdev udp vdpa"
        " null vds",
        "trustGuestRxFilters": _BOOLEAN,
        "managed": _BOOLEAN,
    },
    "interface/mac": {"type": "generated static", "check": _BOOLEAN},
    "interface/source": {"mode": "vepa private bridge passthrough server client"},
    "interface/driver": {
        "name": "qemu vhost vfio kvm xen",
        "event_idx": _SWITCH,
        "ioeventfd": _SWITCH,
        "rss": _SWITCH,
    },
    "interface/backend": {"type": "default"},
    "interface/port": {"isolated": _BOOLEAN},
    "controller": {"type": "ide fdc scsi sata virtio-serial ccid usb pci xenbus isa"},
    "graphics": {
        "type": "sdl vnc rdp desktop spice egl-headless dbus",
        "sharePolicy": "default allow-exclusive force-shared ignore",
        "powerControl": _BOOLEAN,
        "defaultMode": "any secure insecure",
    },
    "graphics/listen": {"type": "none address network socket"},
    "graphics/channel": {
        "name": "main display inputs cursor playback record smartcard usbredir",
        "mode": "any secure insecure",
    },
    "graphics/image": {"compression": "auto_glz auto_lz quic glz lz off"},
    "graphics/jpeg": {"compression": "auto never always"},
    "graphics/zlib": {"compression": "auto never always"},
    "graphics/playback": {"compression": _SWITCH},
    "graphics/streaming": {"mode": "filter all off"},
    "graphics/clipboard": {"copypaste": _BOOLEAN},
    "graphics/filetransfer": {"enable": _BOOLEAN},
    "graphics/mouse": {"mode": "server client"},
    "sound": {"model": "sb16 es1370 pcspk ac97 ich6 ich9 usb ich7"},
    "audio": {"type": "none alsa coreaudio jack oss pulseaudio sdl spice file dbus"},
    "memballoon": {
        "model": f"{_VIRTIO} xen none",
        "autodeflate": _SWITCH,
        "freePageReporting": _SWITCH,
    },
    "tpm": {"model": "default tpm-tis tpm-crb tpm-spapr spapr-tpm-proxy"},
    "tpm/backend": {
        "type": "passthrough emulator external",
        "version": "1.2 2.0",
        "persistent_state": _BOOLEAN,
    },
    "hostdev": {"managed": _BOOLEAN},
    "filesystem": {
        "type": "mount block file template ram bind volume",
        "accessmode": "passthrough mapped squash",
        "model": _VIRTIO,
        "multidevs": "default remap forbid warn",
    },
    "filesystem/driver": {"type": "path handle loop nbd ploop virtiofs"},
    "smartcard": {"mode": "host host-certificates passthrough"},
    "memory": {
        "model": "dimm nvdimm virtio-pmem virtio-mem sgx-epc",
        "access": "shared private",
        "discard": _BOOLEAN,
    },
    "iommu": {"model": "intel smmuv3 virtio"},
    "vsock": {"model": _VIRTIO},
    "vsock/cid": {"auto": _BOOLEAN},
    "domain/vcpu": {"placement": "static auto"},
    "domain/vcpus/vcpu": {"enabled": _BOOLEAN, "hotpluggable": _BOOLEAN},
    "domain/memory": {"dumpCore": _SWITCH},
    "domain/os/boot": {"dev": "fd cdrom hd network"},
    "domain/os/loader": {
        "type": "rom pflash",
        "readonly": _BOOLEAN,
        "secure": _BOOLEAN,
        "stateless": _BOOLEAN,
    },
    "domain/os/bootmenu": {"enable": _BOOLEAN},
    "domain/os": {"firmware": "bios efi"},
    "domain/clock/timer": {
        "name": "platform pit rtc hpet tsc kvmclock hypervclock armvtimer",
        "present": _BOOLEAN,
        "tickpolicy": "delay catchup merge discard",
        "track": "boot guest wall realtime",
        "mode": "auto native emulate paravirt smpsafe",
    },
    "domain/cpu": {
        "match": "exact minimum strict",
        "check": "none partial full",
        "migratable": _SWITCH,
    },
    "domain/cpu/numa/cell": {"memAccess": "shared private", "discard": _BOOLEAN},
    "domain/features/hap": {"state": _SWITCH},
    "domain/features/pmu": {"state": _SWITCH},
    "domain/features/vmport": {"state": _SWITCH},
    "domain/features/smm": {"state": _SWITCH},
    "domain/features/vmcoreinfo": {"state": _SWITCH},
    "domain/features/pvspinlock": {"state": _SWITCH},
    "domain/features/htm": {"state": _SWITCH},
    "domain/seclabel": {"type": "none dynamic static", "relabel": _BOOLEAN},
    "domain/sysinfo": {"type": "smbios fwcfg"},
    "domain/perf/event": {
        "name": "cmt mbmt mbml cpu_cycles instructions cache_references cache_misses branch_instructions"
        " branch_misses bus_cycles stalled_cycles_frontend stalled_cycles_backend ref_cpu_cycles cpu_clock"
        " task_clock page_faults context_switches cpu_migrations page_faults_min page_faults_maj"
        " alignment_faults emulation_faults",
        "enabled": _BOOLEAN,
    },
    "domain/launchSecurity": {"type": "sev s390-pv"},
    "domain/pm/suspend-to-mem": {"enabled": _BOOLEAN},
    "domain/pm/suspend-to-disk": {"enabled": _BOOLEAN},
}

_CHARACTERS = (
    "null vc pty dev file pipe stdio udp tcp unix spicevmc spiceport nmdm qemu-vdagent dbus",
    "unknown type presented to host for character device: {}",
)
_TARGET = "unknown target type '{}' specified for character device"
_PASSED = "usb pci scsi scsi_host mdev storage misc net"

OLD_WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "disk/driver": {
        "type": (
            "raw dir bochs cloop dmg iso vpc vdi fat vhd ploop cow qcow qcow2 qed vmdk aio",
            "unknown driver format value '{}'",
        )
    },
    "interface/link": {"state": ("up down", "unknown interface link state '{}'")},
    "input": {
        "type": ("mouse tablet keyboard passthrough evdev", "unknown input device type '{}'"),
        "model": (_VIRTIO, "unknown input model '{}'"),
        "bus": ("ps2 usb xen parallels virtio none", "unknown input bus type '{}'"),
    },
    "graphics": {"connected": ("fail disconnect keep", "unknown connected value {}")},
    "video/model": {
        "type": (
            "default vga cirrus vmvga xen vbox qxl parallels virtio gop none bochs ramfb",
            "unknown video model '{}'",
        )
    },
    "watchdog": {
        "model": ("i6300esb ib700 diag288", "unknown watchdog model '{}'"),
        "action": (
            "reset shutdown poweroff pause dump none inject-nmi",
            "unknown watchdog action '{}'",
        ),
    },
    "rng": {"model": (_VIRTIO, "unknown RNG model '{}'")},
    "rng/backend": {"model": ("random egd builtin", "unknown RNG backend model '{}'")},
    "panic": {"model": ("isa pseries hyperv s390", "unknown panic model '{}'")},
    "hostdev": {
        "mode": ("subsystem capabilities", "unknown hostdev mode '{}'"),
        "type": (_PASSED, "unknown host device source address type '{}'"),
    },
    "serial": {"type": _CHARACTERS},
    "parallel": {"type": _CHARACTERS},
    "console": {"type": _CHARACTERS},
    "channel": {"type": _CHARACTERS},
    "serial/target": {
        "type": (
            "isa-serial usb-serial pci-serial spapr-vio-serial system-serial sclp-serial isa-debug",
            _TARGET,
        )
    },
    "console/target": {"type": ("serial xen uml virtio lxc openvz sclp sclplm", _TARGET)},
    "channel/target": {"type": ("guestfwd virtio xen", _TARGET)},
    "redirdev": {"bus": ("usb", "unknown redirdev bus '{}'")},
    "hub": {"type": ("usb", "unknown hub device type '{}'")},
    "domain/clock": {
        "offset": ("utc localtime variable timezone absolute", "unknown clock offset '{}'"),
        "basis": ("utc localtime", "unknown clock basis '{}'"),
    },
    "domain/os/smbios": {"mode": ("none emulate host sysinfo", "unknown smbios mode '{}'")},
    "domain/memoryBacking/source": {
        "type": ("file anonymous memfd", "unknown memoryBacking/source/type '{}'")
    },
    "domain/memoryBacking/access": {"mode": ("shared private", "unknown memoryBacking/access/mode '{}'")},
    "domain/memoryBacking/allocation": {
        "mode": ("immediate ondemand", "unknown memoryBacking/allocation/mode '{}'")
    },
    "domain/numatune/memory": {
        "mode": (
            "strict preferred interleave restrictive",
            "Unsupported NUMA memory tuning mode '{}'",
        )
    },
}

NUMBERS: dict[str, dict[str, str]] = {
    "disk/boot": {"order": "positive"},
    "interface/boot": {"order": "positive"},
    "hostdev/boot": {"order": "positive"},
    "disk/driver": {"queues": "uint", "queue_size": "uint", "iothread": "positive"},
    "disk/target": {"rotation_rate": "uint"},
    "disk/geometry": {"cyls": "uint", "heads": "uint", "secs": "uint"},
    "interface/driver": {"queues": "uint", "rx_queue_size": "uint", "tx_queue_size": "uint"},
    "controller": {"index": "natural", "ports": "natural"},
    "domain/vcpu": {"current": "uint"},
    "domain/vcpus/vcpu": {"id": "uint", "order": "uint"},
    "domain/cpu/topology": {
        "sockets": "positive",
        "dies": "positive",
        "cores": "positive",
        "threads": "positive",
    },
    "domain/cpu/numa/cell": {"id": "uint"},
    "domain/cputune/vcpupin": {"vcpu": "uint"},
    "domain/cputune/iothreadpin": {"iothread": "positive"},
    "domain/iothreadids/iothread": {"id": "positive"},
}

REQUIRED: dict[str, tuple[str, ...]] = {
    "graphics": ("type",),
    "sound": ("model",),
    "memballoon": ("model",),
    "audio": ("id", "type"),
    "iommu": ("model",),
    "smartcard": ("mode",),
    "graphics/channel": ("name", "mode"),
    "graphics/listen": ("type",),
    "disk/boot": ("order",),
    "interface/boot": ("order",),
    "domain/cpu/topology": ("sockets", "cores", "threads"),
    "domain/clock/timer": ("name",),
    "domain/vcpus/vcpu": ("id", "enabled"),
    "domain/iothreadids/iothread": ("id",),
    "domain/os/boot": ("dev",),
    "domain/sysinfo": ("type",),
    "domain/launchSecurity": ("type",),
}

_PLACED = (
    "disk interface controller sound video hostdev input serial channel console rng memballoon watchdog hub"
    " filesystem vsock shmem memory panic tpm redirdev iommu smartcard"
)
for _tag in _PLACED.split():
    NUMBERS.setdefault(f"{_tag}/address", dict(_ADDRESS_NUMBERS))
