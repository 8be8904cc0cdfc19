"""Every ``VIR_`` constant of libvirt-python, read from surface.json when this module is imported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SURFACE: dict[str, Any] = json.loads((Path(__file__).parent / "surface.json").read_text(encoding="utf-8"))
CONSTANTS: dict[str, Any] = SURFACE["constants"]
VERSION: int = SURFACE["version"]

globals().update(CONSTANTS)


def __getattr__(name: str) -> Any:  # int, or str for the names of typed parameters
    raise AttributeError(f"libvirt {VERSION} has no constant {name}")
