"""The devices of a domain, by kind: what `templates/devices` writes, read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.spec.reading.values import Table, children, filled, pairs, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

_DISK: Table = {
    "type": "@type", "device": "@device", "model": "@model", "snapshot": "@snapshot",
    "driver": "driver/@name", "format": "driver/@type", "cache": "driver/@cache", "io": "driver/@io",
    "error_policy": "driver/@error_policy", "rerror_policy": "driver/@rerror_policy",
    "copy_on_read": "driver/@copy_on_read", "discard": "driver/@discard", "iothread": "driver/@iothread",
    "detect_zeroes": "driver/@detect_zeroes", "queues": "driver/@queues",
    "pool": "source/@pool", "volume": "source/@volume",
    "protocol": "source/@protocol", "name": "source/@name", "query": "source/@query",
    "startup_policy": "source/@startupPolicy",
    "target": "target/@dev", "bus": "target/@bus", "removable": "target/@removable",
    "rotation_rate": "target/@rotation_rate",
    "logical_block_size": "blockio/@logical_block_size",
    "physical_block_size": "blockio/@physical_block_size",
    "readonly": "readonly?", "shareable": "shareable?", "transient": "transient?",
    "serial": "serial", "wwn": "wwn", "vendor": "vendor", "product": "product", "boot_order": "boot/@order",
}  # fmt: skip
_SOURCES = {"block": "dev", "dir": "dir"}
_HOST: Table = {"name": "@name", "port": "@port", "transport": "@transport", "socket": "@socket"}
_AUTH: Table = {
    "username": "@username", "type": "secret/@type", "uuid": "secret/@uuid", "usage": "secret/@usage",
}  # fmt: skip
_ENCRYPTION: Table = {
    "format": "@format", "engine": "@engine", "uuid": "secret/@uuid", "usage": "secret/@usage",
}  # fmt: skip
_TUNED: Table = {
    f"{way}_{what}_sec{most}": f"{way}_{what}_sec{most}{unit}"
    for most in ("", "_max")
    for what, unit in (("bytes", "=B"), ("iops", ""))
    for way in ("total", "read", "write")
} | {"size_iops_sec": "size_iops_sec", "group_name": "group_name"}


def _disk(element: etree._Element) -> dict[str, Any]:
    fields = read(element, _DISK)
    if fields.get("device") == "cdrom" and "readonly" not in fields:
        fields["readonly"] = False
    source = element.find("source")
    if source is not None:
        fields["source"] = source.get(_SOURCES.get(fields.get("type", "file"), "file"))
        fields["hosts"] = children(source, "host", _HOST)
        auth = source.find("auth")
        fields["auth"] = read(auth, _AUTH) if auth is not None else None
        encryption = source.find("encryption")
        fields["encryption"] = read(encryption, _ENCRYPTION) if encryption is not None else None
    tune = element.find("iotune")
    if tune is not None:
        fields["iotune"] = read(tune, _TUNED)
    return fields


_INTERFACE: Table = {
    "type": "@type", "managed": "@managed", "trust_guest_rx_filters": "@trustGuestRxFilters",
    "mac": "mac/@address", "network": "source/@network", "portgroup": "source/@portgroup",
    "bridge": "source/@bridge", "dev": "source/@dev", "mode": "source/@mode", "script": "script/@path",
    "target": "target/@dev", "managed_target": "target/@managed", "guest_dev": "guest/@dev",
    "model": "model/@type", "driver": "driver/@name", "queues": "driver/@queues",
    "isolated": "port/@isolated", "link": "link/@state", "mtu": "mtu/@size", "boot_order": "boot/@order",
}  # fmt: skip
_RATE: Table = {"average": "@average", "peak": "@peak", "burst": "@burst", "floor": "@floor"}


def _interface(element: etree._Element) -> dict[str, Any]:
    fields = read(element, _INTERFACE)
    address = element.find("source/address")
    if fields.get("type") == "hostdev" and address is not None:
        fields["pci"] = _pci(address)
    vlan = element.find("vlan")
    if vlan is not None:
        native = vlan.find("tag[@nativeMode]")
        fields["vlan"] = filled({
            "tags": [tag.get("id") for tag in vlan.findall("tag")],
            "trunk": vlan.get("trunk"),
            "native": native.get("id") if native is not None else None,
        })  # fmt: skip
    port = element.find("virtualport")
    if port is not None:
        parameters = port.find("parameters")
        given = dict(parameters.attrib) if parameters is not None else {}
        fields["virtualport"] = filled({"type": port.get("type"), "parameters": given})
    rule = element.find("filterref")
    if rule is not None:
        given = pairs(rule, "parameter", "name", "@value")
        fields["filter"] = filled({"name": rule.get("filter"), "parameters": given})
    bandwidth = element.find("bandwidth")
    if bandwidth is not None:
        fields["bandwidth"] = {each.tag: read(each, _RATE) for each in bandwidth}
    return fields


def _pci(address: etree._Element) -> str | None:
    """Return ``0000:06:00.0`` for the attributes of a PCI address."""
    try:
        numbers = [int(address.get(name, "0"), 0) for name in ("domain", "bus", "slot", "function")]
    except ValueError:
        return None
    return "{:04x}:{:02x}:{:02x}.{:x}".format(*numbers)


_CHARDEV: Table = {
    "type": "@type", "path": "source/@path", "append": "source/@append", "mode": "source/@mode",
    "host": "source/@host", "service": "source/@service", "protocol": "protocol/@type",
    "channel": "source/@channel", "master": "source/@master", "slave": "source/@slave",
    "log": "log/@file", "log_append": "log/@append", "target_type": "target/@type", "port": "target/@port",
}  # fmt: skip
_TABLES: dict[str, Table] = {
    "controller": {
        "type": "@type", "index": "@index", "model": "@model", "ports": "@ports",
        "queues": "driver/@queues", "iothread": "driver/@iothread", "vectors": "@vectors",
        "model_name": "model/@name", "node": "target/node", "pcihole64": "pcihole64=KiB",
        "startport": "master/@startport",
    },
    "audio": {
        "id": "@id", "type": "@type", "timer_period": "@timerPeriod", "server": "@serverName",
        "path": "@path", "driver": "@driver",
    },
    "memory": {
        "model": "@model", "access": "@access", "discard": "@discard", "uuid": "uuid", "path": "source/path",
        "alignsize": "source/alignsize=KiB", "pmem": "source/pmem?", "pagesize": "source/pagesize=KiB",
        "nodemask": "source/nodemask", "size": "target/size=KiB", "node": "target/node",
        "block": "target/block=KiB", "requested": "target/requested=KiB", "label": "target/label/size=KiB",
        "readonly": "target/readonly?",
    },
    "hub": {"type": "@type"},
    "redirdev": {**_CHARDEV, "bus": "@bus", "boot_order": "boot/@order"},
    "filesystem": {
        "type": "@type", "accessmode": "@accessmode", "multidevs": "@multidevs", "fmode": "@fmode",
        "dmode": "@dmode", "driver": "driver/@type", "format": "driver/@format", "queue": "driver/@queue",
        "binary": "binary/@path", "xattr": "binary/@xattr", "cache": "binary/cache/@mode",
        "sandbox": "binary/sandbox/@mode", "socket": "source/@socket", "target": "target/@dir",
        "readonly": "readonly?", "space_hard_limit": "space_hard_limit=B",
        "space_soft_limit": "space_soft_limit=B",
    },
    "serial": {**_CHARDEV, "target_model": "target/model/@name"},
    "console": _CHARDEV,
    "channel": {**_CHARDEV, "name": "target/@name", "target_address": "target/@address"},
    "input": {
        "type": "@type", "bus": "@bus", "model": "@model", "grab_toggle": "source/@grabToggle",
        "repeat": "source/@repeat",
    },
    "tpm": {
        "model": "@model", "type": "backend/@type", "version": "backend/@version",
        "persistent_state": "backend/@persistent_state", "secret": "backend/encryption/@secret",
    },
    "graphics": {
        "type": "@type", "port": "@port", "autoport": "@autoport", "tls_port": "@tlsPort",
        "websocket": "@websocket", "keymap": "@keymap", "share_policy": "@sharePolicy",
        "password": "@passwd", "password_valid_to": "@passwdValidTo", "connected": "@connected",
        "default_mode": "@defaultMode", "display": "@display", "xauth": "@xauth",
        "fullscreen": "@fullscreen", "replace_user": "@replaceUser", "multi_user": "@multiUser",
        "image": "image/@compression", "streaming": "streaming/@mode", "clipboard": "clipboard/@copypaste",
        "mouse": "mouse/@mode", "filetransfer": "filetransfer/@enable", "gl": "gl/@enable",
        "rendernode": "gl/@rendernode", "audio": "audio/@id", "listen_address": "@listen",
        "listen_socket": "@socket", "jpeg": "jpeg/@compression", "zlib": "zlib/@compression",
        "playback": "playback/@compression", "p2p": "@p2p",
    },
    "sound": {"model": "@model", "audio": "audio/@id"},
    "video": {
        "model": "model/@type", "vram": "model/@vram=KiB", "ram": "model/@ram=KiB",
        "vgamem": "model/@vgamem=KiB", "heads": "model/@heads", "primary": "model/@primary",
        "accel3d": "model/acceleration/@accel3d", "accel2d": "model/acceleration/@accel2d",
        "rendernode": "model/acceleration/@rendernode", "resolution_x": "model/resolution/@x",
        "resolution_y": "model/resolution/@y", "driver": "driver/@name", "vgaconf": "driver/@vgaconf",
    },
    "hostdev": {
        "type": "@type", "managed": "@managed", "model": "@model", "display": "@display",
        "ramfb": "@ramfb", "driver": "driver/@name", "startup_policy": "source/@startupPolicy",
        "vendor": "source/vendor/@id", "product": "source/product/@id", "rom": "rom/@enabled",
        "rom_file": "rom/@file", "readonly": "readonly?", "boot_order": "boot/@order",
    },
    "watchdog": {"model": "@model", "action": "@action"},
    "memballoon": {
        "model": "@model", "autodeflate": "@autodeflate", "free_page_reporting": "@freePageReporting",
        "stats_period": "stats/@period",
    },
    "rng": {
        "model": "@model", "backend": "backend/@model", "source": "backend", "rate_bytes": "rate/@bytes",
        "rate_period": "rate/@period",
    },
    "shmem": {
        "name": "@name", "role": "@role", "model": "model/@type", "size": "size=B", "server": "server/@path",
        "msi_vectors": "msi/@vectors", "msi_ioeventfd": "msi/@ioeventfd",
    },
    "panic": {"model": "@model"},
    "vsock": {"model": "@model", "cid": "cid/@address"},
    "iommu": {
        "model": "@model", "intremap": "driver/@intremap", "caching_mode": "driver/@caching_mode",
        "eim": "driver/@eim", "iotlb": "driver/@iotlb", "aw_bits": "driver/@aw_bits",
    },
}  # fmt: skip
_FOLDERS = {"file": "file", "block": "dev", "template": "name"}
_LISTEN: Table = {"type": "@type", "address": "@address", "network": "@network", "socket": "@socket"}
_CAPABLE = {"storage": "block", "misc": "char", "net": "interface"}


def _filesystem(element: etree._Element, fields: dict[str, Any]) -> None:
    source = element.find("source")
    if source is None:
        return
    fields["source"] = source.get(_FOLDERS.get(fields.get("type", ""), "dir"))
    if source.get("usage") is not None:
        fields["usage"] = f"{source.get('usage')}{source.get('units', 'KiB')}"


def _input(element: etree._Element, fields: dict[str, Any]) -> None:
    source = element.find("source")
    if source is not None:
        fields["source"] = source.get("evdev", source.get("dev"))
        fields["grab"] = True if source.get("grab") == "all" else None


def _tpm(element: etree._Element, fields: dict[str, Any]) -> None:
    place = element.find("backend/device")
    place = place if place is not None else element.find("backend/source")
    fields["path"] = place.get("path") if place is not None else None
    banks = element.find("backend/active_pcr_banks")
    fields["active_pcr_banks"] = [bank.tag for bank in banks] if banks is not None else []


def _graphics(element: etree._Element, fields: dict[str, Any]) -> None:
    fields["listen"] = children(element, "listen", _LISTEN)
    fields["channels"] = pairs(element, "channel", "name", "@mode")


def _sound(element: etree._Element, fields: dict[str, Any]) -> None:
    fields["codecs"] = [codec.get("type") for codec in element.findall("codec")]


def _hostdev(element: etree._Element, fields: dict[str, Any]) -> None:
    source, kind = element.find("source"), fields.get("type")
    if source is None:
        return
    address = source.find("address")
    if kind in _CAPABLE:
        fields["path"] = source.findtext(_CAPABLE[kind])
    elif address is not None and kind == "pci":
        fields["pci"] = _pci(address)
    elif address is not None and kind == "mdev":
        fields["mdev"] = address.get("uuid")
    elif address is not None and kind == "usb":
        fields |= {"usb_bus": address.get("bus"), "usb_device": address.get("device")}
    elif address is not None and kind == "scsi":
        adapter = source.find("adapter")
        fields["scsi_adapter"] = adapter.get("name") if adapter is not None else None
        fields |= {f"scsi_{name}": address.get(name) for name in ("bus", "target", "unit")}


_SIDE: Table = {
    "mixing_engine": "@mixingEngine", "fixed_settings": "@fixedSettings", "voices": "@voices",
    "buffer_length": "@bufferLength", "dev": "@dev", "frequency": "settings/@frequency",
    "channels": "settings/@channels", "format": "settings/@format",
}  # fmt: skip


def _audio(element: etree._Element, fields: dict[str, Any]) -> None:
    for name in ("input", "output"):
        side = element.find(name)
        fields[name] = _with_options(side, _SIDE) if side is not None else None
    fields["options"] = _others(element, _TABLES["audio"])


def _with_options(element: etree._Element, table: Table) -> dict[str, Any]:
    return read(element, table) | filled({"options": _others(element, table)})


def _others(element: etree._Element, table: Table, path: str = "@") -> dict[str, str]:
    """Return the attributes of *element* that *table*, which has them after *path*, does not speak of."""
    return {
        str(name): value for name, value in element.attrib.items() if f"{path}{name}" not in table.values()
    }


def _controller(element: etree._Element, fields: dict[str, Any]) -> None:
    target = element.find("target")
    fields["target"] = dict(target.attrib) if target is not None else None


_DRIVEN: dict[str, Table] = {
    "disk": _DISK, "interface": _INTERFACE,
    **{tag: _TABLES[tag] for tag in ("controller", "filesystem", "input", "memballoon", "rng", "video")},
}  # fmt: skip
"""Devices whose driver has more attributes than there are fields."""


def _driver_options(element: etree._Element, table: Table) -> dict[str, str]:
    driver = element.find("driver")
    return {} if driver is None else _others(driver, table, "driver/@")


_MORE: dict[str, Callable[[etree._Element, dict[str, Any]], None]] = {
    "audio": _audio,
    "controller": _controller,
    "filesystem": _filesystem,
    "input": _input,
    "tpm": _tpm,
    "graphics": _graphics,
    "sound": _sound,
    "hostdev": _hostdev,
}
_WHOLE: dict[str, Callable[[etree._Element], dict[str, Any]]] = {"disk": _disk, "interface": _interface}


def device(element: etree._Element) -> dict[str, Any]:
    """Return the fields of a device's spec, as far as they can be read; what they hold is not checked."""
    tag = str(element.tag)
    if tag in _WHOLE:
        fields = _WHOLE[tag](element)
    else:
        fields = read(element, _TABLES[tag])
        if tag in _MORE:
            _MORE[tag](element, fields)
    if tag in _DRIVEN:
        fields["driver_options"] = _driver_options(element, _DRIVEN[tag])
    alias, address = element.find("alias"), element.find("address")
    fields["alias"] = alias.get("name") if alias is not None else None
    fields["address"] = dict(address.attrib) if address is not None else None
    return filled(fields)
