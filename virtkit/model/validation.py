"""Checking documents against libvirt's own schemas, where they are installed."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from lxml import etree

from virtkit import tree
from virtkit.errors import Problem

FOLDERS = (Path("/usr/share/libvirt/schemas"), Path("/usr/local/share/libvirt/schemas"))
_FILES = {
    "capabilities": "capability",
    "domainCapabilities": "domaincaps",
    "filter": "nwfilter",
    "filterbinding": "nwfilterbinding",
    "device": "nodedev",
    "pool": "storagepool",
    "storagepoolCapabilities": "storagepoolcaps",
    "volume": "storagevol",
}


def schema_path(root: str) -> Path | None:
    """The file of libvirt's schema for documents with this *root* element, or None if it is not installed.

    ``VIRTKIT_SCHEMAS`` names a folder to look in first.
    """
    first = os.environ.get("VIRTKIT_SCHEMAS")
    for folder in (*([Path(first)] if first else []), *FOLDERS):
        path = folder / f"{_FILES.get(root, root)}.rng"
        if path.is_file():
            return path
    return None


def schema_available(root: str = "domain") -> bool:
    """Whether libvirt's schema for documents with this *root* element is installed here."""
    return schema_path(root) is not None


@cache
def _schema(path: Path) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(os.fspath(path)))


def validate(xml: tree.Source) -> list[Problem]:
    """Return what libvirt's schema finds wrong with *xml*; nothing if it is valid.

    Where the schema is not installed (`schema_available`), nothing is found.

    Raises:
        ParseError: *xml* is not well-formed.
    """
    root = tree.parse(xml)
    path = schema_path(str(root.tag))
    if path is None:
        return []
    schema = _schema(path)
    if schema.validate(root):
        return []
    return [Problem(error.path or "", error.message, error.line) for error in schema.error_log]
