"""A volume's document: what libvirt reads of it, and how it prints it.

A definition is plain data: ``name``, ``key``, ``path``, ``type``, ``capacity``, ``allocation``, ``format``,
``permissions``, ``encryption``, ``compat``, ``nocow``, ``cluster_size``, ``features``, ``timestamps``,
``physical``, and ``backing`` with path, format, permissions and timestamps of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.network.values import choice, number
from virtkit.fake.reading import read, text_of
from virtkit.fake.storage.kinds import VOLUME_TYPES, Kind
from virtkit.fake.storage.values import (
    FROM,
    attribute,
    permissions,
    print_permissions,
    print_secret,
    scaled,
    secret,
    size_of,
    unsupported,
    wrong,
)
from virtkit.fake.storage.writing import Lines

if TYPE_CHECKING:
    from lxml import etree

_TITLE = "storage_volume_definition"
_COMPAT = re.compile(r"\s*\+?\d+\.\s*\+?\d+\Z")
_FEATURES = ("lazy_refcounts", "extended_l2")
_TIMES = ("atime", "mtime", "ctime", "btime")


def parse_volume(
    xml: str, kind: Kind, *, capacity: str = "required", validate: bool = False
) -> dict[str, Any]:
    """Return the definition that *xml* makes in a pool of the type *kind*.

    Args:
        xml: what the caller gave.
        kind: the pool's type.
        capacity: ``required``, ``backing`` (optional with a backing store) or ``optional``.
        validate: whether it must fit libvirt's schema.

    Raises:
        libvirtError: it is faulty.
    """
    tree = read(xml, _TITLE, "volume", FROM, "storagevol.rng" if validate else "")
    return volume_of(tree, kind, capacity=capacity)


def volume_of(tree: etree._Element, kind: Kind, *, capacity: str = "required") -> dict[str, Any]:
    """Return the definition that the element *tree* makes."""
    name, type_ = text_of(tree, "name"), tree.get("type") or None
    if name is None:
        wrong("missing volume name element")
    if type_ is not None and type_ not in VOLUME_TYPES:
        unsupported(f"unknown volume type '{type_}'")
    backing = _backing(tree, kind)
    size = size_of(tree, "capacity")
    if size is None and capacity != "optional" and not (capacity == "backing" and backing):
        wrong("missing capacity element")
    allocation = size_of(tree, "allocation")
    definition: dict[str, Any] = {
        "name": name,
        "key": text_of(tree, "key"),
        "type": VOLUME_TYPES.index(type_ or "file"),
        "backing": backing,
        "capacity": size or 0,
        "has_capacity": size is not None,
        "allocation": (size or 0) if allocation is None else allocation,
        "has_allocation": allocation is not None,
        "physical": 0,
        "path": text_of(tree, "target/path"),
        "format": _image(tree, "target/format", kind),
        "permissions": permissions(tree, "target/permissions"),
        "timestamps": None,
    }
    encryption = tree.find("target/encryption")
    definition["encryption"] = None if encryption is None else _encryption(encryption)
    definition.update(_details(tree))
    return definition


def _image(tree: etree._Element, path: str, kind: Kind) -> str | None:
    if not kind.images:
        return None
    given = attribute(tree, path, "type")
    if given is None:
        return kind.default_image
    refused = "" if kind.name == "disk" else "none"
    if given not in kind.images or given == refused:
        unsupported(f"unknown volume format type {given}")
    return given


def _backing(tree: etree._Element, kind: Kind) -> dict[str, Any] | None:
    path = text_of(tree, "backingStore/path")
    if path is None:
        return None
    return {
        "path": path,
        "format": _image(tree, "backingStore/format", kind),
        "permissions": permissions(tree, "backingStore/permissions"),
        "timestamps": None,
    }


def _details(tree: etree._Element) -> dict[str, Any]:
    """Return what is special to qcow2."""
    compat = text_of(tree, "target/compat")
    if compat is not None and not _COMPAT.match(compat):
        wrong("forbidden characters in 'compat' attribute")
    details: dict[str, Any] = {
        "compat": compat,
        "nocow": tree.find("target/nocow") is not None,
        "cluster_size": _cluster_size(tree),
        "features": None,
    }
    features = tree.find("target/features")
    if features is not None:
        names = [str(each.tag) for each in features if isinstance(each.tag, str)]
        for name in names:
            if name not in _FEATURES:
                unsupported(f"unsupported feature {name}")
        details["compat"] = compat or "1.1"
        details["features"] = [name for name in _FEATURES if name in names]
    return details


def _cluster_size(tree: etree._Element) -> int:
    path = "target/clusterSize"
    text = text_of(tree, path)
    value = 0 if text is None else number(text, most=(1 << 64) - 1)
    if value is None:
        message = f"Invalid value '{text}' for element or attribute './{path}'"
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_XML, message)
    return scaled(value, attribute(tree, path, "unit"))


def _encryption(given: etree._Element) -> dict[str, Any]:
    style = given.get("format") or None
    if style is None:
        wrong("unknown volume encryption format")
    if style not in {"default", "qcow", "luks", "luks2", "luks-any"}:
        unsupported(f"unknown volume encryption format type {style}")
    found: dict[str, Any] = {
        "format": style,
        "engine": choice(given, "engine", ("qemu", "librbd")),
        "secrets": [_encryption_secret(each) for each in given.findall("secret")],
        "cipher": None,
        "ivgen": None,
    }
    cipher, ivgen = given.find("cipher"), given.find("ivgen")
    if style == "luks" and cipher is not None:
        if cipher.get("name") is None:
            wrong("cipher info missing 'name' attribute")
        size = number(cipher.get("size") or "")
        if size is None:
            wrong("Missing required attribute 'size' in element 'cipher'")
        found["cipher"] = {**dict(cipher.attrib), "size": size}
    if style == "luks" and ivgen is not None:
        if cipher is None:
            wrong("ivgen element found, but cipher is missing")
        found["ivgen"] = dict(ivgen.attrib)
    return found


def _encryption_secret(element: etree._Element) -> dict[str, str]:
    kind = element.get("type") or None
    if kind is None:
        wrong("unknown volume encryption secret type")
    if kind != "passphrase":
        unsupported(f"unknown volume encryption secret type {kind}")
    return secret(element)


def print_volume(definition: dict[str, Any]) -> str:
    """Return the document of *definition*."""
    lines = Lines()
    with lines.inside("volume", type=VOLUME_TYPES[definition["type"]]):
        lines.leaf("name", definition["name"])
        lines.leaf("key", definition["key"])
        lines.leaf("capacity", definition["capacity"], unit="bytes")
        lines.leaf("allocation", definition["allocation"], unit="bytes")
        lines.leaf("physical", definition["physical"] or None, unit="bytes")
        with lines.inside("target"):
            _print_image(lines, definition)
        if definition["backing"]:
            with lines.inside("backingStore"):
                _print_image(lines, definition["backing"])
    return lines.text()


def _print_image(lines: Lines, image: dict[str, Any]) -> None:
    lines.leaf("path", image["path"])
    if image["format"]:
        lines.empty("format", type=image["format"])
    print_permissions(lines, image["permissions"])
    if image["timestamps"]:
        with lines.inside("timestamps"):
            for name, time in zip(_TIMES, image["timestamps"], strict=True):
                lines.leaf(name, _time(time))
    if image.get("encryption"):
        _print_encryption(lines, image["encryption"])
    lines.leaf("compat", image.get("compat"))
    lines.leaf("clusterSize", image.get("cluster_size") or None, unit="B")
    features = image.get("features")
    if features:
        with lines.inside("features"):
            for name in features:
                lines.empty(name)
    elif features is not None:
        lines.empty("features")


def _time(nanoseconds: int) -> str:
    seconds, rest = divmod(nanoseconds, 10**9)
    return f"{seconds}.{rest:09d}" if rest else str(seconds)


def _print_encryption(lines: Lines, encryption: dict[str, Any]) -> None:
    with lines.inside("encryption", format=encryption["format"], engine=encryption["engine"]):
        for each in encryption["secrets"]:
            print_secret(lines, each)
        cipher, ivgen = encryption["cipher"], encryption["ivgen"]
        if cipher:
            lines.empty("cipher", **{name: cipher.get(name) for name in ("name", "size", "mode", "hash")})
        if cipher and ivgen and ivgen.get("name"):
            lines.empty("ivgen", name=ivgen["name"], hash=ivgen.get("hash"))


def filled_volume(xml: str, kind: Kind, *, capacity: str = "required") -> str:
    """Return how libvirt prints the volume *xml* of a pool of the type *kind*, before it is created."""
    return print_volume(volume_of(read(xml, _TITLE, "volume", FROM), kind, capacity=capacity))
