"""Write cpus.json and guests.json: CPU models, and what QEMU can run, read from libvirt.

Give it the folder of libvirt's sources and the URI of a QEMU host that runs without KVM::

    python -m virtkit.fake.node._generate libvirt-9.0.0/src qemu+tcp://HOST/system

Both files hold facts: which features a CPU model has, which machines an emulator knows, what each can have.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from lxml import etree

from virtkit.fake._generate import real_module

_HERE = Path(__file__).parent


def cpus(source: Path) -> dict[str, Any]:
    """Return the features and models of libvirt's CPU map."""
    maps = source / "cpu_map"
    index = etree.parse(str(maps / "index.xml"))
    found: dict[str, Any] = {"features": [], "unmigratable": [], "models": {}, "names": {}, "vendors": []}
    for arch in index.findall("arch"):
        names = []
        for include in arch.findall("include"):
            root = etree.parse(str(maps / include.get("filename", ""))).getroot()
            names += [model.get("name") for model in root.findall("model")]
            if arch.get("name") == "x86":
                _x86(root, found)
        found["names"][arch.get("name")] = names
    return found


def _x86(root: etree._Element, found: dict[str, Any]) -> None:
    found["vendors"] += [each.get("name") for each in root.findall("vendor")]
    for feature in root.findall("feature"):
        found["features"].append(feature.get("name"))
        if feature.get("migratable") == "no":
            found["unmigratable"].append(feature.get("name"))
    for model in root.findall("model"):
        features = [each.get("name") for each in model.findall("feature") if each.get("removed") != "yes"]
        ancestor, vendor, decode = model.find("model"), model.find("vendor"), model.find("decode")
        inherited = {} if ancestor is None else found["models"][ancestor.get("name")]
        found["models"][model.get("name")] = {
            "vendor": inherited.get("vendor") if vendor is None else vendor.get("name"),
            "guest": decode is None or decode.get("guest") == "on",
            "features": " ".join([*inherited.get("features", "").split(), *map(str, features)]),
            "removed": [
                each.get("name") for each in model.findall("feature") if each.get("removed") == "yes"
            ],
        }


def guests(uri: str) -> dict[str, Any]:
    """Return, by architecture, emulator, machines and features; and the parts of domain capabilities."""
    parts: list[str] = []
    found: dict[str, Any] = {"guests": [], "parts": parts}
    conn = real_module("libvirt").open(uri)
    for guest in etree.fromstring(conn.getCapabilities()).findall("guest"):
        arch = guest.find("arch")
        assert arch is not None  # noqa: S101
        entry: dict[str, Any] = {
            "arch": arch.get("name"),
            "wordsize": int(arch.findtext("wordsize") or "0"),
            "emulator": arch.findtext("emulator"),
            "features": [_flat(each) for each in guest.findall("features/*")],
            "machines": [
                _machine(each, conn, str(arch.get("name")), parts) for each in arch.findall("machine")
            ],
        }
        found["guests"].append(entry)
    return found


def _flat(element: etree._Element) -> str:
    attributes = "".join(f" {name}='{value}'" for name, value in element.attrib.items())
    return f"<{element.tag!s}{attributes}/>"


def _machine(element: etree._Element, conn: Any, arch: str, parts: list[str]) -> list[Any]:
    name, canonical = element.text or "", element.get("canonical")
    deprecated = element.get("deprecated") == "yes"
    made: list[int] = []
    if canonical is None:
        tree = etree.fromstring(conn.getDomainCapabilities(None, arch, name, "qemu"))
        for section in ("iothreads", "os", "cpu", "memoryBacking"):
            made += [_part(each, parts) for each in tree.findall(section)]
        made += [_part(each, parts) for each in tree.findall("devices/*")]
        made += [_part(each, parts) for each in tree.findall("features")]
    return [name, int(element.get("maxCpus", "0")), canonical, deprecated, made]


def _part(element: etree._Element, parts: list[str]) -> int:
    element.tail = None
    for each in element.iter():
        if not (each.text or "").strip():
            each.text = None
        each.tail = None
    text = etree.tostring(element, encoding="unicode").replace('"', "'")
    if text not in parts:
        parts.append(text)
    return parts.index(text)


def _write(name: str, facts: Any) -> None:
    (_HERE / name).write_text(json.dumps(facts, indent=None, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write("cpus.json", cpus(Path(sys.argv[1])))
    _write("guests.json", guests(sys.argv[2]))
