"""What the lab needs from the machine, and which of it is missing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from .shell import PATH

PROGRAMS = {
    "libvirtd": "libvirt-daemon-system",
    "qemu-system-x86_64": "qemu-system-x86",
    "qemu-system-mipsel": "qemu-system-mips",
    "qemu-system-aarch64": "qemu-system-arm",
    "qemu-img": "qemu-utils",
    "qemu-ga": "qemu-guest-agent",
    "dnsmasq": "dnsmasq-base",
    "iptables": "iptables",
    "ip": "iproute2",
    "depmod": "kmod",
}
DRIVERS = {"qemu": "libvirt-daemon-driver-qemu", "lxc": "libvirt-daemon-driver-lxc"}
DRIVER_FOLDER = Path("/usr/lib/x86_64-linux-gnu/libvirt/connection-driver")
FOR_LIBVIRT_PYTHON = ("gcc", "libvirt-dev", "pkg-config", "python3-dev")  # PyPI has its source only

APT_PACKAGES = sorted({*PROGRAMS.values(), *DRIVERS.values(), *FOR_LIBVIRT_PYTHON, "libvirt-clients"})


def missing() -> list[str]:
    """One line for each thing that the lab lacks here; empty if it can run."""
    lines = []
    if not Path("/etc/debian_version").exists():
        lines.append("the lab builds its guests from Debian packages: it needs Debian 12")
    if os.uname().machine != "x86_64":
        lines.append(f"the lab needs an x86_64 machine (this is {os.uname().machine})")
    if os.geteuid() != 0:
        lines.append("the lab needs root, for namespaces and mounts: run it as root or with sudo")
    packages = {package for program, package in PROGRAMS.items() if not shutil.which(program, path=PATH)}
    for driver, package in DRIVERS.items():
        if not (DRIVER_FOLDER / f"libvirt_driver_{driver}.so").exists():
            packages.add(package)
    lines += [f"package {package} is missing: apt-get install {package}" for package in sorted(packages)]
    if os.geteuid() == 0 and not Path("/dev/net/tun").exists():
        lines.append("/dev/net/tun is missing: modprobe tun")
    return lines
