"""Whether a document may take another's place while the guest lives on: what the guest sees stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    Get = Callable[[etree._Element], str | None]


def _attribute(path: str, name: str) -> Get:
    def get(tree: etree._Element) -> str | None:
        found = tree if path == "." else tree.find(path)
        return None if found is None else found.get(name)

    return get


def _text(path: str) -> Get:
    return lambda tree: tree.findtext(path)


# what is compared, in libvirt's order, and what is said of a difference
_FACTS: tuple[tuple[Get, str], ...] = (
    (_attribute(".", "type"), "Target domain virt type {} does not match source {}"),
    (_text("uuid"), "Target domain uuid {} does not match source {}"),
    (_text("genid"), "Target domain genid {} does not match source {}"),
    (_text("name"), "Target domain name '{}' does not match source '{}'"),
    (_text("memory"), "Target domain max memory {} does not match source {}"),
    (_text("currentMemory"), "Target domain current memory {} does not match source {}"),
    (_text("vcpu"), "Target domain vCPU max {} does not match source {}"),
    (_text("os/type"), "Target domain OS type {} does not match source {}"),
    (_attribute("os/type", "arch"), "Target domain architecture {} does not match source {}"),
    (_attribute("os/type", "machine"), "Target domain machine type {} does not match source {}"),
)
_DEVICE_FACTS: dict[str, tuple[tuple[Get, str], ...]] = {
    "disk": (
        (_attribute(".", "device"), "Target disk device {} does not match source {}"),
        (_attribute("target", "bus"), "Target disk bus {} does not match source {}"),
        (_attribute("target", "dev"), "Target disk {} does not match source {}"),
    ),
    "interface": ((_attribute("mac", "address"), "Target network card mac {} does not match source {}"),),
}
_DEVICES = {
    "disk": "disk",
    "controller": "controller",
    "filesystem": "filesystem",
    "interface": "net card",
    "input": "input device",
    "sound": "sound card",
    "video": "video card",
    "hostdev": "host device",
    "smartcard": "smartcard",
    "serial": "serial port",
    "parallel": "parallel port",
    "channel": "channel",
    "console": "console",
    "hub": "hub device",
    "redirdev": "redirected devices",
    "watchdog": "watchdog",
    "memballoon": "memory balloon",
    "rng": "RNG device",
    "panic": "panic device",
    "shmem": "shared memory device",
    "tpm": "TPM device",
    "memory": "memory device",
}


def check(source: etree._Element, target: etree._Element) -> None:
    """Compare what a guest sees in two filled documents.

    Raises:
        libvirtError: VIR_ERR_CONFIG_UNSUPPORTED, with the first difference.
    """
    for get, text in _FACTS:
        if get(source) != get(target):
            _refuse(text.format(get(target), get(source)))
    for tag, what in _DEVICES.items():
        ours, theirs = source.findall(f"devices/{tag}"), target.findall(f"devices/{tag}")
        if len(ours) != len(theirs):
            _refuse(f"Target domain {what} count {len(theirs)} does not match source {len(ours)}")
        for before, after in zip(ours, theirs, strict=True):
            for get, text in _DEVICE_FACTS.get(tag, ()):
                if get(before) != get(after):
                    _refuse(text.format(get(after), get(before)))


def _refuse(detail: str) -> None:
    fail(c.VIR_ERR_CONFIG_UNSUPPORTED, c.VIR_FROM_DOMAIN, detail)
