"""What a guest boots by: a loader that is named, or firmware that libvirt selects."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.fill.parts import Parts

_SELECTED = "when firmware autoselection is enabled"


def check(parts: Parts, personality: str) -> None:
    """Check the loader and its NVRAM."""
    system = parts.one("os")
    if system is None:
        return
    firmware, loader, nvram = system.get("firmware"), system.find("loader"), system.find("nvram")
    _features(firmware, system.find("firmware"), alone=personality != "qemu")
    if loader is None and nvram is None:
        return
    path = "" if loader is None else (loader.text or "").strip()
    if firmware is not None:
        _selected(firmware, loader, nvram, path)
    elif not path:
        _refuse("no loader path specified and firmware auto selection disabled")
    _stateless(firmware, loader, nvram)


def _features(firmware: str | None, wanted: etree._Element | None, *, alone: bool) -> None:
    """The features of firmware that is to be selected; *alone*: they may be named without."""
    named = {} if wanted is None else {each.get("name"): each.get("enabled") for each in wanted}
    if named.get("enrolled-keys") == "yes" and named.get("secure-boot") == "no":
        _refuse(
            "firmware feature 'enrolled-keys' cannot be enabled when firmware feature 'secure-boot' is "
            "disabled"
        )
    if named and firmware is None and not alone:
        _refuse("cannot use feature-based firmware autoselection when firmware autoselection is disabled")


def _selected(firmware: str, loader: etree._Element | None, nvram: etree._Element | None, path: str) -> None:
    given = {} if loader is None else dict(loader.attrib)
    for attribute in ("readonly", "type"):
        if attribute in given:
            _refuse(f"loader attribute '{attribute}' cannot be specified {_SELECTED}")
    if path:
        _refuse(f"loader path cannot be specified {_SELECTED}")
    if nvram is not None and nvram.get("template"):
        _refuse(f"nvram attribute 'template' cannot be specified {_SELECTED}")
    if given.get("secure") == "no":
        _refuse(f"loader attribute 'secure' cannot be specified {_SELECTED}")
    if nvram is not None and firmware != "efi":
        _refuse(f"firmware type '{firmware}' does not support nvram")


def _stateless(firmware: str | None, loader: etree._Element | None, nvram: etree._Element | None) -> None:
    stateless = None if loader is None else loader.get("stateless")
    if stateless == "yes" and nvram is not None:
        what = "NVRAM template" if nvram.get("template") else "NVRAM"
        _refuse(f"{what} is not permitted when loader is stateless")
    if stateless == "no" and loader is not None:
        if firmware is None and loader.get("type") != "pflash":
            _refuse("Only pflash loader type permits NVRAM")
        if firmware not in {None, "efi"}:
            _refuse("Only EFI firmware permits NVRAM")


def _refuse(detail: str) -> NoReturn:
    fail(c.VIR_ERR_XML_DETAIL, c.VIR_FROM_DOMAIN, detail)
