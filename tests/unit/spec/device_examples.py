"""Each kind of device in each of its forms, as people write them."""

from typing import Any

PLACE = {
    "alias": "ua-mine",
    "address": {"type": "pci", "domain": "0x0000", "bus": "0x01", "slot": "0x02", "function": "0x0"},
}
SECRET = "3e3fce45-4f53-4fa7-bb32-11f34168b82b"  # noqa: S105 # the name of one

DEVICES: dict[str, list[Any]] = {
    "disk": [
        "/srv/web1.qcow2",
        "/dev/vg/web1",
        "https://example.org:8443/images/debian.iso?mirror=1",
        {
            "source": "/srv/web1.qcow2", "format": "qcow2", "bus": "virtio", "target": "vdb", "cache": "none",
            "io": "native", "discard": "unmap", "detect_zeroes": "unmap", "error_policy": "stop",
            "rerror_policy": "report", "copy_on_read": True, "iothread": 2, "queues": 4, "model": "virtio-transitional",
            "serial": "W-1 2", "readonly": True, "shareable": True, "transient": True, "snapshot": "external",
            "logical_block_size": 512, "physical_block_size": 4096, "boot_order": 1, "driver": "qemu", **PLACE,
        },
        {
            "source": "/srv/a.raw",
            "iotune": {
                "total_bytes_sec": "10MiB", "total_iops_sec": 1000, "total_bytes_sec_max": "20MiB",
                "total_iops_sec_max": 2000, "size_iops_sec": 4096, "group_name": "slow",
            },
        },
        {
            "source": "/srv/a.raw",
            "iotune": {
                "read_bytes_sec": "10MiB", "write_bytes_sec": "20MiB", "read_iops_sec": 100, "write_iops_sec": 200,
                "read_bytes_sec_max": "30MiB", "write_bytes_sec_max": "40MiB", "read_iops_sec_max": 300,
                "write_iops_sec_max": 400,
            },
        },
        {"source": "/srv/a.raw", "bus": "scsi", "wwn": "5000c50015ea71aa", "vendor": "ACME", "product": "Disk", "removable": True},
        {"source": "/srv/a.raw", "bus": "sata", "rotation_rate": 1},
        {"source": "/srv/a.raw", "target": "hdc"},
        {"source": "/srv/a.raw", "target": "xvda", "bus": "xen"},
        {"device": "cdrom"},
        {"device": "cdrom", "source": "/srv/debian.iso", "startup_policy": "optional"},
        {"device": "floppy", "source": "/srv/boot.img"},
        {"device": "lun", "source": "/dev/sdb", "sgio": "unfiltered"},
        {"type": "dir", "source": "/srv/folder", "readonly": True},
        {"type": "block", "source": "/srv/link-to-device"},
        {"pool": "default", "volume": "web1.qcow2"},
        {"pool": "vg", "volume": "web1", "format": "raw"},
        {
            "protocol": "rbd", "name": "pool/image", "hosts": ["ceph1.example.org:6789", {"name": "ceph2.example.org"}],
            "auth": {"username": "libvirt", "type": "ceph", "uuid": SECRET},
        },
        {
            "protocol": "iscsi", "name": "iqn.2013-07.com.example:storage/2", "hosts": "example.org:3260",
            "auth": {"username": "me", "type": "iscsi", "usage": "libvirtiscsi"},
        },
        {"protocol": "nbd", "hosts": {"transport": "unix", "socket": "/run/nbd.sock"}},
        {"protocol": "http", "name": "a.iso", "query": "x=1&y=2", "hosts": "example.org"},
        {"protocol": "gluster", "name": "volume/a.qcow2", "hosts": {"name": "example.org", "port": 24007, "transport": "tcp"}},
    ],
    "controller": [
        {"type": "scsi", "index": 0, "model": "virtio-scsi", "queues": 4, "iothread": 1, **PLACE},
        {"type": "usb", "model": "qemu-xhci", "ports": 8},
        {"type": "virtio-serial", "index": 1, "ports": 16, "alias": "ua-serials"},
    ],
    "interface": [
        "default",
        "user",
        {
            "network": "default", "portgroup": "web", "mac": "52:54:00:AB:cd:ef", "model": "virtio", "target": "tap0",
            "filter": {"name": "clean-traffic", "parameters": {"IP": "192.168.122.10"}}, "link": "down", "mtu": 9000,
            "driver": "vhost", "queues": 4, "trust_guest_rx_filters": True, "boot_order": 2, "isolated": True,
            "bandwidth": {
                "inbound": {"average": 1000, "peak": 5000, "floor": 200, "burst": 1024},
                "outbound": 128,
            },
            **PLACE,
        },
        {"bridge": "br0", "vlan": 42, "virtualport": "openvswitch"},
        {
            "bridge": "br0", "vlan": {"tags": [42, 47], "trunk": True, "native": 42},
            "virtualport": {"type": "openvswitch", "parameters": {"profileid": "menial"}},
        },
        {"dev": "eth0", "mode": "bridge", "filter": "clean-traffic", "vlan": [1, 2]},
        {"pci": "0000:03:10.1", "mac": "52:54:00:00:00:02", "managed": False},
        {"type": "ethernet", "target": "tap1", "managed_target": False, "script": "/etc/qemu-ifup"},
        {"type": "user", "model": "e1000e"},
    ],
    "filesystem": [
        {"source": "/srv/share", "target": "share"},
        {
            "source": "/srv/share", "target": "share", "driver": "virtiofs", "queue": 1024,
            "binary": "/usr/libexec/virtiofsd", "xattr": True, "cache": "always", "sandbox": "chroot", **PLACE,
        },
        {"socket": "/run/fs.sock", "target": "share", "driver": "virtiofs"},
        {
            "source": "/srv/share", "target": "share", "driver": "9p", "accessmode": "mapped", "multidevs": "remap",
            "fmode": "0644", "dmode": 0o755, "readonly": True,
        },
        {
            "type": "file", "source": "/srv/root.img", "target": "/", "driver": "loop", "format": "raw",
            "space_hard_limit": "2GiB", "space_soft_limit": "1GiB",
        },
    ],
    "serial": [
        "pty",
        {"type": "file", "path": "/var/log/web1.log", "append": True, "log": "/var/log/copy.log", "log_append": False, "port": 0},
        {
            "type": "tcp", "host": "127.0.0.1", "service": 2445, "mode": "connect", "protocol": "telnet",
            "target_type": "isa-serial", "target_model": "isa-serial", **PLACE,
        },
        {"type": "udp", "host": "127.0.0.1", "service": 2445},
        {"type": "unix", "path": "/run/serial.sock", "mode": "bind"},
        {"type": "dev", "path": "/dev/ttyS0"},
        {"type": "pipe", "path": "/run/pipe"},
        {"type": "spiceport", "channel": "org.example.console.0"},
        {"type": "nmdm", "master": "/dev/nmdm0A", "slave": "/dev/nmdm0B"},
        {"type": "pty", "path": "/dev/pts/3"},
        "null",
    ],
    "console": [
        "pty",
        {"type": "file", "path": "/var/log/web1.log", "append": True, "log": "/var/log/copy.log", "log_append": True},
        {"type": "tcp", "host": "127.0.0.1", "service": 2445, "mode": "bind", "protocol": "raw"},
        {"type": "spiceport", "channel": "org.example.console.0"},
        {"type": "nmdm", "master": "/dev/nmdm0A", "slave": "/dev/nmdm0B"},
        {"type": "pty", "target_type": "virtio", "port": 1, "alias": "ua-console"},
    ],
    "channel": [
        "agent",
        "spice",
        {"type": "unix", "name": "org.example.0", "path": "/run/org.example.0", "mode": "bind"},
        {"type": "file", "path": "/var/log/web1.log", "append": True, "log": "/var/log/copy.log", "log_append": True},
        {"type": "tcp", "host": "127.0.0.1", "service": 2445, "mode": "bind", "protocol": "raw", "name": "org.example.0"},
        {"type": "nmdm", "master": "/dev/nmdm0A", "slave": "/dev/nmdm0B"},
        {"type": "dbus", "channel": "org.example.0", "name": "org.example.0"},
        {"type": "pty", "target_type": "guestfwd", "target_address": "10.0.2.1", "port": 4600},
    ],
    "input": [
        "tablet",
        {"type": "keyboard", "bus": "virtio", "model": "virtio-non-transitional", **PLACE},
        {"type": "passthrough", "source": "/dev/input/event1"},
        {"type": "evdev", "source": "/dev/input/event1", "grab": True, "grab_toggle": "ctrl-ctrl", "repeat": False},
    ],
    "tpm": [
        True,
        {
            "model": "tpm-crb", "type": "emulator", "version": "2.0", "persistent_state": True, "secret": SECRET,
            "active_pcr_banks": ["sha256", "sha512"], "alias": "ua-tpm",
        },
        {"model": "tpm-tis", "type": "passthrough", "path": "/dev/tpm0"},
        {"type": "external", "path": "/run/swtpm.sock", "version": "1.2"},
    ],
    "graphics": [
        "vnc",
        {
            "type": "vnc", "port": 5901, "websocket": 5701, "listen": "0.0.0.0", "password": "secret12",
            "password_valid_to": "2027-01-31T12:00:00", "connected": "keep", "keymap": "de", "share_policy": "force-shared",
        },
        {
            "type": "spice", "port": 5901, "tls_port": 5902, "listen": [{"network": "default"}, {"address": "::1"}],
            "default_mode": "secure", "gl": True, "rendernode": "/dev/dri/renderD128", "clipboard": False,
            "filetransfer": False, "image": "off", "streaming": "filter", "mouse": "client", "password": "a long one <&>",
        },
        {"type": "vnc", "listen": {"socket": "/run/vnc.sock"}},
        {"type": "spice", "listen": {"type": "none"}},
        {"type": "sdl", "display": ":0", "xauth": "/root/.Xauthority", "fullscreen": True},
        {"type": "rdp", "port": 3389, "multi_user": True, "replace_user": False},
        "egl-headless",
        {"type": "desktop", "display": ":0"},
        {"type": "dbus", "gl": True},
    ],
    "sound": ["ich9", {"model": "ich6", "codecs": ["duplex", "micro"], **PLACE}],
    "video": [
        "virtio",
        {
            "model": "qxl", "ram": "64MiB", "vram": "64MiB", "vgamem": "16MiB", "heads": 2, "primary": True, **PLACE,
        },
        {
            "model": "virtio", "accel3d": True, "accel2d": False, "rendernode": "/dev/dri/renderD128", "resolution_x": 1920,
            "resolution_y": 1080, "driver": "vhostuser",
        },
        {"model": "gop", "vgaconf": "on"},
    ],
    "hostdev": [
        "06:00.0",
        "c2177883-f1bb-47f0-914d-32a22e3a8804",
        {
            "pci": "0001:06:00.1", "managed": False, "driver": "vfio", "rom": True, "rom_file": "/srv/rom.bin", "boot_order": 3,
            **PLACE,
        },
        {"vendor": "0x1d6b", "product": "0x0002", "startup_policy": "optional"},
        {"type": "usb", "usb_bus": 1, "usb_device": 3},
        {"mdev": "c2177883-f1bb-47f0-914d-32a22e3a8804", "model": "vfio-pci", "display": True, "ramfb": True},
        {"scsi_adapter": "scsi_host0", "scsi_bus": 1, "scsi_target": 2, "scsi_unit": 3, "readonly": True},
    ],
    "watchdog": [True, {"model": "ib700", "action": "poweroff", "alias": "ua-dog"}],
    "balloon": [
        False,
        True,
        {"model": "virtio-transitional", "autodeflate": True, "free_page_reporting": False, "stats_period": 5, **PLACE},
    ],
    "rng": [
        True,
        {"model": "virtio-non-transitional", "backend": "random", "source": "/dev/hwrng", "rate_bytes": 1024, "rate_period": 500},
        {"backend": "builtin", **PLACE},
    ],
    "shmem": [
        "ring",
        {"name": "ring", "model": "ivshmem-plain", "role": "peer", "size": "8MiB", **PLACE},
        {"name": "bell", "model": "ivshmem-doorbell", "server": "/run/shmem.sock", "msi_vectors": 8, "msi_ioeventfd": True},
    ],
    "panic": [True, {"model": "isa", "alias": "ua-panic"}],
    "vsock": [True, {"model": "virtio-transitional", "cid": 42, **PLACE}],
    "iommu": [
        "smmuv3",
        {
            "model": "intel", "intremap": True, "caching_mode": True, "eim": False, "iotlb": True, "aw_bits": 48,
            "alias": "ua-iommu",
        },
    ],
}  # fmt: skip
