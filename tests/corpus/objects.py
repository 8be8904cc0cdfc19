"""libvirt's pairs of networks, storage pools and volumes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from virtkit.fake.errors import libvirtError
from virtkit.tree import parse

from .compare import differences, lost, same
from .report import Report, Result

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lxml import etree

_NETWORK = re.compile(r'^    DO_TEST(_PARSE_ERROR|_FLAGS)?\("([^"]+)"', re.MULTILINE)
_POOL = re.compile(r'^    DO_TEST\("([^"]+)"\);', re.MULTILINE)
_VOLUME = re.compile(
    r'^    DO_TEST(?:_FULL)?\("([^"]+)", "([^"]+)"(,\s*VIR_VOL_XML_PARSE_NO_CAPACITY)?', re.MULTILINE
)


def judge(name: str, given: Path, expected: Path | None, make: Callable[[str], etree._Element]) -> Result:
    """Return what became of one document; *expected* is None where libvirt refuses it."""
    try:
        ours = make(given.read_text())
    except libvirtError as error:
        return Result(name, reproduced=expected is None, error=str(error))
    if expected is None:
        return Result(name, differences=["+ taken, which libvirt refuses"])
    theirs, stated = parse(expected.read_bytes()), parse(given.read_bytes())
    for tree in (theirs, stated):  # of a running domain: nothing that a definition says
        tree.attrib.pop("id", None)
    if stated.find("uuid") is None:  # drawn at random
        for tree in (ours, theirs):
            for uuid in tree.findall("uuid"):
                tree.remove(uuid)
    return Result(
        name,
        reproduced=same(ours, theirs),
        differences=differences(ours, theirs),
        lost=lost(stated, theirs, ours),
    )


def networks(source: Path) -> Report:
    """Return the report on libvirt's networks."""
    from virtkit.fake.network.definition import read

    tests = source / "tests"
    results = []
    for kind, name in _NETWORK.findall((tests / "networkxml2xmltest.c").read_text()):
        expected = None if kind == "_PARSE_ERROR" else tests / f"networkxml2xmlout/{name}.xml"
        results.append(judge(name, tests / f"networkxml2xmlin/{name}.xml", expected, read))
    return Report("networks", results)


def pools(source: Path) -> Report:
    """Return the report on libvirt's storage pools."""
    from virtkit.fake.storage.pooldoc import filled_pool

    tests = source / "tests"
    results = [
        judge(
            name,
            tests / f"storagepoolxml2xmlin/{name}.xml",
            tests / f"storagepoolxml2xmlout/{name}.xml",
            lambda xml: parse(filled_pool(xml)),
        )
        for name in _POOL.findall((tests / "storagepoolxml2xmltest.c").read_text())
    ]
    return Report("pools", results)


def volumes(source: Path) -> Report:
    """Return the report on libvirt's storage volumes."""
    tests = source / "tests"
    results = []
    for pool, name, free in _VOLUME.findall((tests / "storagevolxml2xmltest.c").read_text()):
        kind = parse((tests / f"storagepoolxml2xmlin/{pool}.xml").read_bytes()).get("type", "")
        result = judge(
            name,
            tests / f"storagevolxml2xmlin/{name}.xml",
            tests / f"storagevolxml2xmlout/{name}.xml",
            lambda xml, kind=kind, free=free: _volume(xml, kind, free=bool(free)),  # type: ignore[misc]
        )
        results.append(result)
    return Report("volumes", results)


def _volume(xml: str, kind: str, *, free: bool) -> etree._Element:
    from virtkit.fake.storage.kinds import KINDS
    from virtkit.fake.storage.volumedoc import filled_volume

    return parse(filled_volume(xml, KINDS[kind], capacity="optional" if free else "required"))
