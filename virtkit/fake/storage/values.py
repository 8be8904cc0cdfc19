"""What the documents of pools and volumes have in common: sizes, permissions, secrets, paths."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.reading import parse_uuid, text_of

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.storage.writing import Lines

FROM = c.VIR_FROM_STORAGE
_LARGEST = (1 << 63) - 1
_DIGITS = re.compile(r"\s*\+?(\d+)\Z")
_SIGNED = re.compile(r"\s*([-+]?\d+)\Z")
_OCTAL = re.compile(r"\s*\+?([0-7]+)\Z")
_LETTERS = "kmgtpe"
_MODE_BITS, _NOBODY = 0o777, (1 << 32) - 1


def wrong(detail: str) -> NoReturn:
    """Raise that a document is faulty."""
    fail(c.VIR_ERR_XML_ERROR, FROM, detail)


def unsupported(detail: str) -> NoReturn:
    """Raise that a document asks for what libvirt does not support."""
    fail(c.VIR_ERR_CONFIG_UNSUPPORTED, FROM, detail)


def attribute(tree: etree._Element, path: str, name: str) -> str | None:
    """Return an attribute of the first element at *path*; None if it is missing or empty."""
    found = tree.find(path)
    return None if found is None else found.get(name) or None


def size_of(tree: etree._Element, tag: str) -> int | None:
    """Return the bytes that the element *tag* says; None if there is none."""
    text = text_of(tree, tag)
    if text is None:
        return None
    found = _DIGITS.match(text)
    if found is None or int(found[1]) >= 1 << 64:
        wrong("malformed capacity element")
    return scaled(int(found[1]), attribute(tree, tag, "unit"))


def scaled(value: int, unit: str | None) -> int:
    """Return *value* of *unit* in bytes."""
    scale = _scale(unit)
    if value > _LARGEST // scale:
        fail(c.VIR_ERR_OVERFLOW, c.VIR_FROM_NONE, f"value too large: {value}{unit or ''}")
    return value * scale


def _scale(unit: str | None) -> int:
    lower = (unit or "b").lower()
    if lower in {"b", "byte", "bytes"}:
        return 1
    base = {"": 1024, "ib": 1024, "b": 1000}.get(lower[1:], 0)
    if not base or lower[0] not in _LETTERS:
        fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_NONE, f"unknown suffix '{unit}'")
    power: int = base ** (_LETTERS.index(lower[0]) + 1)
    return power


def clean_path(path: str) -> str:
    """Return *path* without repeated and trailing slashes; two at the beginning have a meaning."""
    double = path.startswith("//") and not path.startswith("///")
    clean = re.sub("/+", "/", path)
    if len(clean) > 1:
        clean = clean.rstrip("/")
    return f"/{clean}" if double else clean


def permissions(tree: etree._Element, path: str) -> dict[str, Any] | None:
    """Return the permissions at *path*: what is stated of mode, owner, group, label."""
    found = tree.find(path)
    if found is None:
        return None
    stated: dict[str, Any] = {}
    mode = text_of(found, "mode")
    if mode is not None:
        octal = _OCTAL.match(mode)
        if octal is None or int(octal[1], 8) & ~_MODE_BITS:
            wrong("malformed octal mode")
        stated["mode"] = int(octal[1], 8)
    for name in ("owner", "group"):
        if found.find(name) is not None:
            number = _SIGNED.match(text_of(found, name) or "")
            if number is None or not -1 <= int(number[1]) <= _NOBODY:
                wrong(f"malformed {name} element")
            if int(number[1]) not in {-1, _NOBODY}:
                stated[name] = int(number[1])
    label = text_of(found, "label")
    if label is not None:
        stated["label"] = label
    return stated


def print_permissions(lines: Lines, stated: dict[str, Any] | None) -> None:
    """Add what is stated of permissions."""
    if stated:
        with lines.inside("permissions"):
            if "mode" in stated:
                lines.leaf("mode", f"0{stated['mode']:o}")
            for name in ("owner", "group", "label"):
                lines.leaf(name, stated.get(name))


def _wrong_secret(detail: str) -> NoReturn:
    fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_NONE, detail)


def secret(element: etree._Element) -> dict[str, str]:
    """Return how a ``secret`` element finds its secret: ``type``, and ``uuid`` or ``usage``."""
    uuid, usage = element.get("uuid"), element.get("usage")
    if uuid is None and usage is None:
        _wrong_secret("missing secret uuid or usage attribute")
    if uuid is not None and usage is not None:
        _wrong_secret("either secret uuid or usage expected")
    found = {"type": element.get("type") or ""}
    if uuid is not None:
        parsed = parse_uuid(uuid)
        if parsed is None:
            _wrong_secret(f"invalid secret uuid '{uuid}'")
        found["uuid"] = parsed
    else:
        found["usage"] = usage or ""
    return found


def print_secret(lines: Lines, stated: dict[str, str]) -> None:
    """Add a ``secret`` element."""
    lines.empty("secret", type=stated["type"] or None, uuid=stated.get("uuid"), usage=stated.get("usage"))
