"""Documents to fill in, and what is made of them."""

from __future__ import annotations

from typing import Any

from virtkit.fake.fill import defining, reading


def filled(
    devices: str = "",
    *,
    arch: str = "x86_64",
    machine: str = "pc",
    kind: str = "qemu",
    inner: str = "",
    new: bool = True,
) -> Any:
    """Return the tree of a domain that QEMU's driver has filled in."""
    named = f" machine='{machine}'" if machine else ""
    system = f"<os><type arch='{arch}'{named}>hvm</type></os>{inner}"
    head = f"<domain type='{kind}'><name>one</name><memory>65536</memory>{system}"
    xml = f"{head}<devices>{devices}</devices></domain>"
    tree = reading.read(xml, new=new)
    defining.fill(tree, "qemu", new=new)
    return tree


def places(tree: Any, path: str) -> list[str]:
    """Return the PCI addresses of the devices at *path*, as ``bus:slot.function``."""
    return [
        "{}:{}.{}".format(*(each.get(name)[2:] for name in ("bus", "slot", "function")))
        for each in tree.findall(f"devices/{path}/address")
    ]


def models(tree: Any, kind: str) -> list[str | None]:
    """Return the models of the controllers of *kind*, in order."""
    return [each.get("model") for each in tree.findall("devices/controller") if each.get("type") == kind]
