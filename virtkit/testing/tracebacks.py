"""Shorter tracebacks: of a call on the fake, pytest shows the program's line, as it does of a real libvirt.

``pytest --full-trace`` shows all. An error of the fake itself is shown whole anyway.
"""

from __future__ import annotations

import sys
from typing import Any

from virtkit.fake.errors import libvirtError

# whose exceptions are for the caller, besides libvirt's
_SPEAKERS = {f"virtkit.fake{each}" for each in ("", ".arguments", ".settings", ".faults", ".hosts", ".host")}


def shorten() -> None:
    """Mark the modules of the fake, as pytest looks for it."""
    for name, module in list(sys.modules.items()):
        if name == "virtkit.fake" or name.startswith("virtkit.fake."):
            vars(module)["__tracebackhide__"] = is_told


def is_told(excinfo: Any) -> bool:
    """Return whether an exception is what a call was to raise."""
    if isinstance(excinfo.value, libvirtError):
        return True
    return excinfo.traceback[-1].frame.f_globals.get("__name__") in _SPEAKERS
