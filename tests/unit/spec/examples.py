"""Specs that together set every field of every part, and each kind of device in each of its forms."""

from typing import Any

from tests.unit.spec.device_examples import DEVICES

UUID = "c7a5fdbd-edaf-9455-926a-d65c16db1809"
BASE: dict[str, Any] = {"name": "web1", "memory": "2GiB"}

DOMAINS: dict[str, dict[str, Any]] = {
    "minimal": {},
    "identity": {
        "type": "qemu",
        "uuid": UUID,
        "title": "The web server",
        "description": 'Line one\nLine <two> & "three"',
        "metadata": {"owner": "alice", "tier": "web & more"},
        "emulator": "/usr/bin/qemu-system-x86_64",
        "agent": False,
        "arch": "x86_64",
        "machine": "pc",
        "os_type": "hvm",
        "on_poweroff": "destroy",
        "on_reboot": "restart",
        "on_crash": "coredump-destroy",
        "on_lockfailure": "pause",
        "suspend_to_mem": False,
        "suspend_to_disk": True,
        "xml": "<domain><devices><hub type='usb'/></devices></domain>",
    },
    "memory": {
        "current_memory": "1GiB",
        "memory_backing": {
            "hugepages": [{"size": "2MiB", "nodeset": "0"}, {"size": "1GiB", "nodeset": "1"}],
            "locked": True,
            "nosharepages": True,
            "source": "memfd",
            "access": "shared",
            "allocation": "immediate",
            "discard": True,
        },
        "numatune": {
            "mode": "preferred",
            "nodeset": "0-1",
            "placement": "static",
            "memnodes": [{"cellid": 1, "mode": "interleave", "nodeset": 1}],
        },
        "vcpus": 4,
        "numa": [
            {
                "id": 1,
                "cpus": "0-1",
                "memory": "1GiB",
                "mem_access": "shared",
                "discard": True,
                "distances": {0: 21, 1: 10},
            },
            {"id": 0, "cpus": "2-3", "memory": "1GiB"},
        ],
    },
    "memory modules": {
        "max_memory": {"size": "8GiB", "slots": 4},
        "vcpus": 2,
        "numa": [{"cpus": "0-1", "memory": "2GiB"}],
        "memory_modules": [
            {
                "size": "1GiB",
                "node": 0,
                "access": "shared",
                "discard": True,
                "pagesize": "2MiB",
                "nodemask": "1",
            },
            {"model": "virtio-mem", "size": "2GiB", "node": 0, "block": "2MiB", "requested": "1GiB"},
            {
                "model": "nvdimm",
                "path": "/dev/dax0.0",
                "size": "514MiB",
                "node": 0,
                "label": "2MiB",
                "alignsize": "2MiB",
                "pmem": True,
                "readonly": True,
                "uuid": UUID,
            },
            {"model": "virtio-pmem", "path": "/srv/pmem.raw", "size": "1GiB"},
        ],
    },
    "labels": {
        "seclabels": [
            {"type": "static", "model": "dac", "label": "+64055:+64055", "relabel": True},
            {"type": "dynamic", "model": "selinux", "baselabel": "system_u:system_r:svirt_t:s0"},
        ],
        "qemu_args": ["-device", "isa-debug-exit"],
        "os_info": "http://debian.org/debian/12",
    },
    "limits and identity": {
        "dump_core": False,
        "genid": "3e3fce45-4f53-4fa7-bb32-11f34168b82b",
        "memtune": {
            "hard_limit": "4GiB",
            "soft_limit": "2GiB",
            "swap_hard_limit": "5GiB",
            "min_guarantee": "1GiB",
        },
        "sysinfo": {
            "bios": {"vendor": "ACME", "date": "10/28/2026"},
            "system": {"manufacturer": "ACME", "serial": "1 & 2"},
            "board": {"asset": "A"},
            "chassis": {"sku": "S"},
        },
        "boot": {"smbios": "sysinfo", "firmware": "efi", "loader_secure": False},
        "cpu": {"mode": "host-model", "fallback": "allow"},
        "features": {"apic_eoi": True},
    },
    "caches": {
        "genid": True,
        "cpu": {
            "mode": "host-passthrough",
            "cache": {"mode": "emulate", "level": 3},
            "maxphysaddr": {"mode": "emulate", "bits": 42},
        },
    },
    "bare": {
        "defaults": False,
        "vcpus": {"maximum": 2, "topology": {"sockets": 2}},
        "disks": [{"source": "/srv/a.qcow2", "target": "vda"}],
        "interfaces": "default",
    },
    "no acpi": {"features": {"acpi": False, "apic": False}},
    "placement by numad": {"vcpus": {"placement": "auto"}, "numatune": {"placement": "auto"}},
    "one huge page size": {"memory_backing": {"hugepages": "1GiB"}},
    "huge pages": {"memory_backing": {"hugepages": True}},
    "cpus": {
        "vcpus": {
            "maximum": 16,
            "current": 8,
            "cpuset": "0-15,^7",
            "placement": "static",
            "topology": {"sockets": 2, "dies": 2, "cores": 2, "threads": 2},
        },
        "iothreads": 2,
        "cputune": {
            "vcpupin": {0: 4, 1: "5-6"},
            "emulatorpin": "0-1",
            "iothreadpin": {1: "2", 2: "3"},
            "shares": 2048,
            "period": 100000,
            "quota": -1,
            "global_period": 100000,
            "global_quota": 200000,
            "emulator_period": 100000,
            "emulator_quota": 50000,
            "iothread_period": 100000,
            "iothread_quota": 60000,
            "vcpusched": [
                {"vcpus": "0-1", "scheduler": "fifo", "priority": 1},
                {"vcpus": "2", "scheduler": "batch"},
            ],
        },
        "cpu": {
            "mode": "custom",
            "model": "Skylake-Server",
            "fallback": "forbid",
            "vendor": "Intel",
            "match": "strict",
            "check": "full",
            "features": {"vmx": "require", "svm": "disable"},
        },
    },
    "host cpu": {"cpu": {"mode": "host-passthrough", "migratable": False}},
    "named cpu": {"cpu": "Haswell"},
    "efi": {
        "boot": {"firmware": "efi", "secure": True, "enrolled_keys": True, "nvram": "/var/nvram/web1.fd"}
    },
    "insecure efi": {"boot": {"firmware": "efi", "secure": False, "enrolled_keys": False}},
    "loader": {
        "boot": {
            "loader": "/usr/share/OVMF/OVMF_CODE.fd",
            "loader_type": "pflash",
            "loader_readonly": True,
            "loader_secure": True,
            "loader_stateless": False,
            "nvram": "/var/nvram/web1.fd",
            "nvram_template": "/usr/share/OVMF/OVMF_VARS.fd",
        },
        "machine": "q35",
        "features": {"smm": True, "tseg": "16MiB"},
    },
    "kernel": {
        "boot": {
            "kernel": "/boot/vmlinuz",
            "initrd": "/boot/initrd.img",
            "cmdline": "console=ttyS0 quiet=\"'",
            "dtb": "/boot/board.dtb",
        },
        "arch": "aarch64",
        "machine": "virt",
        "features": {"gic": 3},
    },
    "bios": {
        "boot": {
            "firmware": "bios",
            "order": ["cdrom", "hd", "network", "fd"],
            "menu": True,
            "menu_timeout": 3000,
            "reboot_timeout": -1,
            "smbios": "host",
        },
        "disks": ["/srv/web1.qcow2", "/srv/debian.iso"],
    },
    "features": {
        "features": {
            "acpi": True,
            "apic": True,
            "pae": True,
            "hap": False,
            "hyperv": True,
            "kvm": {
                "hidden": True,
                "hint_dedicated": True,
                "poll_control": False,
                "pv_ipi": True,
                "dirty_ring": 4096,
            },
            "pvspinlock": True,
            "pmu": False,
            "vmport": False,
            "smm": False,
            "ioapic": "qemu",
            "vmcoreinfo": True,
        },
    },
    "hyperv": {
        "features": {
            "hyperv": {
                "mode": "custom",
                "relaxed": True,
                "vapic": True,
                "spinlocks": True,
                "spinlocks_retries": 4096,
                "vpindex": True,
                "runtime": True,
                "synic": True,
                "stimer": True,
                "stimer_direct": True,
                "reset": False,
                "vendor_id": "KVM Hv",
                "frequencies": True,
                "reenlightenment": True,
                "tlbflush": True,
                "ipi": True,
                "evmcs": False,
                "avic": True,
            }
        },
        "clock": {
            "offset": "localtime",
            "timers": {
                "hpet": False,
                "hypervclock": True,
                "rtc": {"tickpolicy": "catchup", "track": "guest"},
            },
        },
    },
    "hyperv passthrough": {"features": {"hyperv": "passthrough"}},
    "pseries": {
        "arch": "ppc64",
        "machine": "pseries",
        "features": {"htm": True, "nested_hv": False},
        "panic": "pseries",
    },
    "timezone": {"clock": {"offset": "timezone", "timezone": "Europe/Paris"}},
    "variable clock": {
        "clock": {
            "offset": "variable",
            "adjustment": -3600,
            "basis": "localtime",
            "timers": [{"name": "tsc", "frequency": 2500000000, "mode": "native"}],
        }
    },
    "absolute clock": {"clock": {"offset": "absolute", "start": 1700000000}},
    "reset clock": {"clock": {"offset": "utc", "adjustment": "reset"}},
    "container": {
        "type": "lxc",
        "os_type": "exe",
        "boot": {
            "init": "/bin/sh",
            "init_args": ["-c", "echo <hi>"],
            "init_env": {"TERM": "linux", "EMPTY": ""},
            "init_dir": "/srv",
            "init_user": "root",
            "init_group": "root",
        },
        "features": {
            "privnet": True,
            "capabilities": {"policy": "deny", "names": {"sys_time": True, "mknod": False}},
        },
        "filesystems": [
            {"source": "/srv/root", "target": "/"},
            {"type": "ram", "usage": "64MiB", "target": "/tmp"},
        ],
        "interfaces": [{"network": "default", "guest_dev": "eth0"}],
        "console": "pty",
        "hostdevs": [{"type": "net", "path": "eth1"}],
    },
    "xen pv": {
        "type": "xen",
        "os_type": "linux",
        "boot": {"bootloader": "/usr/bin/pygrub", "bootloader_args": "-q"},
        "disks": [{"source": "/dev/vg/web1", "driver": "phy"}],
        "interfaces": [{"bridge": "xenbr0", "script": "vif-bridge"}],
        "features": {"xen": {"e820_host": True, "passthrough": True, "passthrough_mode": "share_pt"}},
    },
    "xen hvm": {
        "type": "xen",
        "features": {"viridian": True},
        "disks": ["/srv/web1.img", "/srv/debian.iso"],
        "balloon": {"model": "xen"},
    },
    "xen pvh": {"type": "xen", "os_type": "xenpvh", "boot": {"kernel": "/boot/vmlinuz"}},
    "bhyve": {
        "type": "bhyve",
        "boot": {"bootloader": "/usr/local/sbin/grub-bhyve", "bootloader_args": "-m x"},
        "disks": "/vm/web1.img",
        "interfaces": {"bridge": "virbr0"},
        "serial": {"type": "nmdm", "master": "/dev/nmdm0A", "slave": "/dev/nmdm0B"},
        "video": {"model": "gop", "vgaconf": "off"},
    },
    "vmware": {
        "type": "vmware",
        "disks": "[store1] web1/web1.vmdk",
        "interfaces": {"bridge": "VM Network", "model": "vmxnet3"},
    },
    "hyper-v": {"type": "hyperv", "disks": "/vm/web1.vhd", "interfaces": "default"},
    "vbox": {
        "type": "vbox",
        "disks": ["/vm/web1.vdi", "/vm/debian.iso"],
        "graphics": {"type": "rdp", "multi_user": True},
    },
    "vz": {"type": "vz", "disks": "/vz/web1.hdd", "interfaces": "default"},
    "openvz": {"type": "openvz", "filesystems": {"type": "template", "source": "debian-12", "target": "/"}},
    "test": {"type": "test", "disks": "/srv/web1.img", "interfaces": "default"},
    "hvf": {"type": "hvf", "disks": "/srv/web1.qcow2"},
    "microvm": {
        "machine": "microvm",
        "disks": "/srv/web1.img",
        "boot": {"kernel": "/boot/vmlinuz"},
        "controllers": {"type": "usb", "model": "none"},
    },
    "mips": {"arch": "mipsel", "machine": "malta", "disks": ["/srv/a.img", "/srv/b.iso"]},
    "arm64": {"arch": "aarch64", "machine": "virt", "boot": "efi", "disks": ["/srv/a.img", "/srv/b.iso"]},
    "many disks": {"disks": [f"/srv/{number}.img" for number in range(30)]},
    "shared folder": {"filesystems": {"source": "/srv/share", "target": "share"}},
}
"""Each is laid over BASE."""

FIELDS = {
    "disk": "disks", "controller": "controllers", "interface": "interfaces", "filesystem": "filesystems",
    "channel": "channels", "input": "inputs", "hostdev": "hostdevs", "redirdev": "redirdevs", "hub": "hubs",
}  # fmt: skip
"""The field of a domain that holds each kind of device, where it is not the kind itself."""


def every_domain() -> dict[str, dict[str, Any]]:
    """Return all examples by name: the domains, and one around each device."""
    found = {name: BASE | fields for name, fields in DOMAINS.items()}
    for kind, examples in DEVICES.items():
        for number, device in enumerate(examples):
            around = {"iothreads": 4} if isinstance(device, dict) and "iothread" in device else {}
            found[f"{kind} {number}"] = BASE | around | {FIELDS.get(kind, kind): device}
    return found
