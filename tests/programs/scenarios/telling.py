"""What a scenario prints: one line of JSON for each thing that it saw."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

import libvirt

if TYPE_CHECKING:
    from collections.abc import Callable

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MAC = re.compile(r"52:54:00(:[0-9a-f]{2}){3}")
_FOLDER = re.compile(r"/tmp/tmp\w+")

SMALL = """<domain type='{kind}'><name>{name}</name><uuid>{uuid}</uuid><memory>262144</memory><vcpu>2</vcpu>
<os><type>hvm</type><boot dev='hd'/></os>
<devices>
  <disk type='file' device='disk'><source file='/images/{name}.img'/><target dev='vda' bus='virtio'/></disk>
  <interface type='network'><mac address='52:54:00:11:22:33'/><source network='default'/></interface>
</devices></domain>"""


_URI = sys.argv[1]  # taken at once: scenarios change sys.argv


def uri() -> str:
    """Return the URI that the scenario is to connect to."""
    return _URI


def small(conn: Any, name: str = "web", number: int = 1) -> str:
    """Return the document of a small domain that *conn* takes."""
    kind = "test" if conn.getType().lower() == "test" else "qemu"
    return SMALL.format(kind=kind, name=name, uuid=f"11111111-2222-3333-4444-{number:012d}")


def say(what: str, seen: Any) -> None:
    """Print what was seen, without what is drawn at random."""
    text = json.dumps([what, seen], sort_keys=True, default=str)
    print(_FOLDER.sub("FOLDER", _MAC.sub("MAC", _UUID.sub("UUID", text))))  # noqa: T201


def attempt(what: str, call: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
    """Say what *call* returns, or how it fails."""
    try:
        result = call(*arguments, **keywords)
    except libvirt.libvirtError as error:
        say(what, {"code": error.get_error_code(), "domain": error.get_error_domain(), "message": str(error)})
    except (Exception, SystemExit) as error:  # noqa: BLE001
        say(what, f"{type(error).__name__}: {error}")
    else:
        plain = isinstance(result, (str, int, float, list, tuple, dict, type(None)))
        say(what, result if plain else type(result).__name__)
        return result
    return None
