"""Domains for trying the lab itself. Tests of virtkit render theirs from its templates."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from pathlib import Path

    from .images import BootImage


def ticking_domain(
    name: str, image: BootImage, ticks: Path, *, memory: int = 192, parameters: str = "", devices: str = ""
) -> str:
    """The XML of an emulated domain that boots `image` and writes its console to `ticks`.

    Args:
        name: The domain's name.
        image: What it boots.
        ticks: `Lab.tick_file(name)`: it is appended to.
        memory: Memory in MiB.
        parameters: Further kernel parameters, such as "lab.acpi=ignore".
        devices: Further elements for `<devices>`.
    """
    cpu = f"<cpu mode='custom' match='exact'><model>{image.cpu}</model></cpu>" if image.cpu else ""
    features = "<features><acpi/><apic/></features>" if image.arch == "x86_64" else ""
    return f"""\
<domain type='qemu'>
  <name>{escape(name)}</name>
  <memory unit='MiB'>{memory}</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch='{image.arch}' machine='{image.machine}'>hvm</type>
    <kernel>{image.kernel}</kernel>
    <initrd>{image.initrd}</initrd>
    <cmdline>{escape(f"{image.cmdline} {parameters}".strip())}</cmdline>
  </os>
  {features}
  {cpu}
  <on_reboot>restart</on_reboot>
  <devices>
    <serial type='file'>
      <source path='{escape(str(ticks))}' append='on'/>
      <target port='0'/>
    </serial>
    {devices}
  </devices>
</domain>
"""


def container(name: str, root: Path) -> str:
    """The XML of an LXC container whose root folder is `root` (`Images.container_root`)."""
    return f"""\
<domain type='lxc'>
  <name>{escape(name)}</name>
  <memory unit='MiB'>64</memory>
  <os>
    <type>exe</type>
    <init>/sbin/init</init>
  </os>
  <devices>
    <filesystem type='mount'>
      <source dir='{escape(str(root))}'/>
      <target dir='/'/>
    </filesystem>
    <console type='pty'/>
  </devices>
</domain>
"""
