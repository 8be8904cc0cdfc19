"""Write surface.json: the names, signatures and constants of libvirt-python, read from the real module.

Run it where libvirt-python is installed, built on the libvirt whose surface is wanted::

    python -m virtkit.fake._generate

The facts go into a data file so that the fake itself needs no libvirt.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_C_NAME = re.compile(r"libvirtmod\.(vir\w+)\(")
_NOT_SURFACE = re.compile(r"__init__|__del__|_dispatch")


def real_module(name: str) -> Any:
    """Return the module of that name from libvirt-python."""
    return importlib.import_module(name)


def surface() -> dict[str, Any]:
    """Return what the real module has: version, constants, functions, classes with their methods."""
    real = real_module("libvirt")
    names = sorted(vars(real))
    constants = {name: getattr(real, name) for name in names if name.startswith("VIR_")}
    classes = {
        name: _methods(getattr(real, name))
        for name in names
        if name.startswith("vir") and inspect.isclass(getattr(real, name))
    }
    functions = {
        name: _callable(getattr(real, name))
        for name in names
        if inspect.isfunction(getattr(real, name)) and not name.startswith("__") and name != "overload"
    }
    return {
        "version": real.getVersion(),
        "constants": constants,
        "functions": functions,
        "classes": classes,
    }


def _methods(cls: type) -> dict[str, list[str]]:
    return {
        name: _callable(member)
        for name, member in sorted(vars(cls).items())
        if inspect.isfunction(member) and not _NOT_SURFACE.match(name)
    }


def _callable(function: Any) -> list[str]:
    """Return the parameters of *function* as source, without annotations, and the C function it calls."""
    signature = inspect.signature(function)
    bare = signature.replace(
        parameters=[p.replace(annotation=p.empty) for p in signature.parameters.values()],
        return_annotation=signature.empty,
    )
    calls = _C_NAME.findall(inspect.getsource(function))
    return [str(bare)[1:-1], calls[-1] if calls else ""]


if __name__ == "__main__":
    text = json.dumps(surface(), indent=0, sort_keys=True)
    (_HERE / "surface.json").write_text(text + "\n", encoding="utf-8")
